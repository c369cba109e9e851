/**
 * What a new session in a project should know: accepted learnings, what was done last, what was decided and is not
 * amended, and what was left open a short while ago.
 */
import type { Packed } from '../../protocol/given';
import type { GivenKind } from '../../protocol/given';
import { rowKeyOf } from '../../protocol/row-key';
import { withStrength } from '../index/memory-kinds';
import { dayMs } from '../lib/clock';
import { latestPlausible } from '../lib/plausible';
import type { SqlDriver } from '../store/sqlite/driver';
import { amendmentsOf } from '../store/tables/amendments';
import { listLearnings } from '../store/tables/learnings';
import { listSessions } from '../store/tables/session-cards';
import { publishedSummary } from '../store/tables/summaries';
import { wayOut } from '../store/tables/way-out';
import type { Door } from '../store/tables/way-out';
import { piecesOfLearning, piecesOfSession } from './candidates';
import type { Piece } from './candidates';
import { withNever } from './need';
import type { NeedPorts } from './need';
import { nothing, pack } from './pack';
import type { Weighed } from './pack';
import { termsIn } from './term-weights';

export interface BriefWish {
  /** Ids of the projects; undefined for all. */
  scopeIds: readonly number[] | undefined;
  /** Tokens. */
  budget: number;
  /** Epoch milliseconds. */
  now: number;
  /** It must not be given: a person said so, or Claude Code gives it by itself. */
  isNever?: (piece: Piece) => boolean;
}

const maxSessions = 8;
const maxLearnings = 20;
/** What was left open longer ago has been done elsewhere or was given up. */
const openDays = 14;
/** Each session further back counts this share of the one after it. */
const perSession = 0.8;
const kindWorth: Readonly<Record<GivenKind, number>> = {
  learning: 0.9,
  decision: 0.8,
  fix: 0.5,
  done: 0.7,
  open: 0.85,
  said: 0,
};
/** Of each kind, from one session. */
const maxOfKind = 2;

export function briefFor(ports: NeedPorts, wish: BriefWish): Packed {
  const door = wayOut(ports.driver, 'give');
  const pieces = [...learningsFor(ports.driver, wish, door), ...sessionsFor(ports.driver, wish, door)];
  if (pieces.length === 0) return nothing;
  return pack(
    pieces.map((piece): Weighed => ({ ...piece, terms: termsIn(piece.text) })),
    wish.budget,
    withNever(pieces, wish),
  );
}

type Valued = Piece & Pick<Weighed, 'value' | 'amendedBy'>;

function learningsFor(driver: SqlDriver, { scopeIds, now }: BriefWish, door: Door): Valued[] {
  return listLearnings(driver, { state: 'accepted', limit: maxLearnings }, scopeIds)
    .items.map((learning) => withStrength(learning, now))
    .filter(({ id, staleReason }) => staleReason === undefined && door.may(rowKeyOf({ kind: 'learning', id })))
    .map((learning) => ({
      ...piecesOfLearning(learning),
      value: kindWorth.learning * (learning.isPinned ? 1 : 0.6 + 0.4 * learning.importance),
    }));
}

function sessionsFor(driver: SqlDriver, { scopeIds, now }: BriefWish, door: Door): Valued[] {
  const { items: cards } = listSessions(driver, { limit: maxSessions, before: latestPlausible(now) }, scopeIds, now);
  const amended = new Map(
    amendmentsOf(
      driver,
      cards.map(({ id }) => id),
    )
      .toReversed()
      .map(({ earlierId, sessionId, title, at }) => [
        earlierId,
        { sessionId, title: door.titleOf(sessionId, title), at },
      ]),
  );
  return cards.flatMap(({ id, title, ownTitle, project, updatedAt }, place) => {
    if (!door.maySession(id, project.id)) return [];
    const summary = door.summaryOf(publishedSummary(driver, id));
    if (!summary) return [];
    const by = amended.get(id);
    const counts = new Map<GivenKind, number>();
    const called = door.titleOf(id, ownTitle === undefined ? summary.title || title : title);
    return piecesOfSession({ id, title: called, project, at: updatedAt, summary, said: [] }).flatMap(
      (piece): Valued[] => {
        const count = counts.get(piece.kind) ?? 0;
        counts.set(piece.kind, count + 1);
        const isPast = piece.kind === 'open' && now - piece.at > openDays * dayMs;
        // What is amended is no longer how things are; a brief has no room for history.
        if (count >= maxOfKind || isPast || (by && piece.kind === 'decision')) return [];
        return [{ ...piece, value: kindWorth[piece.kind] * perSession ** place, ...(by && { amendedBy: by }) }];
      },
    );
  });
}
