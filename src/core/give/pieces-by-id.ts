/** What was given, by its ids, as it reads now: only ids are kept, so that nothing forgotten can be read here. */
import type { GivenKind, GivenPart } from '../../protocol/given';
import { parseRowKey } from '../../protocol/row-key';
import type { RowRef } from '../../protocol/row-key';
import { shorten } from '../../protocol/text';
import type { SqlDriver } from '../store/sqlite/driver';
import { turnsAround } from '../store/tables/amendments';
import { findLearning } from '../store/tables/learnings';
import { lineOf } from '../store/tables/lines';
import { hitCards } from '../store/tables/session-cards';
import { sessionNumber } from '../store/tables/sessions';
import { publishedSummary } from '../store/tables/summaries';
import { piecesOfLearning, piecesOfSession } from './candidates';
import type { Piece } from './candidates';

const maxText = 420;

/** Pieces that still are as their ids name them; others are left out. */
export function piecesById(driver: SqlDriver, ids: Iterable<string>): Map<string, Piece> {
  const found = new Map<string, Piece>();
  const turns = new Map<string, Set<number>>();
  for (const id of new Set(ids)) {
    const [first = '', second = '', number] = id.split('/');
    if (first === 'learning' && number === undefined) {
      const learning = findLearning(driver, second);
      if (learning?.state === 'accepted') found.set(id, piecesOfLearning(learning));
    } else if (number !== undefined) {
      const wanted = turns.get(first) ?? new Set();
      turns.set(first, wanted);
      if ((second as GivenKind) === 'said') wanted.add(Math.floor(Number(number) / 100));
    }
  }
  const wanted = new Set(ids);
  for (const [session, places] of turns)
    for (const piece of piecesOf(driver, session, places)) if (wanted.has(piece.id)) found.set(piece.id, piece);
  return found;
}

/** Those of the summary, and of these turns. */
function piecesOf(driver: SqlDriver, id: string, turns: ReadonlySet<number>): Piece[] {
  const no = sessionNumber(driver, id);
  const card = no === undefined ? undefined : hitCards(driver, [no]).get(no);
  if (no === undefined || !card) return [];
  const said = [...turns].flatMap((turn) => turnsAround(driver, no, turn).filter((each) => each.turn === turn));
  const { title, project, updatedAt: at } = card;
  return piecesOfSession({ id, title, project, at, summary: publishedSummary(driver, id), said });
}

/** The same for people: rows that a model asked for too. What is no longer there has its id only. */
export function partsById(
  driver: SqlDriver,
  items: readonly { id: string; sessionId?: string }[],
  isNever: (part: Pick<Piece, 'id' | 'kind' | 'text' | 'key'>) => boolean,
): Map<string, GivenPart> {
  const pieces = piecesById(
    driver,
    items.map(({ id }) => id),
  );
  return new Map(
    items.map(({ id, sessionId }): [string, GivenPart] => {
      const piece = pieces.get(id) ?? lineFor(driver, id);
      if (!piece) return [id, { id, ...(sessionId !== undefined && { sessionId }) }];
      const { kind, text, title, turn, key } = piece;
      return [
        id,
        {
          id,
          title,
          text: shorten(text, maxText),
          ...(kind && { kind }),
          ...(piece.sessionId !== undefined && { sessionId: piece.sessionId }),
          ...(turn !== undefined && { turn }),
          ...(key !== undefined && { key }),
          ...(isNever({ id, kind: kind ?? 'said', text, ...(key !== undefined && { key }) }) && { isNever: true }),
        },
      ];
    }),
  );
}

type Line = Omit<Piece, 'kind' | 'at' | 'project'> & { kind?: GivenKind };

/** Pieces have a slash in their ids, keys of rows have none. */
export const rowOf = (id: string): RowRef | undefined => (id.includes('/') ? undefined : parseRowKey(id));

/** A row by its key, as a model asked for it. */
function lineFor(driver: SqlDriver, id: string): Line | undefined {
  const ref = rowOf(id);
  if (ref?.kind === 'learning') {
    const learning = findLearning(driver, ref.id);
    return learning && { ...piecesOfLearning(learning), id };
  }
  if (ref?.kind === 'session') {
    const no = sessionNumber(driver, ref.id);
    const card = no === undefined ? undefined : hitCards(driver, [no]).get(no);
    return card && { id, sessionId: ref.id, title: card.title, text: card.title };
  }
  const line = ref?.kind === 'prompt' || ref?.kind === 'observation' ? lineOf(driver, ref) : undefined;
  return line && { id, ...line };
}
