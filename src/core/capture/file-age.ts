/**
 * The time that a restored transcript gets. Claude Code deletes transcripts by the time of their file: with its original
 * time an old one would be deleted again at the client's next cleanup, with a fresh one it is the newest of the list
 * that is offered for resuming. So a file keeps its time unless the cleanup would take it.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { dayMs } from '../lib/clock';
import { recordOf } from '../transcript/schema';

const defaultCleanupDays = 30;
/** The client must have a day left in which the session can be resumed. */
const marginDays = 1;
const maxSettingsBytes = 1 << 20;

export interface FileAge {
  /** Epoch milliseconds. */
  mtime: number;
  time: 'original' | 'fresh';
}

/** `original` is undefined when the time of the file is not known any more. */
export function ageOfRestored(original: number | undefined, now: number, cleanupDays: number): FileAge {
  const isKept = original !== undefined && original > 0 && original <= now;
  return isKept && now - original < (cleanupDays - marginDays) * dayMs
    ? { mtime: original, time: 'original' }
    : { mtime: now, time: 'fresh' };
}

/** After how many days the client deletes transcripts, by the settings in its config folder. */
export async function cleanupDaysOf(configDir: string): Promise<number> {
  try {
    const text = await readFile(path.join(configDir, 'settings.json'), 'utf8');
    if (text.length > maxSettingsBytes) return defaultCleanupDays;
    const days = recordOf(JSON.parse(text))?.['cleanupPeriodDays'];
    return typeof days === 'number' && Number.isFinite(days) && days >= 0 ? days : defaultCleanupDays;
  } catch {
    return defaultCleanupDays;
  }
}
