/** Entries of the audit log as they stand in the database. What ties them together is made in `care/audit-log.ts`. */
import type { AuditAction, AuditEntry, AuditResult, Auditor } from '../../../protocol/audit';
import type { AuditFilter } from '../../../protocol/questions/erase';
import type { SqlDriver, SqlValue } from '../sqlite/driver';
import { getConfiguration, setConfiguration } from './configuration';

export interface MarkedEntry extends AuditEntry {
  /** As it stands in the database, where somebody may have changed it. */
  detailsJson: string;
  /** Empty for an entry from before the chain. */
  mark: string;
}

/** Both ends of the chain, with a seal: the entry that was removed last at its beginning, and the last one. */
export interface AuditEnds {
  base: { no: number; mark: string };
  head: { no: number; mark: string };
  seal: string;
}

/** Keepers note it by themselves, so no backup of what a person wrote is made for it. */
const endsKey = 'keeper.audit';

export const auditEnds = (driver: SqlDriver): AuditEnds | undefined => getConfiguration<AuditEnds>(driver, endsKey);

export const putAuditEnds = (driver: SqlDriver, ends: AuditEnds, now: number): void =>
  setConfiguration(driver, endsKey, ends, now);

export function putAuditEntry(driver: SqlDriver, entry: MarkedEntry): void {
  driver.run(
    `INSERT INTO audit_logs (no, at, who, action, resource, result, duration_ms, details_json, mark)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      entry.no,
      entry.at,
      entry.who,
      entry.action,
      entry.resource,
      entry.result,
      entry.durationMs,
      entry.detailsJson,
      entry.mark,
    ],
  );
}

/** The highest number ever given, also when its entry is gone. */
export const lastAuditNo = (driver: SqlDriver): number =>
  driver.get<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'audit_logs'")?.seq ?? 0;

type AuditRow = Record<string, SqlValue>;

const entryOf = (row: AuditRow): MarkedEntry => ({
  no: row['no'] as number,
  at: row['at'] as number,
  who: row['who'] as Auditor,
  action: row['action'] as AuditAction,
  resource: row['resource'] as string,
  result: row['result'] as AuditResult,
  durationMs: row['duration_ms'] as number,
  details: detailsOf(row['details_json'] as string),
  detailsJson: String(row['details_json']),
  mark: row['mark'] as string,
});

/** What somebody made of it by hand may be no JSON; then the entry is told as changed. */
function detailsOf(json: string): AuditEntry['details'] {
  try {
    return JSON.parse(json) as AuditEntry['details'];
  } catch {
    return {};
  }
}

/** The latest first. */
export function listAudit(driver: SqlDriver, filter: AuditFilter, limit: number): MarkedEntry[] {
  const tests: string[] = [];
  const values: SqlValue[] = [];
  const add = (test: string, value: SqlValue | undefined) => {
    if (value === undefined) return;
    tests.push(test);
    values.push(value);
  };
  add('who = ?', filter.who);
  add('action = ?', filter.action);
  add('at >= ?', filter.since);
  add('at < ?', filter.until);
  add('no < ?', filter.before);
  return driver
    .all<AuditRow>(
      `SELECT * FROM audit_logs ${tests.length > 0 ? `WHERE ${tests.join(' AND ')}` : ''} ORDER BY no DESC LIMIT ?`,
      [...values, limit],
    )
    .map(entryOf);
}

/** All entries in order, some at a time. */
export function auditAfter(driver: SqlDriver, no: number, most: number): MarkedEntry[] {
  return driver.all<AuditRow>('SELECT * FROM audit_logs WHERE no > ? ORDER BY no LIMIT ?', [no, most]).map(entryOf);
}

/** The last entry of the oldest ones that are all older; undefined when there is none. */
export const lastAuditBefore = (driver: SqlDriver, at: number): MarkedEntry | undefined =>
  driver
    .all<AuditRow>(
      `SELECT * FROM audit_logs WHERE no < coalesce((SELECT min(no) FROM audit_logs WHERE at >= ?), 1 << 60)
        ORDER BY no DESC LIMIT 1`,
      [at],
    )
    .map(entryOf)[0];

export const dropAuditTo = (driver: SqlDriver, no: number): number =>
  driver.run('DELETE FROM audit_logs WHERE no <= ?', [no]);

/** True when an entry says this of a receipt. */
export const isReceiptAudited = (driver: SqlDriver, id: string, hash: string): boolean =>
  driver.get(
    `SELECT 1 FROM audit_logs WHERE action = 'receipt' AND resource = ? AND json_valid(details_json)
      AND json_extract(details_json, '$.sha256') = ?`,
    [id, hash],
  ) !== undefined;
