/** Finds transcripts under a config folder and the session each belongs to. */
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

export interface SourceFile {
  path: string;
  kind: 'main' | 'agent';
  /** File name without its ending; for sub-agents the parent's name, when the folder contains it. */
  sessionId: string;
  size: number;
  mtime: number;
}

/** Sub-agent files are four folders deep; this limit only ends loops of mounts. */
const deepest = 16;
/** A link may lead to a large folder that has nothing to do with the client. */
const deepestBehindLink = 5;
/** Folders without transcripts. `memory` has the client's own notes. A project may have any of these names. */
const otherFolders = new Set(['memory', 'tool-results', 'node_modules', '.git']);
/** Files of the client without a conversation: they are in the ledger, but never shown. */
const machineryFile = /^(agent-acompact-|journal\.jsonl$|resume-head\.jsonl$)/;

export const isMachinery = (file: string): boolean => machineryFile.test(path.basename(file));

/** What was found of links in one sweep over all config folders. */
export interface LinkCounts {
  followed: number;
  /** They lead nowhere, in a circle, or to a folder that contains the config folder. */
  passedOver: number;
}

/** Real places that were read, so that each file is read once by whatever links it can be reached. */
export class SeenPlaces {
  readonly folders = new Set<string>();
  readonly files = new Set<string>();
  readonly links: LinkCounts = { followed: 0, passedOver: 0 };
}

/**
 * Yields every transcript below `<configDir>/projects`, following links. Unreadable folders are skipped; the next sweep
 * tries again.
 */
export async function* discoverTranscripts(
  configDir: string,
  signal?: AbortSignal,
  seen = new SeenPlaces(),
): AsyncGenerator<SourceFile> {
  signal?.throwIfAborted();
  const folder = path.join(configDir, 'projects');
  const real = await realpath(folder).catch(() => undefined);
  if (real === undefined) return;
  const walk = new Walk(real, seen, signal);
  yield* walk.folder(folder, real, 0);
  yield* walk.linked();
}

interface Linked {
  path: string;
  depth: number;
}

class Walk {
  /** Links are followed after everything else, so that a file that stands here is known by its own name. */
  readonly #links: Linked[] = [];

  constructor(
    readonly root: string,
    readonly seen: SeenPlaces,
    readonly signal: AbortSignal | undefined,
  ) {}

  async *folder(folder: string, real: string, depth: number): AsyncGenerator<SourceFile> {
    this.signal?.throwIfAborted();
    if (this.seen.folders.has(real)) return;
    this.seen.folders.add(real);
    let entries;
    try {
      entries = await readdir(folder, { withFileTypes: true });
    } catch {
      return;
    }
    const folders: string[] = [];
    for (const entry of entries) {
      const at = path.join(folder, entry.name);
      // A folder may have the name of a session; each of its files is checked by itself.
      if (depth > 0 && otherFolders.has(entry.name)) continue;
      if (entry.isDirectory()) {
        if (depth < deepest) folders.push(entry.name);
      } else if (entry.isSymbolicLink()) {
        this.#links.push({ path: at, depth });
      } else if (entry.isFile() && entry.name.endsWith('.jsonl')) {
        yield* this.#file(at, path.join(real, entry.name));
      }
    }
    for (const name of folders) yield* this.folder(path.join(folder, name), path.join(real, name), depth + 1);
  }

  /** Links may lead to folders with more links, which are then followed too. */
  async *linked(): AsyncGenerator<SourceFile> {
    for (let link = this.#links.shift(); link; link = this.#links.shift()) {
      this.signal?.throwIfAborted();
      const real = await realpath(link.path).catch(() => undefined);
      const found = real === undefined ? undefined : await stat(real).catch(() => undefined);
      const isFolder = found?.isDirectory() ?? false;
      if (real === undefined || !found || (isFolder && contains(real, this.root))) {
        this.seen.links.passedOver++;
      } else if (isFolder) {
        if (link.depth >= deepest) continue;
        this.seen.links.followed++;
        yield* this.folder(link.path, real, Math.max(link.depth + 1, deepest - deepestBehindLink));
      } else if (found.isFile() && link.path.endsWith('.jsonl')) {
        this.seen.links.followed++;
        yield* this.#file(link.path, real);
      }
    }
  }

  async *#file(file: string, real: string): AsyncGenerator<SourceFile> {
    if (this.seen.files.has(real)) return;
    this.seen.files.add(real);
    const source = await describeSource(file);
    if (source) yield source;
  }
}

/** True when `folder` is `inner` or a folder above it. */
function contains(folder: string, inner: string): boolean {
  const below = path.relative(folder, inner);
  return below !== '..' && !below.startsWith(`..${path.sep}`) && !path.isAbsolute(below);
}

/** Undefined when the file is no transcript or has just been deleted. */
export async function describeSource(file: string): Promise<SourceFile | undefined> {
  const name = path.basename(file, '.jsonl');
  let found;
  try {
    found = await stat(file);
  } catch {
    return undefined;
  }
  if (!found.isFile()) return undefined;
  const size = { size: found.size, mtime: Math.floor(found.mtimeMs) };
  const parent = parentOfAgent(file);
  if (parent !== undefined) return { path: file, kind: 'agent', sessionId: parent, ...size };
  // Client 2.0.x stored sub-agents beside their parent; only their lines name it.
  if (/^agent-[0-9a-f]+$/i.test(name) || isMachinery(file))
    return { path: file, kind: 'agent', sessionId: '', ...size };
  return { path: file, kind: 'main', sessionId: name, ...size };
}

/** `<session>/subagents/…/agent-x.jsonl` → `<session>`. */
function parentOfAgent(file: string): string | undefined {
  const { parts, at } = agentFolder(file);
  return at > 0 ? parts[at - 1] : undefined;
}

/** The index of `subagents` in a path, or -1. Folders above `projects` may have any name. */
function agentFolder(file: string): { parts: string[]; at: number } {
  const parts = file.split(path.sep);
  const at = parts.lastIndexOf('subagents');
  // Below `projects` come the project's folder, which may have any name, and the session's.
  return { parts, at: at > parts.lastIndexOf('projects') + 2 ? at : -1 };
}

/** The folder where the client writes large outputs of the session in `file`. */
export function spillFolderOf(source: SourceFile): string {
  if (source.kind === 'main')
    return path.join(path.dirname(source.path), path.basename(source.path, '.jsonl'), 'tool-results');
  const { parts, at } = agentFolder(source.path);
  return at > 0
    ? path.join(parts.slice(0, at).join(path.sep), 'tool-results')
    : path.join(path.dirname(source.path), source.sessionId, 'tool-results');
}
