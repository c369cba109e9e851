/**
 * What a session was given, a small file for each: no prompt is given the same twice. A hook writes it by itself, because
 * it gives with no keeper too.
 */
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { giveFolder, givenFolder } from '../protocol/data-folder';
import { parseObject, readSmall } from './input';

export interface Given {
  /** When the session was given its brief last; 0: never. */
  startedAt: number;
  /** Ids of what prompts were given. */
  keys: string[];
  /** Its briefs, for the keeper to note. */
  briefs: HookNote[];
  /** What its prompts were given, for the keeper to note if it was not told. */
  prompts: HookNote[];
}

export interface HookNote {
  requestId: string;
  /** Epoch milliseconds. */
  at: number;
  tokens: number;
  items: unknown[];
}

const maxBytes = 1 << 20;
const maxKeys = 5000;
const maxNotes = 20;
const keptMs = 60 * 24 * 3600 * 1000;
/** Deleted at most in one go: a session that starts is not to wait for it. */
const maxTidied = 200;

const placeOf = (dataDir: string): string => path.join(dataDir, giveFolder, givenFolder);

/** Undefined for an id that could name another file. */
function fileOf(dataDir: string, sessionId: string): string | undefined {
  return /^[\w-]{1,100}$/.test(sessionId) ? path.join(placeOf(dataDir), `${sessionId}.json`) : undefined;
}

export async function readGiven(dataDir: string, sessionId: string): Promise<Given> {
  const file = fileOf(dataDir, sessionId);
  const value = file === undefined ? undefined : parseObject((await readSmall(file, maxBytes)) ?? '');
  const startedAt = value?.['startedAt'];
  const keys: unknown[] = Array.isArray(value?.['keys']) ? value['keys'] : [];
  return {
    startedAt: typeof startedAt === 'number' ? startedAt : 0,
    keys: keys.filter((key): key is string => typeof key === 'string'),
    briefs: notesOf(value?.['briefs']),
    prompts: notesOf(value?.['prompts']),
  };
}

const notesOf = (value: unknown): HookNote[] => (Array.isArray(value) ? (value as HookNote[]) : []);

/** Never fails: memory is given on a full disk too. */
export async function writeGiven(dataDir: string, sessionId: string, given: Given): Promise<void> {
  const file = fileOf(dataDir, sessionId);
  if (file === undefined) return;
  const next = `${file}.${process.pid}.tmp`;
  try {
    await mkdir(placeOf(dataDir), { recursive: true, mode: 0o700 });
    const content = JSON.stringify({
      version: 1,
      ...given,
      keys: given.keys.slice(-maxKeys),
      briefs: given.briefs.slice(-maxNotes),
      prompts: given.prompts.slice(-maxNotes),
    });
    await writeFile(next, content, { mode: 0o600 });
    await rename(next, file);
  } catch {
    await rm(next, { force: true }).catch(() => {});
  }
}

/** Deletes what sessions of long ago were given. */
export async function tidyGiven(dataDir: string, now: number): Promise<void> {
  try {
    let left = maxTidied;
    for (const name of await readdir(placeOf(dataDir))) {
      if (left === 0) return;
      const file = path.join(placeOf(dataDir), name);
      if (now - (await stat(file)).mtimeMs < keptMs) continue;
      left -= 1;
      await rm(file, { force: true });
    }
  } catch {
    // The next session tries again.
  }
}
