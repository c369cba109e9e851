/** Writes small files that are complete after any crash: written under another name, flushed, renamed. */
import nodeFs from 'node:fs';
import path from 'node:path';

/** Ending of unfinished files: never read, deleted at the next start. */
export const unfinished = '.tmp';

/** Replaces `file` atomically. Mode 0600. */
export function writeDurably(file: string, content: string | Uint8Array): void {
  const next = file + unfinished;
  const handle = nodeFs.openSync(next, 'w', 0o600);
  try {
    nodeFs.writeFileSync(handle, content);
    nodeFs.fsyncSync(handle);
  } finally {
    nodeFs.closeSync(handle);
  }
  renameDurably(next, file);
}

/** Renames and syncs the folder, so that the name survives a power loss. */
export function renameDurably(from: string, to: string): void {
  nodeFs.renameSync(from, to);
  syncFolder(path.dirname(to));
}

export function removeDurably(file: string): void {
  nodeFs.rmSync(file, { force: true });
  syncFolder(path.dirname(file));
}

/** Flushes a file that was written by other means. */
export function flushFile(file: string): void {
  const handle = nodeFs.openSync(file, 'r+');
  try {
    nodeFs.fsyncSync(handle);
  } finally {
    nodeFs.closeSync(handle);
  }
}

function syncFolder(folder: string): void {
  let handle: number;
  try {
    handle = nodeFs.openSync(folder, 'r');
  } catch {
    // Windows cannot open folders; its renames are journaled.
    return;
  }
  try {
    nodeFs.fsyncSync(handle);
  } catch {
    // Some network file systems refuse to sync a folder; the file itself is flushed.
  } finally {
    nodeFs.closeSync(handle);
  }
}

/** The JSON in a file; undefined when it does not exist or is invalid. */
export function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(nodeFs.readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/** Bytes of a file; 0 when it does not exist. */
export function sizeOfFile(file: string): number {
  return nodeFs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
