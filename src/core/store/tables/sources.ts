/** One row per transcript file: where reading stopped, and the ledger of its bytes. */
import type { SessionId } from '../../../protocol/model';
import type { FileLedger, LedgerTotals, Page } from '../../../protocol/status';
import type { SealedJson } from '../../lib/sealed-json';
import type { Redacted } from '../../observe/redact';
import type { SourceFile } from '../../transcript/discover';
import type { SkipReason } from '../../transcript/schema';
import type { Cursor } from '../../transcript/tail';
import type { SqlDriver } from '../sqlite/driver';

/** Always: bytesSeen = bytesStored + the sum of bytesSkipped. */
export interface Ledger {
  bytesSeen: number;
  bytesStored: number;
  bytesSkipped: Partial<Record<SkipReason, number>>;
  linesSkipped: Partial<Record<SkipReason, number>>;
  redactions: number;
  /** Lines of unknown types, by type and the client's version with a blank between. */
  unknownTypes?: Record<string, number>;
}

/** Most types counted by name in one file. */
const maxUnknownTypes = 20;

export function countUnknown(ledger: Ledger, type: Redacted, version: Redacted | ''): void {
  const key = `${type} ${version}`;
  const types = ledger.unknownTypes ?? {};
  if (types[key] === undefined && Object.keys(types).length >= maxUnknownTypes) return;
  ledger.unknownTypes = { ...types, [key]: (types[key] ?? 0) + 1 };
}

export interface SourceRecord {
  cursor: Cursor;
  size: number;
  mtime: number;
  sessionId: string;
  /** State of the reader. */
  state: SealedJson;
  ledger: Ledger;
}

export const newLedger = (): Ledger => ({
  bytesSeen: 0,
  bytesStored: 0,
  bytesSkipped: {},
  linesSkipped: {},
  redactions: 0,
});

export function skipBytes(ledger: Ledger, reason: SkipReason, bytes: number, lines = 1): void {
  ledger.bytesSkipped[reason] = (ledger.bytesSkipped[reason] ?? 0) + bytes;
  ledger.linesSkipped[reason] = (ledger.linesSkipped[reason] ?? 0) + lines;
}

interface SourceRow {
  path: string;
  session_id: string;
  kind: 'main' | 'agent';
  inode: string;
  size: number;
  mtime: number;
  offset: number;
  tail_hash: string;
  state_json: SealedJson;
  ledger_json: string;
  is_gone: number;
}

export function getSource(driver: SqlDriver, path: string): SourceRecord | undefined {
  const row = driver.get<SourceRow>('SELECT * FROM sources WHERE path = ?', [path]);
  if (!row) return undefined;
  return {
    cursor: { offset: row.offset, inode: row.inode, tailHash: row.tail_hash },
    size: row.size,
    mtime: row.mtime,
    sessionId: row.session_id,
    state: row.state_json,
    ledger: JSON.parse(row.ledger_json) as Ledger,
  };
}

/** True when the session had lost its last transcript and this file brings it back. */
export function saveSource(
  driver: SqlDriver,
  source: SourceFile,
  record: SourceRecord,
  session: number | null,
): boolean {
  const { cursor } = record;
  // A file that was gone exists again, so its session is no longer archived.
  const isBack =
    session !== null &&
    source.kind === 'main' &&
    driver.run("UPDATE sessions SET status = 'active' WHERE no = ? AND status = 'archived'", [session]) > 0;
  driver.run(
    `INSERT INTO sources (path, session, session_id, kind, inode, size, mtime, offset, tail_hash, state_json,
      ledger_json, is_gone) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
     ON CONFLICT (path) DO UPDATE SET session = excluded.session, session_id = excluded.session_id,
       inode = excluded.inode, size = excluded.size, mtime = excluded.mtime,
       offset = excluded.offset, tail_hash = excluded.tail_hash, state_json = excluded.state_json,
         ledger_json = excluded.ledger_json, is_gone = 0`,
    [
      source.path,
      session,
      record.sessionId,
      source.kind,
      cursor.inode,
      record.size,
      record.mtime,
      cursor.offset,
      cursor.tailHash,
      record.state,
      JSON.stringify(record.ledger),
    ],
  );
  return isBack;
}

/** Size and time of every known file, for the sweep to compare. */
export function knownSources(driver: SqlDriver): Map<string, { size: number; mtime: number; isGone: boolean }> {
  const known = new Map<string, { size: number; mtime: number; isGone: boolean }>();
  driver.each('SELECT path, size, mtime, is_gone FROM sources', [], ([path, size, mtime, isGone]) => {
    known.set(path as string, { size: size as number, mtime: mtime as number, isGone: isGone === 1 });
  });
  return known;
}

