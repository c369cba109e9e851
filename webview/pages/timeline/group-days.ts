/** Groups sessions by the day of their last activity, as one flat list for the virtual list. */
import type { SessionCard } from '../../../src/protocol/model';
import { startOfDay } from '../../state/format';

export type TimelineRow =
  | { kind: 'day'; at: number; key: string }
  | { kind: 'session'; session: SessionCard; key: string };

/**
 * Keeps the order of `sessions`. The key of the first heading contains its session, so that the list notices rows added
 * at the top.
 */
export function groupDays(sessions: readonly SessionCard[]): TimelineRow[] {
  const rows: TimelineRow[] = [];
  let day: number | undefined;
  for (const session of sessions) {
    const start = startOfDay(session.updatedAt);
    if (start !== day) {
      rows.push({ kind: 'day', at: start, key: day === undefined ? `day:${start}:${session.id}` : `day:${start}` });
      day = start;
    }
    rows.push({ kind: 'session', session, key: session.id });
  }
  return rows;
}
