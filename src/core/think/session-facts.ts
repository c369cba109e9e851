/** A session read once for all rules: lines it owns, its checks from red to green, and what the person said about each turn. */
import type { SqlDriver } from '../store/driver';
import { sessionHead, sessionLines } from '../store/session-lines';
import type { SessionHead, SessionLine } from '../store/session-lines';
import { pairChecks } from './outcomes';
import type { RedGreen } from './outcomes';
import { readReactions } from './reactions';
import type { TurnReaction } from './reactions';

export interface SessionFacts {
  head: SessionHead;
  lines: SessionLine[];
  pairs: RedGreen[];
  /** By the turn they are about. */
  reactions: ReadonlyMap<number, TurnReaction>;
}

/** Undefined for a session that is not known. A fork's copies are its origin's: what was learnt there must not count twice. */
export function readSessionFacts(driver: SqlDriver, id: string): SessionFacts | undefined {
  const head = sessionHead(driver, id);
  if (!head) return undefined;
  const lines = sessionLines(driver, head.no).filter(({ isCopy }) => !isCopy);
  return { head, lines, pairs: pairChecks(lines), reactions: new Map(readReactions(lines).map((reaction) => [reaction.turn, reaction])) };
}
