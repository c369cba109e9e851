/**
 * What was changed later must not be taken for how things are: a session that amends another one stands before it, where
 * both were found by what was said in them. An agreement is said; who asks for a command, an error or a symbol looks for
 * the session that ran it, and is not served by one that changed something else.
 */
import type { RankedSession } from '../index/full-text';
import type { SqlDriver } from '../store/sqlite/driver';
import { amendmentsAmong } from '../store/tables/amendments';
import { documentKinds } from '../store/tables/documents';

/**
 * The same sessions. Before each of the first `most`, the latest of those that amend it, if it was found further down, with
 * the score of what it amends, so that scores descend. Each session is moved once at most, because two may amend each
 * other.
 */
export function amendingFirst<Ranked extends RankedSession>(
  driver: SqlDriver,
  ranked: readonly Ranked[],
  most: number,
): readonly Ranked[] {
  const found = new Map(
    ranked.flatMap((each): [number, Ranked][] => (each.session === undefined ? [] : [[each.session, each]])),
  );
  const latest = new Map(amendmentsAmong(driver, [...found.keys()]).map(({ earlier, session }) => [earlier, session]));
  if (latest.size === 0) return ranked;
  const ordered = [...ranked];
  const settled = new Set<number>();
  for (let place = 0; place < Math.min(most, ordered.length); place++) {
    const amended = ordered[place]!;
    const by = amended.session === undefined ? undefined : latest.get(amended.session);
    const amending = by === undefined || settled.has(by) ? undefined : found.get(by);
    const from = amending && isSaid(amended) && isSaid(amending) ? ordered.indexOf(amending, place + 1) : -1;
    if (!amending || from < 0) {
      if (amended.session !== undefined) settled.add(amended.session);
      continue;
    }
    ordered.splice(from, 1);
    settled.add(amending.session!);
    ordered.splice(place, 0, { ...amending, score: amended.score, why: { ...amending.why, isAmending: true } });
    // What was moved may be amended itself: this place is looked at again.
    place--;
  }
  return ordered;
}

const isSaid = ({ best }: RankedSession): boolean => best.kind !== documentKinds.observation;
