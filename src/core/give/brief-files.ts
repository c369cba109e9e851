/**
 * Keeps a brief ready for each folder in which sessions ran, as a small file: a new session reads it without a keeper and
 * without waiting. Files are written only when their text changes; a failing disk costs the brief and nothing else.
 */
import nodeFs from 'node:fs';
import path from 'node:path';
import { briefIndexName, giveFolder } from '../../protocol/data-folder';
import { writeDurably } from '../lib/durable';
import { breathe } from '../lib/turns';
import { foldersOfSessions } from '../store/tables/projects';
import { briefFor } from './brief';
import type { NeedPorts } from './need';

export interface BriefIndex {
  version: 1;
  /** The deepest folder that contains a session's one is its entry. Files are in the same folder as the index. */
  folders: { folder: string; file: string; at: number }[];
}

export interface BriefFilePorts extends NeedPorts {
  dataDir: string;
  now: () => number;
  /** Ids of the projects as which a root is known. */
  idsOf: (root: string) => Promise<readonly number[]>;
  budget: number;
}

/** Projects with a brief, those with the most sessions first. */
const maxProjects = 200;

/** Deletes all briefs at once: what is forgotten must not be given while new ones are made. */
export function deleteBriefs(dataDir: string): void {
  nodeFs.rmSync(path.join(dataDir, giveFolder), { recursive: true, force: true });
}

export async function writeBriefs(ports: BriefFilePorts, signal: AbortSignal): Promise<void> {
  const { driver, dataDir, now } = ports;
  const dir = path.join(dataDir, giveFolder);
  const index: BriefIndex = { version: 1, folders: [] };
  for (const [number, { root, folders }] of [...projectFolders(driver)].entries()) {
    if (number >= maxProjects) break;
    await breathe();
    signal.throwIfAborted();
    const scopeIds = await ports.idsOf(root);
    signal.throwIfAborted();
    const { text } = briefFor(ports, { scopeIds, budget: ports.budget, now: now() });
    if (text === '') continue;
    const file = `brief-${number}.md`;
    put(dir, file, text);
    for (const folder of folders) index.folders.push({ folder, file, at: now() });
  }
  const kept = new Set(index.folders.map(({ file }) => file));
  put(dir, briefIndexName, JSON.stringify(index));
  for (const name of nodeFs.readdirSync(dir))
    if (/^brief-\d+\.md$/.test(name) && !kept.has(name)) nodeFs.rmSync(path.join(dir, name), { force: true });
}

/** A project's root and every folder in which its sessions ran. */
function* projectFolders(driver: NeedPorts['driver']): Generator<{ root: string; folders: Set<string> }> {
  const projects = new Map<string, { root: string; folders: Set<string>; sessions: number }>();
  for (const { root, ownRoot, cwd, sessions } of foldersOfSessions(driver)) {
    const known = projects.get(root) ?? { root, folders: new Set([root]), sessions: 0 };
    known.folders.add(ownRoot);
    if (cwd !== '') known.folders.add(cwd);
    known.sessions += sessions;
    projects.set(root, known);
  }
  yield* [...projects.values()].sort((a, b) => b.sessions - a.sessions || (a.root < b.root ? -1 : 1));
}

function put(dir: string, name: string, text: string): void {
  const file = path.join(dir, name);
  nodeFs.mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (nodeFs.existsSync(file) && nodeFs.readFileSync(file, 'utf8') === text) return;
  writeDurably(file, text);
}
