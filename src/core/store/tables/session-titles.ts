/** What a session is called: by its transcript, or by a person, whose name stands above all titles. */
import type { KeyedName } from '../../lib/keyed-name';
import type { Redacted } from '../../observe/redact';
import { titleRanks } from '../../transcript/schema';
import type { SqlDriver } from '../sqlite/driver';
import { documentKinds, indexRow, unindexRow } from './documents';

/** The rank of a person's name; that of a transcript's title is lower. */
const nameRank = titleRanks.custom + 1;

/** SQL: what the transcript calls a session, also while it has a name. */
export const ownTitle = (sessions: string): string =>
  `CASE WHEN ${sessions}.title_rank = ${nameRank} THEN ${sessions}.own_title ELSE ${sessions}.title END`;

/** SQL: true while a session has a name. */
export const isNamed = (sessions: string): string => `${sessions}.title_rank = ${nameRank}`;

interface Titles {
  title: string;
  rank: number;
  /** Empty unless `title` is a name. */
  own: string;
  ownRank: number;
}

const titlesOf = (driver: SqlDriver, no: number) =>
  driver.get<{ title: string; rank: number; own: string; ownRank: number }>(
    'SELECT title, title_rank AS rank, own_title AS own, own_title_rank AS ownRank FROM sessions WHERE no = ?',
    [no],
  );

/**
 * Sets a title when its rank is at least that of the present one. Titles that rank above the first prompt are indexed.
 * While the session has a name, the title waits behind it.
 */
export function setTitle(driver: SqlDriver, no: number, title: Redacted, rank: number): void {
  const present = titlesOf(driver, no);
  if (!present) return;
  const hasName = present.rank === nameRank;
  const known = hasName ? present.own : present.title;
  const knownRank = hasName ? present.ownRank : present.rank;
  if (rank < knownRank) return;
  const isFirstOnly = rank <= titleRanks.prompt;
  if (rank === knownRank && (title === known || (isFirstOnly && known !== ''))) return;
  putTitles(driver, no, hasName ? { ...present, own: title, ownRank: rank } : { title, rank, own: '', ownRank: 0 });
}

/**
 * Puts a title made of the rows that stay in place of one whose row is gone. A title that ranks higher stays, unless it
 * is erased itself; so does a person's name.
 */
export function replaceTitle(driver: SqlDriver, no: number, title: Redacted, rank: number, isErased: boolean): void {
  const present = titlesOf(driver, no);
  if (!present) return;
  const hasName = present.rank === nameRank;
  if (!isErased && (hasName ? present.ownRank : present.rank) > titleRanks.prompt) return;
  putTitles(driver, no, hasName ? { ...present, own: title, ownRank: rank } : { title, rank, own: '', ownRank: 0 });
}

/** Shows a person's name as the title; an empty one gives the transcript's title back. True when something changed. */
export function showName(driver: SqlDriver, no: number, name: string): boolean {
  const present = titlesOf(driver, no);
  if (!present) return false;
  const { title, rank, own, ownRank } = present;
  const hasName = rank === nameRank;
  if (name === '') {
    if (hasName) putTitles(driver, no, { title: own, rank: ownRank, own: '', ownRank: 0 });
    return hasName;
  }
  if (hasName && title === name) return false;
  putTitles(driver, no, {
    title: name,
    rank: nameRank,
    own: hasName ? own : title,
    ownRank: hasName ? ownRank : rank,
  });
  return true;
}

function putTitles(driver: SqlDriver, no: number, { title, rank, own, ownRank }: Titles): void {
  unindexRow(driver, documentKinds.session, no);
  driver.run('UPDATE sessions SET title = ?, title_rank = ?, own_title = ?, own_title_rank = ? WHERE no = ?', [
    title,
    rank,
    own,
    ownRank,
    no,
  ]);
  if (rank <= titleRanks.prompt) return;
  const session = driver.get<{ project: number; at: number }>(
    'SELECT project_id AS project, updated_at AS at FROM sessions WHERE no = ?',
    [no],
  );
  indexRow(driver, {
    kind: documentKinds.session,
    row: no,
    session: no,
    turn: 0,
    projectId: session?.project ?? 0,
    facet: 'session',
    tool: '',
    at: session?.at ?? 0,
  });
}

/** Old clients write a title with the uuid of a line, which may belong to a session that is read earlier or later. */
export function putLeafTitle(driver: SqlDriver, leafUuid: KeyedName, title: Redacted): void {
  driver.run('INSERT OR REPLACE INTO leaf_titles (leaf_uuid, title) VALUES (?, ?)', [leafUuid, title]);
  for (const { no } of driver.all<{ no: number }>('SELECT no FROM sessions WHERE last_uuid = ?', [leafUuid]))
    setTitle(driver, no, title, titleRanks.summary);
}

export function applyLeafTitle(driver: SqlDriver, no: number, uuids: Iterable<KeyedName>): void {
  for (const uuid of uuids) {
    const found = driver.get<{ title: Redacted }>('SELECT title FROM leaf_titles WHERE leaf_uuid = ?', [uuid]);
    if (found) setTitle(driver, no, found.title, titleRanks.summary);
  }
}