/** Marks sources as gone and their sessions as archived; deletes nothing. Returns the sessions that were marked. */
export function markGone(driver: SqlDriver, paths: readonly string[]): SessionId[] {
  return driver.transaction(() => {
    const marked: SessionId[] = [];
    for (const path of paths) {
      driver.run('UPDATE sources SET is_gone = 1 WHERE path = ?', [path]);
      const session = driver.get<{ no: number; id: SessionId }>(
        `SELECT no, id FROM sessions WHERE no = (SELECT session FROM sources WHERE path = ?1 AND kind = 'main')
         AND NOT EXISTS (SELECT 1 FROM sources s WHERE s.session = sessions.no AND s.kind = 'main' AND s.is_gone = 0)`,
        [path],
      );
      if (!session) continue;
      driver.run("UPDATE sessions SET status = 'archived' WHERE no = ?", [session.no]);
      marked.push(session.id);
    }
    return marked;
  });
}

/** The main transcripts known for a session id. */
export function sourcesOfSession(driver: SqlDriver, sessionId: string): { path: string; isGone: boolean }[] {
  return driver
    .all<{ path: string; is_gone: number }>(
      "SELECT path, is_gone FROM sources WHERE session_id = ? AND kind = 'main'",
      [sessionId],
    )
    .map(({ path, is_gone }) => ({ path, isGone: is_gone === 1 }));
}

export function ledgerTotals(driver: SqlDriver): LedgerTotals {
  const totals: LedgerTotals = {
    files: 0,
    bytesSeen: 0,
    bytesStored: 0,
    bytesSkipped: {},
    linesSkipped: {},
    redactions: 0,
    filesGone: 0,
  };
  const add = (into: Record<string, number>, from: Partial<Record<string, number>>) => {
    for (const [reason, count] of Object.entries(from)) into[reason] = (into[reason] ?? 0) + (count ?? 0);
  };
  driver.each('SELECT ledger_json, is_gone FROM sources', [], ([json, isGone]) => {
    const ledger = JSON.parse(json as string) as Ledger;
    totals.files++;
    totals.filesGone += isGone as number;
    totals.bytesSeen += ledger.bytesSeen;
    totals.bytesStored += ledger.bytesStored;
    totals.redactions += ledger.redactions;
    add(totals.bytesSkipped, ledger.bytesSkipped);
    add(totals.linesSkipped, ledger.linesSkipped);
  });
  return totals;
}

const ledgerPage = 200;

export function listLedgers(driver: SqlDriver, cursor = ''): Page<FileLedger> {
  const rows = driver.all<SourceRow>('SELECT * FROM sources WHERE path > ? ORDER BY path LIMIT ?', [
    cursor,
    ledgerPage,
  ]);
  const items = rows.map((row): FileLedger => {
    const ledger = JSON.parse(row.ledger_json) as Ledger;
    return {
      path: row.path,
      sessionId: row.session_id,
      kind: row.kind,
      ...ledger,
      bytesSkipped: numbers(ledger.bytesSkipped),
      linesSkipped: numbers(ledger.linesSkipped),
      isGone: row.is_gone === 1,
    };
  });
  const last = rows.at(-1);
  return { items, ...(rows.length === ledgerPage && last && { next: last.path }) };
}

const numbers = (counts: Partial<Record<string, number>>): Record<string, number> => counts as Record<string, number>;

/**
 * How far each existing transcript of a person's sessions was read. One whose session was forgotten or has expired has
 * no hash: reading it again would bring the session back.
 */
export function readingPlaces(driver: SqlDriver): { path: string; offset: number }[] {
  return driver.all<{ path: string; offset: number }>(
    `SELECT path, offset FROM sources WHERE is_gone = 0 AND tail_hash <> ''
      AND json_extract(state_json, '$.skipAll') IS NULL`,
  );
}

/** The transcripts that changed last, with their size when they were read to their end. */
export const latestSources = (driver: SqlDriver, most: number): { path: string; size: number }[] =>
  driver.all<{ path: string; size: number }>(
    `SELECT path, size FROM sources WHERE is_gone = 0 AND size >= 0
      AND json_extract(state_json, '$.skipAll') IS NULL ORDER BY mtime DESC LIMIT ?`,
    [most],
  );

/** Makes the next sweep read these files again. */
export function readAgain(driver: SqlDriver, paths: readonly string[]): void {
  driver.run('UPDATE sources SET size = -1 WHERE path IN (SELECT value FROM json_each(?))', [JSON.stringify(paths)]);
}

/** Files that were excluded are read again from their beginning. */
export function forgetExclusions(driver: SqlDriver): void {
  driver.run(`DELETE FROM sources WHERE json_extract(state_json, '$.hasExcluded') = 1`);
}

/** The last folder of each transcript that was read, also of those whose lines are excluded. */
export function foldersOfSources(driver: SqlDriver): string[] {
  const rows = driver.all<{ cwd: string | null }>(
    `SELECT DISTINCT json_extract(state_json, '$.thread.cwd') AS cwd FROM sources WHERE json_valid(state_json)`,
  );
  return rows.flatMap(({ cwd }) => (cwd ? [cwd] : []));
}
