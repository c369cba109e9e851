/**
 * Keeps a brief ready for each folder in which sessions ran, as a small file: a new session reads it without a keeper and
 * without waiting. Files are written only when their text changes; a failing disk costs the brief and nothing else.
 */
import nodeFs from 'node:fs';
import path from 'node:path';
import { briefIndexName, briefPartsName, giveFolder } from '../../protocol/data-folder';
import type { GivenItem } from '../../protocol/given';
import { writeDurably } from '../lib/durable';
import type { NameKey } from '../lib/keyed-name';
import type { Turn } from '../lib/turns';
import { listSessionsOff } from '../store/tables/give-choices';
import type { GivenNote } from '../store/tables/given';
import { foldersOfSessions } from '../store/tables/projects';
import { unrestricted } from '../store/tables/restrictions';
import { briefFor } from './brief';
import { briefTokens } from './budgets';
import type { NeedPorts } from './need';
import { unwantedTest } from './noted';
import type { Noted } from './noted';
import { nothing } from './pack';

export interface BriefIndex {
  version: 1;
  /** The deepest folder that contains a session's one is its entry. Files are in the same folder as the index. */
  folders: { folder: string; file: string }[];
  /** Sessions that get nothing more. */
  off?: string[];
}

/** Beside the text of a brief: what it gives, for the list of what was given. */
interface BriefParts {
  tokens: number;
  items: GivenNote['items'];
}

export interface BriefFilePorts extends NeedPorts {
  dataDir: string;
  now: () => number;
  /** Ids of the projects as which a root is known. */
  idsOf: (root: string) => Promise<readonly number[]>;
  names: NameKey;
  noted: Noted;
  /** Before each brief. */
  turn: Turn;
}

/** Projects with a brief, those with the most sessions first. */
const maxProjects = 200;
/** Unfinished ones too. */
const briefName = /^brief-\d+\.(?:md|json)/;
/** Named in the index, which every session that starts reads. */
const maxOff = 500;

/** Deletes all briefs at once: what is forgotten must not be given while new ones are made. */
export function deleteBriefs(dataDir: string): void {
  const dir = path.join(dataDir, giveFolder);
  if (!nodeFs.existsSync(dir)) return;
  for (const name of nodeFs.readdirSync(dir))
    if (name.startsWith(briefIndexName) || briefName.test(name)) nodeFs.rmSync(path.join(dir, name), { force: true });
}

/**
 * Writes the briefs of these projects, of all without a set, and the index of all. A file belongs to one project for ever:
 * whoever reads the old index while this runs must not be given the brief of another project.
 */
export async function writeBriefs(
  ports: BriefFilePorts,
  changed: ReadonlySet<number> | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { driver, dataDir, now } = ports;
  const dir = path.join(dataDir, giveFolder);
  nodeFs.mkdirSync(dir, { recursive: true, mode: 0o700 });
  const index: BriefIndex = { version: 1, folders: [] };
  for (const { id, root, folders } of projectFolders(driver)) {
    const file = `brief-${id}.md`;
    if (changed === undefined || changed.has(id)) {
      await ports.turn();
      signal.throwIfAborted();
      const scopeIds = unrestricted(driver, [...(await ports.idsOf(root))], now()) ?? [];
      signal.throwIfAborted();
      const { text, tokens, items } =
        scopeIds.length === 0
          ? nothing
          : briefFor(ports, {
              scopeIds,
              budget: briefTokens,
              now: now(),
              isNever: unwantedTest(ports, scopeIds),
            });
      const parts: BriefParts = { tokens, items: items.map(partOf) };
      put(dir, briefPartsName(file), text === '' ? '' : JSON.stringify(parts));
      put(dir, file, text);
    }
    if (nodeFs.existsSync(path.join(dir, file))) for (const folder of folders) index.folders.push({ folder, file });
  }
  const kept = new Set(index.folders.map(({ file }) => file));
  const off = listSessionsOff(driver).slice(0, maxOff);
  if (off.length > 0) index.off = off.map(({ sessionId }) => sessionId);
  put(dir, briefIndexName, JSON.stringify(index));
  for (const name of nodeFs.readdirSync(dir))
    if (briefName.test(name) && !kept.has(name.replace(/\.json/, '.md'))) put(dir, name, '');
}

const partOf = ({ id, sessionId }: GivenItem): BriefParts['items'][number] => ({
  id,
  ...(sessionId !== undefined && { sessionId }),
});

/** The projects with the most sessions: the root of each and every folder in which its sessions ran. */
function projectFolders(driver: NeedPorts['driver']): { id: number; root: string; folders: Set<string> }[] {
  const projects = new Map<number, { id: number; root: string; folders: Set<string>; sessions: number }>();
  for (const { shownId: id, root, ownRoot, cwd, sessions } of foldersOfSessions(driver)) {
    const known = projects.get(id) ?? { id, root, folders: new Set([root]), sessions: 0 };
    known.folders.add(ownRoot);
    if (cwd !== '') known.folders.add(cwd);
    known.sessions += sessions;
    projects.set(id, known);
  }
  return [...projects.values()].sort((a, b) => b.sessions - a.sessions || a.id - b.id).slice(0, maxProjects);
}

/** An empty text is no file. */
function put(dir: string, name: string, text: string): void {
  const file = path.join(dir, name);
  if (text === '') nodeFs.rmSync(file, { force: true });
  else if (!nodeFs.existsSync(file) || nodeFs.readFileSync(file, 'utf8') !== text) writeDurably(file, text);
}
