/**
 * Bounds a person sets: whole sessions leave, the oldest first. Like forgetting, but no tombstone says "never again":
 * the ledger says `expired`, which keeps the next sweep away, and they are read again when the bound is loosened.
 */
import nodeFs from 'node:fs';
import type { Row, SqlDriver } from '../sqlite/driver';
import { eraseForBounds, sweepOut } from './forget';

export interface Bounds {
  /** Sessions not written to since then leave; 0 for none. Epoch milliseconds. */
  before: number;
  /** Bytes the database may take; 0 for any. */
  maxBytes: number;
}

/** Sessions that leave in one transaction. */
const atOnce = 20;
/** A session may grow again this long after its last line: it stays. */
const restMs = 86_400_000;
/** Less than what seems to be too much: the last steps are small ones. */
const nearly = 0.8;

/**
 * Sessions with something flagged or tagged in them stay, whatever their age, and those whose transcript is not on the
 * disk as this is done: nothing could call them back. Ends between two batches when `mayGoOn` says no. The number
 * erased.
 */
export function expireSessions(
  driver: SqlDriver,
  { before, maxBytes }: Bounds,
  now: number,
  mayGoOn: () => boolean = () => true,
): number {
  let erased = 0;
  const erase = (until: number, maxRows: number): number => {
    const left = eraseOldest(driver, Math.min(until, now - restMs), maxRows, mayGoOn);
    erased += left.sessions;
    if (left.sessions > 0) sweepOut(driver);
    return left.sessions;
  };
  if (before > 0) erase(before, Infinity);
  if (maxBytes === 0) return erased;
  // How much a session takes is known only when the index was folded: so a share at a time.
  for (let used = usedBytes(driver); used > maxBytes; used = usedBytes(driver)) {
    const all = driver.get<{ n: number }>('SELECT count(*) AS n FROM documents')?.n ?? 0;
    if (erase(now, Math.ceil(all * (1 - maxBytes / used) * nearly)) === 0) break;
  }
  return erased;
}

/** The oldest of those last written to before `until`, until they hold this many rows together. */
function eraseOldest(
  driver: SqlDriver,
  until: number,
  maxRows: number,
  mayGoOn: () => boolean,
): { rows: number; sessions: number } {
  const left = { rows: 0, sessions: 0 };
  let last: Oldest | undefined;
  while (mayGoOn() && left.rows < maxRows) {
    const batch = oldest(driver, until, last);
    last = batch.at(-1);
    if (!last) break;
    driver.transaction(() => {
      for (const { no, size } of batch) {
        if (left.rows >= maxRows) return;
        if (!isOnDisk(driver, no)) continue;
        eraseForBounds(driver, no);
        left.rows += size;
        left.sessions++;
      }
    });
  }
  return left;
}

/** Asked of the disk itself: what went since the last sweep, or while capture is paused, is not marked as gone yet. */
function isOnDisk(driver: SqlDriver, no: number): boolean {
  const sources = driver.all<{ path: string; offset: number }>(
    "SELECT path, offset FROM sources WHERE session = ? AND kind = 'main'",
    [no],
  );
  return sources.some(({ path, offset }) => holds(path, offset));
}

/** A file shorter than what was read of it is not what was read. */
function holds(path: string, bytes: number): boolean {
  try {
    return nodeFs.statSync(path).size >= bytes;
  } catch {
    return false;
  }
}

export function isBeyond(driver: SqlDriver, { before, maxBytes }: Bounds, now: number): boolean {
  return (
    (maxBytes > 0 && usedBytes(driver) > maxBytes) ||
    (before > 0 && oldest(driver, Math.min(before, now - restMs)).length > 0)
  );
}

interface Oldest {
  no: number;
  at: number;
  size: number;
}

/** The next of those last written to before `until`, behind `last`. */
const oldest = (driver: SqlDriver, until: number, last: Pick<Oldest, 'at' | 'no'> = { at: -1, no: -1 }) =>
  driver.all<Oldest & Row>(
    `SELECT no, updated_at AS at, (SELECT count(*) FROM documents d WHERE d.session = s.no) + 1 AS size FROM sessions s
       WHERE updated_at < ? AND (updated_at, no) > (?, ?) AND prompts + observations > 0 AND status <> 'archived'
       AND id NOT IN (SELECT session_id FROM marks) ORDER BY updated_at, no LIMIT ?`,
    [until, last.at, last.no, atOnce],
  );

/** Pages in use: free ones are given back at the end. */
function usedBytes(driver: SqlDriver): number {
  const number = (name: 'page_count' | 'freelist_count') =>
    driver.get<Record<string, number>>(`PRAGMA ${name}`)?.[name] ?? 0;
  return (number('page_count') - number('freelist_count')) * 4096;
}

/**
 * The bounds were loosened: what had left is read again from its beginning, if its transcript is still there or comes
 * back.
 */
export function recallExpired(driver: SqlDriver): number {
  return driver.run("DELETE FROM sources WHERE json_extract(ledger_json, '$.bytesSkipped.expired') > 0");
}
