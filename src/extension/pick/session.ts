/** Choosing a session or a project by name. */
import { l10n, window } from 'vscode';
import type { ProjectInfo, SessionCard } from '../../protocol/model';
import type { Parts } from '../parts';
import { projectItem, projectNames, sessionItem } from './items';
import type { SessionItem } from './items';
import { lasting } from './lasting';
import { showLivePick } from './live-pick';

/** Newest first, this workspace's sessions before those of other projects. */
export async function pickSession(
  { memory }: Parts,
  title: string,
  accept: (session: SessionCard) => Promise<void>,
): Promise<void> {
  await showLivePick<SessionItem>({
    title,
    placeholder: l10n.t('Words of the title or the first prompt'),
    find: async (text, signal) => {
      const client = await memory.client();
      const scope = memory.scopeOf(false);
      const words = text === '' ? {} : { text };
      const here = scope ? (await client.listSessions({ ...words, scope, limit: 50 }, signal)).items : [];
      const all = (await client.listSessions({ ...words, limit: 50 }, signal)).items;
      const known = new Set(here.map(({ id }) => id));
      const nameOf = await projectNames(client);
      return [...here, ...all.filter(({ id }) => !known.has(id))].map((session) => sessionItem(session, nameOf));
    },
    keyOf: ({ session }) => session.id,
    isItem: (row): row is SessionItem => 'session' in row,
    accept: ({ session }) => accept(session),
  });
}

/** @param without a project that is not offered */
export async function pickProject(
  { memory }: Parts,
  title: string,
  without?: number,
): Promise<ProjectInfo | undefined> {
  const projects = (await (await memory.client()).projects())
    .filter(({ id }) => id !== without)
    .toSorted((one, other) => other.lastAt - one.lastAt);
  const chosen = await lasting(() =>
    window.showQuickPick(projects.map(projectItem), {
      title,
      placeHolder: l10n.t('Name of the project'),
      matchOnDetail: true,
    }),
  );
  return chosen?.project;
}
