/**
 * Search that follows the graph: sessions that worked on what the best hits worked on move up. Adds none: only the
 * order changes.
 */
import type { RankedSession } from '../../index/full-text';
import type { SqlDriver } from '../../store/sqlite/driver';
import { entitiesOfSessions, sessionShares } from '../../store/tables/graph';
import { rankNodes } from './pagerank';
import type { Link } from './pagerank';

/** The best hits begin the walk; of each so many entities. */
const mostSeeds = 3;
const mostEntities = 25;
/** How much the graph says beside the words, 0 to 1. */
const usualWeight = 0.15;

export function reachByGraph<Ranked extends RankedSession>(
  driver: SqlDriver,
  sessions: readonly Ranked[],
  weight = usualWeight,
): Ranked[] {
  const seeds = sessions.filter(({ session }) => session !== 0).slice(0, mostSeeds);
  const entities = [
    ...new Set(
      entitiesOfSessions(
        driver,
        seeds.map(({ session }) => session),
        mostEntities,
      ),
    ),
  ];
  if (entities.length === 0) return [...sessions];
  const places = new Map<string, number>(seeds.map(({ session }, index) => [`s${session}`, index]));
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
