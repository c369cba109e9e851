/**
 * The data folder differs by editor and profile, so every activation writes a pointer to the user's state folder.
 * Programs without an editor (command line, hooks, MCP) find the memory by it.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import envPaths from 'env-paths';
import { MemoryError } from '../protocol/errors';

export interface Pointer {
  dataDir: string;
  version: string;
  /** A program that runs our scripts: the editor itself when there is no Node. */
  runtime: string;
  at: number;
}

const pointerFolder = (): string => path.join(envPaths('claude-mem-vscode', { suffix: '' }).config, 'pointers');

export async function writePointer(pointer: Pointer): Promise<void> {
  const folder = pointerFolder();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, `${createHash('sha256').update(pointer.dataDir).digest('hex').slice(0, 16)}.json`);
  await writeFile(`${file}.${process.pid}.tmp`, JSON.stringify(pointer), { mode: 0o600 });
  await rename(`${file}.${process.pid}.tmp`, file);
}

/** Pointers whose folder still exists, newest first. */
export async function readPointers(): Promise<Pointer[]> {
  const folder = pointerFolder();
  const names = await readdir(folder).catch(() => []);
  const pointers: Pointer[] = [];
  for (const name of names.filter((each) => each.endsWith('.json'))) {
    try {
      const pointer = JSON.parse(await readFile(path.join(folder, name), 'utf8')) as Pointer;
      if ((await stat(pointer.dataDir)).isDirectory()) pointers.push(pointer);
    } catch {
      // The folder was deleted, or the pointer is incomplete: skip it.
    }
  }
  return pointers.sort((a, b) => b.at - a.at);
}

/**
 * The data folder of a head without an editor: the one given, then CLAUDE_MEM_DATA_DIR, then that of the editor used
 * last. @throws MemoryError `not_found`, which says how to name a folder
 */
export async function findDataDir(given: string | undefined): Promise<string> {
  const named = given ?? process.env['CLAUDE_MEM_DATA_DIR'];
  if (named) return path.resolve(named);
  const [newest] = await readPointers();
  if (newest) return newest.dataDir;
  throw new MemoryError(
    'not_found',
    'No memory found. Name its folder with --data-dir or CLAUDE_MEM_DATA_DIR, or open VS Code with the extension once.',
  );
}
