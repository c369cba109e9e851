/**
 * A fresh list in the order of the shown one, while a person is at it: cards change where they are, nothing moves. What
 * comes after all that is shown is added below it, so that an import fills the list.
 */
import type { SessionCard } from '../../../src/protocol/model';
import type { TimelineData } from './load-sessions';

/** `waiting`: new sessions that are not shown yet. */
export function holdOrder(shown: TimelineData, fresh: TimelineData): { data: TimelineData; waiting: number } {
  const known = new Map(fresh.sessions.map((session) => [session.id, session]));
  const oldest = fresh.sessions.at(-1)?.updatedAt ?? 0;
  // New ones push the last ones out of the answer, which are not gone.
  const isBeyond = (session: SessionCard) =>
    fresh.next !== undefined && !session.isPinned && session.updatedAt <= oldest;
  const sessions = shown.sessions.flatMap((session) => {
    const now = known.get(session.id);
    if (now) return [{ ...now, updatedAt: session.updatedAt }];
    return isBeyond(session) ? [session] : [];
  });
  const shownIds = new Set(shown.sessions.map(({ id }) => id));
  const isNew = ({ id }: SessionCard) => !shownIds.has(id);
  const hasBeyond = shown.sessions.some((session) => !known.has(session.id) && isBeyond(session));
  const end = hasBeyond ? fresh.sessions.length : fresh.sessions.findLastIndex((session) => !isNew(session)) + 1;
  const below = fresh.sessions.slice(end);
  return {
    data: { ...shown, sessions: [...sessions, ...below], next: below.length > 0 ? fresh.next : shown.next },
    waiting: fresh.sessions.slice(0, end).filter(isNew).length,
  };
}

/** Whether the same sessions are pinned, among those that both lists have. */
export function areSamePinned(shown: TimelineData, fresh: TimelineData): boolean {
  const known = new Map(fresh.sessions.map(({ id, isPinned = false }) => [id, isPinned]));
  return shown.sessions.every(({ id, isPinned = false }) => (known.get(id) ?? isPinned) === isPinned);
}
