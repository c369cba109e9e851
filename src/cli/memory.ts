/** Opens the memory for one command and closes it afterwards. */
import { homedir } from 'node:os';
import path from 'node:path';
import { openMemory } from '../keeper/connect';
import type { MemoryClient } from '../protocol/memory-api';
import { tell } from './output';

export type Command = (args: readonly string[]) => Promise<void>;

declare const __dirname: string;

export function findConfigDir(given: string | undefined): string {
  // An empty variable is none: it would name the folder one happens to be in.
  return path.resolve(given ?? (process.env['CLAUDE_CONFIG_DIR'] || path.join(homedir(), '.claude')));
}

export async function withMemory<T>(dataDir: string, work: (memory: MemoryClient) => Promise<T>): Promise<T> {
  const memory = await openMemory({
    dataDir,
    head: 'cli',
    workerFile: path.join(__dirname, 'keeper.cjs'),
    version: extensionVersion,
    log: (level, message) => {
      if (level === 'warn' || level === 'error') tell(`${message}\n`);
    },
  });
  try {
    return await work(memory);
  } finally {
    await memory.close();
  }
}

/** Replaced by the bundler with the version of package.json. */
declare const EXTENSION_VERSION: string;
const extensionVersion = EXTENSION_VERSION;
