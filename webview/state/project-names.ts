/** What projects are called on a page: two with the same name are told apart by their folders, the same in every list. */
import type { ProjectRef } from '../../src/protocol/model';
import { projectLabels } from '../../src/protocol/project-names';
import { useHost } from './host';
import type { Host } from './host';
import { tellListeners, useStore } from './use-store';
import type { Store } from './use-store';

interface NameStore extends Store {
  labels: ReadonlyMap<number, string>;
  projects: ReadonlyMap<number, { name: string; root: string }>;
}

/** One store per host, so that a hundred rows ask once. */
const stores = new WeakMap<Host, NameStore>();

function storeOf(host: Host): NameStore {
  const known = stores.get(host);
  if (known) return known;
  const store: NameStore = { labels: new Map(), projects: new Map(), listeners: new Set() };
  stores.set(host, store);
  const read = async () => {
    // Names alone are right until this answers, and when it fails.
    const projects = await host.api.projects().catch(() => undefined);
    if (!projects) return;
    store.labels = projectLabels(projects);
    store.projects = new Map(projects.map((project) => [project.id, project]));
    tellListeners(store);
  };
  void read();
  host.on('changed', ({ sessions, isReset }) => {
    // A project is new with its first session, which is new too.
    if (isReset || sessions.some((id) => !seen.has(id))) void read();
    for (const id of sessions) seen.add(id);
  });
  return store;
}

/** Sessions that changed before; only a new one may bring a new project. */
const seen = new Set<string>();

/** Names a project; unknown ones by `project.name`. */
export function useProjectName(): (project: Pick<ProjectRef, 'id' | 'name'>) => string {
  const store = storeOf(useHost());
  const labels = useStore(store, () => store.labels);
  return ({ id, name }) => labels.get(id) ?? name;
}

/** Names and folders of all projects by id, as far as they are known. */
export function useProjects(): ReadonlyMap<number, { name: string; root: string }> {
  const store = storeOf(useHost());
  return useStore(store, () => store.projects);
}
