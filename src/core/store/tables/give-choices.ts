/**
 * What a person said about giving. The table is precious: a sentence is known by its keyed name and by the row it stands
 * on, so that it is not given again when a summary is made anew.
 */
import type { SessionId } from '../../../protocol/model';
import type { MutableSource } from '../../../protocol/shadow';
import { isMarkOf } from '../../lib/keyed-mark';
import type { KeyedName } from '../../lib/keyed-name';
import type { Row, SqlDriver } from '../sqlite/driver';
import { hasTable } from '../sqlite/schema-of';
import { isProjectBuried } from './buried-roots';
import type { Tombstone } from './forget';

export interface NeverGiven {
  /** Of the sentence, or `learning/ID`. */
  target: KeyedName | `learning/${string}`;
  sessionId: SessionId;
  itemId: string;
  /** Of the row it stands on; empty when it is not known. */
  uid: string;
}

interface ChoiceRow extends Row {
  what: 'never' | 'session' | 'source';
  target: string;
  session_id: string;
  item_id: string;
  uid: string;
  at: number;
}

const columns = 'what, target, session_id, item_id, uid, at';

export function putNever(driver: SqlDriver, { target, sessionId, itemId, uid }: NeverGiven, now: number): void {
  put(driver, { what: 'never', target, session_id: sessionId, item_id: itemId, uid, at: now });
}

export function dropNever(driver: SqlDriver, target: string, itemId: string): void {
  driver.run("DELETE FROM give_choices WHERE what = 'never' AND (target = ? OR item_id = ?)", [target, itemId]);
}

/** The newest first, with the time at which a person said it, in epoch milliseconds. */
export function listNever(driver: SqlDriver): (NeverGiven & { at: number })[] {
  return driver
    .all<ChoiceRow>(`SELECT ${columns} FROM give_choices WHERE what = 'never' ORDER BY no DESC`)
    .map(({ target, session_id, item_id, uid, at }) => ({
      at,
      target: target as NeverGiven['target'],
      sessionId: session_id,
      itemId: item_id,
      uid,
    }));
}

export function setSessionOff(driver: SqlDriver, id: SessionId, isOff: boolean, now: number): void {
  if (isOff) put(driver, { what: 'session', target: id, session_id: id, item_id: '', uid: '', at: now });
  else driver.run("DELETE FROM give_choices WHERE what = 'session' AND target = ?", [id]);
}

export const isSessionOff = (driver: SqlDriver, id: SessionId): boolean =>
  driver.get("SELECT 1 FROM give_choices WHERE what = 'session' AND target = ?", [id]) !== undefined;

/** The newest first, with a title when it is in memory. */
export function listSessionsOff(driver: SqlDriver): { sessionId: SessionId; title?: string }[] {
  return driver
    .all<{ sessionId: string; title: string | null }>(
      `SELECT c.target AS sessionId, CASE WHEN s.title = '' THEN s.first_prompt ELSE s.title END AS title
        FROM give_choices c LEFT JOIN sessions s ON s.id = c.target WHERE c.what = 'session' ORDER BY c.no DESC`,
    )
    .map(({ sessionId, title }) => ({ sessionId, ...(title !== null && { title }) }));
}

/** `root` of the project, because its number is given anew when it is read again. */
export function setSourceKept(
  driver: SqlDriver,
  { source, root, isKept }: { source: MutableSource; root: string; isKept: boolean },
  now: number,
): void {
  const target = `${source} ${root}`;
  if (isKept) put(driver, { what: 'source', target, session_id: '', item_id: '', uid: '', at: now });
  else driver.run("DELETE FROM give_choices WHERE what = 'source' AND target = ?", [target]);
}

/** As `source root`. */
export const keptSources = (driver: SqlDriver): Set<string> =>
  new Set(
    driver.all<{ target: string }>("SELECT target FROM give_choices WHERE what = 'source'").map(({ target }) => target),
  );

function put(driver: SqlDriver, { what, target, session_id, item_id, uid, at }: ChoiceRow, mayReplace = false): void {
  driver.run(
    `INSERT OR ${mayReplace ? 'REPLACE' : 'IGNORE'} INTO give_choices (${columns}) VALUES (?, ?, ?, ?, ?, ?)`,
    [what, target, session_id, item_id, uid, at],
  );
}

/** For a merge of databases. */
export const readChoices = (driver: SqlDriver): Row[] =>
  hasTable(driver, 'give_choices') ? driver.all<ChoiceRow>(`SELECT ${columns} FROM give_choices ORDER BY no`) : [];

/** Adds choices of another database, except those about what is forgotten here. */
export function mergeChoices(driver: SqlDriver, rows: readonly Row[], mayReplace: boolean): void {
  for (const row of rows as readonly ChoiceRow[]) {
    const root = rootOf(row);
    const isGone =
      driver.get("SELECT 1 FROM tombstones WHERE kind = 'session' AND target = ?", [row.session_id]) !== undefined ||
      (root !== undefined && isProjectBuried(driver, root, row.at));
    if (!isGone) put(driver, row, mayReplace);
  }
}

/** Without those about forgotten sessions and projects. */
export const withoutForgotten = (rows: readonly Row[], tombstones: readonly Tombstone[]): Row[] =>
  (rows as readonly ChoiceRow[]).filter((row) => {
    const root = rootOf(row);
    return !tombstones.some(
      ({ kind, target }) =>
        (kind === 'session' && target === row.session_id) ||
        (kind === 'project' && root !== undefined && isMarkOf(target, root)),
    );
  });

const rootOf = ({ what, target }: Pick<ChoiceRow, 'what' | 'target'>): string | undefined =>
  what === 'source' ? target.slice(target.indexOf(' ') + 1) : undefined;

/** Deletes what was said about a session and about its sentences. */
export function forgetChoicesOf(driver: SqlDriver, id: SessionId): void {
  // A backup may come from a version without this table.
  if (hasTable(driver, 'give_choices')) driver.run('DELETE FROM give_choices WHERE session_id = ?', [id]);
}

/** The same of a project, by what is known of its root. */
export function forgetChoicesAbout(driver: SqlDriver, isMeant: (root: string) => boolean): void {
  if (!hasTable(driver, 'give_choices')) return;
  for (const { target } of driver.all<{ target: string }>("SELECT target FROM give_choices WHERE what = 'source'"))
    if (isMeant(rootOf({ what: 'source', target }) ?? ''))
      driver.run("DELETE FROM give_choices WHERE what = 'source' AND target = ?", [target]);
}
