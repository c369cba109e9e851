/**
 * An experiment that is not part of the product: moves up sessions that worked on the same things as the best hits. It
 * adds no session and changes only the order.
 */
import { rankNodes } from '../../src/core/distil/graph/pagerank';
import type { Link } from '../../src/core/distil/graph/pagerank';
import type { RankedSession } from '../../src/core/index/full-text';
import type { SqlDriver } from '../../src/core/store/sqlite/driver';
import { sessionShares } from '../../src/core/store/tables/graph';

/** The walk starts at the best hits, with this many entities of each. */
const maxSeeds = 3;
const maxEntities = 25;
/** Weight of the graph against words, 0 to 1. */
const defaultWeight = 0.15;

export function reachByGraph<Ranked extends RankedSession>(
  driver: SqlDriver,
  sessions: readonly Ranked[],
  weight = defaultWeight,
): Ranked[] {
  const seeds = sessions.flatMap(({ session }) => session ?? []).slice(0, maxSeeds);
  const entities = [...new Set(entitiesOfSessions(driver, seeds, maxEntities))];
  if (entities.length === 0) return [...sessions];
  const places = new Map<string, number>(seeds.map((session, index) => [`s${session}`, index]));
  const placeOf = (key: string) => {
    const known = places.get(key) ?? places.size;
    places.set(key, known);
    return known;
  };
  const links = sessionShares(driver, entities).map((share): Link => ({
    from: placeOf(`s${share.session}`),
    to: placeOf(`e${share.entity}`),
    weight: Math.log1p(share.weight),
  }));
  const ranks = rankNodes(
    places.size,
    links,
    seeds.map((_, index) => index),
  );
  const of = ({ session }: RankedSession) => ranks[places.get(`s${session}`) ?? -1] ?? 0;
  const top = Math.max(...sessions.map(of), Number.MIN_VALUE);
  return sessions
    .map((each) => ({ ...each, score: each.score * (1 - weight) + weight * (of(each) / top) }))
    .sort((a, b) => b.score - a.score);
}

/** Files, symbols, errors and fixes of these sessions, the heaviest of each. */
function entitiesOfSessions(driver: SqlDriver, sessions: readonly number[], most: number): number[] {
  return sessions.flatMap((session) =>
    driver
      .all<{ id: number }>(
        `SELECT e.id FROM relations r JOIN entities e ON e.id IN (r.from_entity, r.to_entity) WHERE r.session = ?1
          AND e.kind IN ('file', 'symbol', 'error', 'solution')
         GROUP BY e.id ORDER BY sum(r.weight) DESC, e.id LIMIT ?2`,
        [session, most],
      )
      .map(({ id }) => id),
  );
}
