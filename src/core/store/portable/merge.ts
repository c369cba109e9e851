/** What an import knows while it runs: which sessions and learnings it met, and what became of them. */
import type { ImportSkip } from '../../../protocol/portable';
import type { Redacted } from '../../observe/redact';
import type { SqlDriver } from '../sqlite/driver';
import { hasErased } from '../tables/erasures';
import { isForgotten } from '../tables/forget';
import { uidOf } from '../tables/row-aliases';

/** `added`: it was not here. `changed`: what was here is older. */
export type Outcome = 'added' | 'changed' | ImportSkip;

/** A record whose texts are redacted: ids and words of our own are no texts. */
export type SealedRecord<Value> = Value extends string
  ? string extends Value
    ? Redacted
    : Value
  : Value extends readonly (infer Item)[]
    ? SealedRecord<Item>[]
    : Value extends object
      ? { [Name in keyof Value]: SealedRecord<Value[Name]> }
      : Value;

export interface MetSession {
  /** Its number; 0 in a dry run for one that would come. */
  no: number;
  projectId: number;
  /** It came with this import, so that nothing else can be here of it. */
  isNew: boolean;
  /** A transcript of it was read here. */
  isNative: boolean;
  /** That transcript is still there, so that all it says is here, or comes by itself. */
  isLive: boolean;
}

export interface Merge {
  driver: SqlDriver;
  now: number;
  /** Nothing is written. */
  isDry: boolean;
  isExcluded: (root: string, cwd: string) => boolean;
  sessions: Map<string, MetSession | ImportSkip>;
  /** How a learning of the import is called here. */
  learnings: Map<string, string | undefined>;
}

interface KnownSession {
  no: number;
  project: number;
  isNative: number;
  isLive: number;
}

/** The session as it is here; undefined when it is not. */
export function sessionHere(driver: SqlDriver, id: string): MetSession | undefined {
  const known = driver.get<KnownSession>(
    `SELECT no, project_id AS project, EXISTS (SELECT 1 FROM sources WHERE session = no) AS isNative,
      EXISTS (SELECT 1 FROM sources WHERE session = no AND is_gone = 0 AND kind = 'main') AS isLive FROM sessions WHERE id = ?`,
    [id],
  );
  return (
    known && {
      no: known.no,
      projectId: known.project,
      isNew: false,
      isNative: known.isNative === 1,
      isLive: known.isLive === 1,
    }
  );
}

/** The session that a record belongs to, or why the record does not come. */
export function metSession(merge: Merge, id: string): MetSession | ImportSkip {
  const met = merge.sessions.get(id);
  if (met !== undefined) return met;
  const found = isForgotten(merge.driver, id, '', Number.MAX_SAFE_INTEGER)
    ? ('forgotten' as const)
    : hasErased(merge.driver, id)
      ? ('erased' as const)
      : (sessionHere(merge.driver, id) ?? ('alone' as const));
  merge.sessions.set(id, found);
  return found;
}

/** JSON in which rows are called as they are here. */
export function withOwnUids(driver: SqlDriver, value: unknown): Redacted {
  return JSON.stringify(value, (name, each: unknown) =>
    name === 'uid' && typeof each === 'string' && each !== '' ? uidOf(driver, each) : each,
  ) as Redacted;
}
