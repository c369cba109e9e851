/**
 * Names that are only compared: ids of lines, answers and calls, and hashes of texts. Nobody reads them, so the store has
 * a keyed hash of each: an id may hold a secret, and a plain hash of a short text confirms a guess of it.
 */
import { createHmac, createSecretKey } from 'node:crypto';

declare const keyed: unique symbol;
export type KeyedName = string & { readonly [keyed]: true };

export interface NameKey {
  /** Equal names become equal; the empty name stays empty. */
  of(name: string): KeyedName;
  /** Of a row's uid, whose first letter says what the row is. One that is keyed already stays as it is. */
  ofRow(uid: string): KeyedName;
}

/** 132 bits. */
const length = 22;
/** Plain uids have a second colon. */
const keyedRow = /^[a-z]:[\w-]{22}$/;
const rowSort = /^[a-z](?=:)/;

export function createNameKey(secret: string): NameKey {
  // A key of its own: marks of secrets in texts are hashes by `secret` itself, and the beginning of each is readable.
  // Prepared once: Node 24 takes six times as long for each name with a key that is bytes.
  const key = createSecretKey(createHmac('sha256', secret).update('keyed name').digest());
  const of = (name: string): KeyedName =>
    (name === '' ? '' : createHmac('sha256', key).update(name).digest('base64url').slice(0, length)) as KeyedName;
  return {
    of,
    ofRow: (uid) => (keyedRow.test(uid) ? uid : `${rowSort.exec(uid)?.[0] ?? 'x'}:${of(uid)}`) as KeyedName,
  };
}
