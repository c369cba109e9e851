/**
 * Limits a person sets on age and size: the oldest sessions are deleted whole. Unlike forgetting, this leaves no
 * tombstone: the ledger says `expired`, which keeps the next sweep from reading the files again, and they are read
 * again when the limit is loosened.
 */
import nodeFs from 'node:fs';
import { rankOf } from '../../../protocol/classes';
import type { DataClass } from '../../../protocol/classes';
import { earliestSession, latestPlausible } from '../../lib/plausible';
import { breathe } from '../../lib/turns';
import type { Row, SqlDriver } from '../sqlite/driver';
import { Classes, rowsOfSession } from './class-of';
import { eraseForBounds, sweepOut } from './forget';

export interface Bounds {
  /** Sessions last written to before this time are deleted; epoch milliseconds, 0 for no limit. */
  before: number;
  /** Highest size of the database in bytes; 0 for no limit. */
  maxBytes: number;
  /** Of sessions of a class or a higher one: those last written to before its time are deleted. */
  classes?: readonly { class: DataClass; before: number }[];
}

/** Sessions deleted in one transaction. */
const atOnce = 20;
/** A session written to within this time may still grow, so it stays. */
const restMs = 86_400_000;
/** Deletes less than the estimated excess at a time, because the estimate may be too high. */
const nearly = 0.8;

/**
 * Deletes expired sessions and returns their number. Sessions with flags or tags stay. So do sessions whose transcript
 * is not on disk at this moment, because they could not be read again. Lets other work run between two batches, and
 * stops there when `mayGoOn` returns false.
 */
export async function expireSessions(
  driver: SqlDriver,
  { before, maxBytes, classes = [] }: Bounds,
  now: number,
  mayGoOn: () => boolean = () => true,
): Promise<number> {
  let erased = 0;
  const erase = async (until: number, maxRows: number, isMeant?: (no: number) => boolean): Promise<number> => {
    const left = await eraseOldest(driver, { until: Math.min(until, now - restMs), now }, maxRows, mayGoOn, isMeant);
    erased += left.sessions;
    if (left.sessions > 0) sweepOut(driver);
    return left.sessions;
  };
  if (before > 0) await erase(before, Infinity);
  // oxlint-disable-next-line no-await-in-loop -- one class after the other
  for (const each of classes) await erase(each.before, Infinity, isOfClass(driver, each.class));
  if (maxBytes === 0) return erased;
  // How many bytes a session frees is known only after the index was merged, so sessions are deleted share by share.
  for (let used = usedBytes(driver); used > maxBytes; used = usedBytes(driver)) {
    const all = driver.get<{ n: number }>('SELECT count(*) AS n FROM documents')?.n ?? 0;
    if ((await erase(now, Math.ceil(all * (1 - maxBytes / used) * nearly))) === 0) break;
  }
  return erased;
}

/** Deletes the oldest sessions last written to before `until`, until `maxRows` rows are gone. */
async function eraseOldest(
  driver: SqlDriver,
  { until, now }: { until: number; now: number },
  maxRows: number,
  mayGoOn: () => boolean,
  isMeant: (no: number) => boolean = () => true,
): Promise<{ rows: number; sessions: number }> {
  const left = { rows: 0, sessions: 0 };
  let last: Oldest | undefined;
  while (mayGoOn() && left.rows < maxRows) {
    const batch = oldest(driver, until, now, last);
    last = batch.at(-1);
    if (!last) break;
    driver.transaction(() => {
      for (const { no, size } of batch) {
        if (left.rows >= maxRows) return;
        if (!isMeant(no) || !isOnDisk(driver, no)) continue;
        eraseForBounds(driver, no);
        left.rows += size;
        left.sessions++;
      }
    });
    await breathe();
  }
  return left;
}

/**
 * Looks at the disk itself: a file that vanished since the last sweep, or while capture is paused, is not marked as
 * gone in the database.
 */
function isOnDisk(driver: SqlDriver, no: number): boolean {
  const sources = driver.all<{ path: string; offset: number }>(
    "SELECT path, offset FROM sources WHERE session = ? AND kind = 'main'",
    [no],
  );
  return sources.some(({ path, offset }) => holds(path, offset));
}

/** A file shorter than what was read of it has been replaced. */
function holds(path: string, bytes: number): boolean {
  try {
    return nodeFs.statSync(path).size >= bytes;
  } catch {
    return false;
  }
}

function isOfClass(driver: SqlDriver, least: DataClass): (no: number) => boolean {
  const classes = new Classes(driver);
  return (no) => classes.ofSession(rowsOfSession(driver, no).id) >= rankOf(least);
}

export async function isBeyond(
  driver: SqlDriver,
  { before, maxBytes, classes = [] }: Bounds,
  now: number,
): Promise<boolean> {
  if (maxBytes > 0 && usedBytes(driver) > maxBytes) return true;
  if (before > 0 && oldest(driver, Math.min(before, now - restMs), now).length > 0) return true;
  for (const each of classes) {
    const isMeant = isOfClass(driver, each.class);
    const next = (last?: Oldest) => oldest(driver, Math.min(each.before, now - restMs), now, last);
    // Years of sessions may be older, and none of this class: others are answered between the batches.
    for (let batch = next(); batch.length > 0; batch = next(batch.at(-1))) {
      if (batch.some(({ no }) => isMeant(no))) return true;
      await breathe(); // oxlint-disable-line no-await-in-loop -- as said above
    }
  }
  return false;
}

interface Oldest {
  no: number;
  at: number;
  size: number;
}

/**
 * The next sessions last written to before `until`, starting behind `last`. Where the transcript's own times cannot be
 * (the clock was wrong), the time of its file counts, else it is the oldest.
 */
function oldest(
  driver: SqlDriver,
  until: number,
  now: number,
  last: Pick<Oldest, 'at' | 'no'> = { at: -1, no: -1 },
): (Oldest & Row)[] {
  const isPlausible = `BETWEEN ${earliestSession} AND ${latestPlausible(now)}`;
  return driver.all<Oldest & Row>(
    `SELECT no, at, (SELECT count(*) FROM documents d WHERE d.session = s.no) + 1 AS size FROM (
       SELECT no, CASE WHEN updated_at ${isPlausible} THEN updated_at ELSE coalesce((SELECT max(mtime) FROM sources x
         WHERE x.session = sessions.no AND mtime ${isPlausible}), 0) END AS at FROM sessions
       WHERE prompts + observations > 0 AND status <> 'archived' AND id NOT IN (SELECT session_id FROM marks)
         AND id NOT IN (SELECT session_id FROM session_marks)) s
     WHERE at < ? AND (at, no) > (?, ?) ORDER BY at, no LIMIT ?`,
    [until, last.at, last.no, atOnce],
  );
}

/** Bytes of pages in use. Free pages do not count: they are returned to the file system at the end. */
function usedBytes(driver: SqlDriver): number {
  const number = (name: 'page_count' | 'freelist_count') =>
    driver.get<Record<string, number>>(`PRAGMA ${name}`)?.[name] ?? 0;
  return (number('page_count') - number('freelist_count')) * 4096;
}

/**
 * After a limit was loosened: expired transcripts are read again from their beginning, if they still exist or come
 * back.
 */
export function recallExpired(driver: SqlDriver): number {
  return driver.run("DELETE FROM sources WHERE json_extract(ledger_json, '$.bytesSkipped.expired') > 0");
}
