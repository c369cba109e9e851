/** Finds transcripts under a config folder and the session each belongs to. */
import { readdir, stat } from 'node:fs/promises';
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
/** Folders without transcripts. `memory` has the client's own notes. */
const otherFolders = new Set(['memory', 'tool-results', 'node_modules', '.git']);
/** Files of the client without a conversation: they are in the ledger, but never shown. */
const machineryFile = /^(agent-acompact-|journal\.jsonl$)/;

export const isMachinery = (file: string): boolean => machineryFile.test(path.basename(file));

/** Yields every transcript below `<configDir>/projects`. Unreadable folders are skipped; the next sweep tries again. */
export async function* discoverTranscripts(configDir: string, signal?: AbortSignal): AsyncGenerator<SourceFile> {
  yield* walk(path.join(configDir, 'projects'), 0, signal);
}

async function* walk(folder: string, depth: number, signal?: AbortSignal): AsyncGenerator<SourceFile> {
  signal?.throwIfAborted();
  let entries;
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch {
    return;
  }
  const folders: string[] = [];
  for (const entry of entries) {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      // A folder may have the name of a session; each of its files is checked by itself.
      if (depth < deepest && !otherFolders.has(entry.name)) folders.push(at);
    } else if (entry.isFile() && entry.name.endsWith('.jsonl')) {
      const source = await describeSource(at);
      if (source) yield source;
    }
  }
  for (const each of folders) yield* walk(each, depth + 1, signal);
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
  return { parts, at: at > parts.lastIndexOf('projects') ? at : -1 };
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
