/**
 * Rows that came from another memory. Its salt keyed their uids, so a transcript that is read here calls the same row
 * something else. Such a row is known by when its line was written and by its text, and from then on by both names.
 */
import type { KeyedName } from '../../lib/keyed-name';
import type { SqlDriver } from '../sqlite/driver';
import { hasTable } from '../sqlite/schema-of';

/** How the row is called here; a uid without another name stays as it is. */
export const uidOf = (driver: SqlDriver, alias: string): string =>
  driver.get<{ uid: string }>('SELECT uid FROM row_aliases WHERE alias = ?', [alias])?.uid ?? alias;

export function putAlias(driver: SqlDriver, alias: string, uid: string, sessionId: string): void {
  if (alias !== uid)
    driver.run('INSERT OR IGNORE INTO row_aliases (alias, uid, session_id) VALUES (?, ?, ?)', [alias, uid, sessionId]);
}

/** How else the row is called. */
export const aliasesOf = (driver: SqlDriver, uid: string): string[] =>
  driver.all<{ alias: string }>('SELECT alias FROM row_aliases WHERE uid = ?', [uid]).map(({ alias }) => alias);

/** When the line of an imported row was written, and its role or tool; undefined when its line was read here. */
export const importedLook = (
  driver: SqlDriver,
  table: 'prompts' | 'observations',
  uid: string,
): { at: number; sort: string } | undefined =>
  driver.get(
    `SELECT i.at, r.${table === 'prompts' ? 'prompt_type' : 'source_tool'} AS sort FROM imported_rows i
      JOIN ${table} r ON r.uid = i.uid WHERE i.uid = ? AND i.at > 0`,
    [uid],
  );

export function noteImported(driver: SqlDriver, uid: string, session: number, at: number): void {
  driver.run('INSERT OR IGNORE INTO imported_rows (uid, session, at) VALUES (?, ?, ?)', [uid, session, at]);
}

/** False as long as nothing was ever imported, which is said once for each batch that is read. */
export const hasImported = (driver: SqlDriver): boolean =>
  driver.get('SELECT 1 FROM imported_rows LIMIT 1') !== undefined ||
  driver.get('SELECT 1 FROM row_aliases LIMIT 1') !== undefined;

/** Deletes the other names of a session's rows, but not of those that were handed over to a fork of it. */
export function forgetAliases(driver: SqlDriver, sessionId: string): void {
  if (!hasTable(driver, 'row_aliases')) return;
  driver.run(
    `DELETE FROM row_aliases WHERE session_id = ? AND NOT EXISTS (SELECT 1 FROM prompts WHERE uid = row_aliases.uid)
      AND NOT EXISTS (SELECT 1 FROM observations WHERE uid = row_aliases.uid)`,
    [sessionId],
  );
}

/** Marks of secrets have a hash that each memory keys with its own salt. */
export const withoutMarkHashes = (text: string): string =>
  text.replace(/(\[REDACTED:[^:\]]{1,60}):[0-9a-f]{8}\]/g, '$1]');

/** What is the same of a row in every memory that has it. */
export interface RowLook {
  at: number;
  /** Role of a message, name of a tool. */
  sort: string;
  agentId: string | null;
  text: string;
}

interface Candidate {
  id: number;
  uid: string;
  session: number;
  sessionId: string;
  text: string;
}

/**
 * An imported row that is this one: with the same text, or the only one of its session that was written at this time.
 * From now on it is known by `uid` too. Undefined when there is none.
 */
export function findImported(
  driver: SqlDriver,
  kind: 'prompts' | 'observations',
  uid: KeyedName,
  session: number,
  { at, sort, agentId, text }: RowLook,
): { id: number; session: number } | undefined {
  const alias = uidOf(driver, uid);
  if (alias !== uid) return driver.get(`SELECT id, session FROM ${kind} WHERE uid = ?`, [alias]);
  if (at === 0) return undefined;
  const [name, body] = kind === 'prompts' ? ['prompt_type', 'content'] : ['source_tool', 'input'];
  const found = driver.all<Candidate & Record<string, string | number>>(
    `SELECT r.id, r.uid, r.session, s.id AS sessionId, r.${body} AS text FROM imported_rows i JOIN ${kind} r ON r.uid = i.uid
      JOIN sessions s ON s.no = r.session
      WHERE i.at = ? AND r.${name} = ? AND r.agent_id IS ? ORDER BY r.session = ? DESC, r.id`,
    [at, sort, agentId, session],
  );
  const wanted = withoutMarkHashes(text);
  const here = found.filter((each) => each.session === session);
  const same =
    found.find((each) => withoutMarkHashes(each.text) === wanted) ?? (here.length === 1 ? here[0] : undefined);
  if (!same) return undefined;
  putAlias(driver, uid, same.uid, same.sessionId);
  driver.run('DELETE FROM imported_rows WHERE uid = ?', [same.uid]);
  return { id: same.id, session: same.session };
}

/** The transcript that is read now says itself what its answers took. */
export function dropImportedUsage(driver: SqlDriver, session: number): void {
  const sum = driver.get<{ n: number; input: number; output: number; read: number; written: number }>(
    `SELECT count(*) AS n, coalesce(sum(input), 0) AS input, coalesce(sum(output), 0) AS output,
      coalesce(sum(cache_read), 0) AS read, coalesce(sum(cache_write), 0) AS written FROM message_usage
      WHERE session = ? AND message LIKE 'import:%'`,
    [session],
  );
  if (!sum || sum.n === 0) return;
  driver.run("DELETE FROM message_usage WHERE session = ? AND message LIKE 'import:%'", [session]);
  driver.run(
    `UPDATE sessions SET tokens_input = tokens_input - ?1, tokens_output = tokens_output - ?2,
      tokens_cache_read = tokens_cache_read - ?3, tokens_cache_write = tokens_cache_write - ?4,
      token_count = token_count - ?1 - ?2 - ?3 - ?4 WHERE no = ?5`,
    [sum.input, sum.output, sum.read, sum.written, session],
  );
}
