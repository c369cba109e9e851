/** What a person said must not be given again: one sentence, wherever it is found, or what stands on one row. */
import { MemoryError } from '../../protocol/errors';
import type { GivenKind } from '../../protocol/given';
import { parseLineKey } from '../../protocol/row-key';
import type { RowKey } from '../../protocol/row-key';
import type { NameKey } from '../lib/keyed-name';
import { foldForComparison } from '../lib/text';
import type { SqlDriver } from '../store/sqlite/driver';
import { dropNever, listNever, putNever } from '../store/tables/give-choices';
import type { NeverGiven } from '../store/tables/give-choices';
import { lineOf, linesByUid } from '../store/tables/lines';
import { pieceText } from './candidates';
import type { Piece } from './candidates';
import { piecesById, rowOf } from './pieces-by-id';

type Known = Pick<Piece, 'id' | 'kind' | 'text' | 'key'>;

/** A test of pieces and rows; undefined when nothing was said. */
export function neverTest(driver: SqlDriver, names: NameKey): ((piece: Known) => boolean) | undefined {
  const never = listNever(driver);
  if (never.length === 0) return undefined;
  const targets = new Set<string>(never.map(({ target }) => target));
  const lines = linesByUid(
    driver,
    never.map(({ uid }) => uid),
  );
  // A sentence of a summary is another one when the summary is made anew, but stands on the same row.
  const places = new Set<string>();
  const rows = new Set<RowKey>();
  for (const { itemId, uid } of never) {
    const key = lines.get(uid)?.key;
    if (key === undefined) continue;
    if (parseLineKey(itemId)) rows.add(key);
    else places.add(`${kindOf(itemId)} ${key}`);
  }
  return ({ id, kind, text, key }) =>
    targets.has(id) ||
    targets.has(nameOf(names, text)) ||
    rows.has(id as RowKey) ||
    (key !== undefined && (places.has(`${kind} ${key}`) || rows.has(key)));
}

/**
 * When a person said of a sentence that it must not be given again, in epoch milliseconds. Only the sentence itself counts:
 * several may stand on one row, and the others are not meant.
 */
export function neverSaid(driver: SqlDriver, names: NameKey): (text: string) => number | undefined {
  const never = new Map<string, number>(listNever(driver).map(({ target, at }) => [target, at]));
  return never.size === 0 ? () => undefined : (text) => never.get(nameOf(names, pieceText(text)));
}

/** @throws MemoryError `not_found`, `invalid_input` */
export function setNever(
  { driver, names }: { driver: SqlDriver; names: NameKey },
  id: string,
  isNever: boolean,
  now: number,
): void {
  const choice = choiceOf(driver, names, id);
  if (!isNever) dropNever(driver, choice?.target ?? id, id);
  else if (choice) putNever(driver, choice, now);
  else throw new MemoryError('not_found', 'This memory is no longer there.');
}

function choiceOf(driver: SqlDriver, names: NameKey, id: string): NeverGiven | undefined {
  const ref = rowOf(id);
  if (ref?.kind === 'session') throw new MemoryError('invalid_input', 'Only single memories can be left out.');
  const learning = ref?.kind === 'learning' ? `learning/${ref.id}` : id;
  const line = ref?.kind === 'prompt' || ref?.kind === 'observation' ? lineOf(driver, ref) : undefined;
  if (line) return { target: nameOf(names, line.text), sessionId: line.sessionId, itemId: id, uid: line.uid };
  const piece = piecesById(driver, [learning]).get(learning);
  if (!piece) return undefined;
  const { text, key } = piece;
  if (piece.kind === 'learning')
    return { target: learning as `learning/${string}`, sessionId: '', itemId: learning, uid: '' };
  const on = key === undefined ? undefined : parseLineKey(key);
  return {
    target: nameOf(names, text),
    sessionId: piece.sessionId ?? '',
    itemId: id,
    uid: (on && lineOf(driver, on)?.uid) ?? '',
  };
}

const nameOf = (names: NameKey, text: string) => names.of(`piece ${foldForComparison(text)}`);
const kindOf = (itemId: string): GivenKind | undefined => itemId.split('/')[1] as GivenKind | undefined;
