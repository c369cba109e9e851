/** Which files under a config folder are transcripts, and whose. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

export interface SourceFile {
  path: string;
  kind: 'main' | 'agent';
  /** File name without its ending; for agents the parent's, when the folder tells it. */
  sessionId: string;
  size: number;
  mtime: number;
}

/** Sub-agent files stand four folders deep; the bound only stops a loop of mounts. */
const deepest = 16;
/** Folders that hold no transcripts of sessions. `memory` is the client's own note book. */
const otherFolders = new Set(['memory', 'tool-results', 'node_modules', '.git']);
/** Files the client writes for itself, not for a conversation: read for the ledger, never shown. */
const machineryFile = /^(agent-acompact-|journal\.jsonl$)/;

export const isMachinery = (file: string): boolean => machineryFile.test(path.basename(file));

/** Every transcript below `<configDir>/projects`. Unreadable folders are passed over: the next sweep tries again. */
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
      // A directory may be named like a session; its files are judged one by one.
      if (depth < deepest && !otherFolders.has(entry.name)) folders.push(at);
    } else if (entry.isFile() && entry.name.endsWith('.jsonl')) {
      const source = await describeSource(at);
      if (source) yield source;
    }
  }
  for (const each of folders) yield* walk(each, depth + 1, signal);
}

/** Undefined when the file is none of a session, or has just gone. */
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
  // 2.0.x kept sub-agents beside their parent: whose they are stands in their lines.
  if (/^agent-[0-9a-f]+$/i.test(name) || isMachinery(file))
    return { path: file, kind: 'agent', sessionId: '', ...size };
  return { path: file, kind: 'main', sessionId: name, ...size };
}

/** `<session>/subagents/…/agent-x.jsonl` → `<session>`. */
function parentOfAgent(file: string): string | undefined {
  const { parts, at } = agentFolder(file);
  return at > 0 ? parts[at - 1] : undefined;
}

/** Where `subagents` stands in a path, or -1. Above `projects` a folder may have any name. */
function agentFolder(file: string): { parts: string[]; at: number } {
  const parts = file.split(path.sep);
  const at = parts.lastIndexOf('subagents');
  return { parts, at: at > parts.lastIndexOf('projects') ? at : -1 };
}

/** Where the client spills large outputs of the session in `file`. */
export function spillFolderOf(source: SourceFile): string {
  if (source.kind === 'main')
    return path.join(path.dirname(source.path), path.basename(source.path, '.jsonl'), 'tool-results');
  const { parts, at } = agentFolder(source.path);
  return at > 0
    ? path.join(parts.slice(0, at).join(path.sep), 'tool-results')
    : path.join(path.dirname(source.path), source.sessionId, 'tool-results');
}
