/** All turns of one session that match a query, for a hit that says there are more. */
import type { SessionId } from '../../protocol/model';
import type { SearchQuery } from '../../protocol/questions/search';
import type { SearchHit } from '../../protocol/search-hit';
import { askedQuery } from '../index/asked-query';
import type { FullText } from '../index/full-text';
import type { SqlDriver } from '../store/sqlite/driver';
import { hitCards } from '../store/tables/session-cards';
import { sessionNumber } from '../store/tables/sessions';
import { sessionHit } from './hits';

interface InSessionPorts {
  driver: SqlDriver;
  index: FullText;
  clock: { now(): number };
}

/** More than a person opens one by one: the session itself is a better place to read on. */
const maxTurns = 50;

/** The best place of each turn, in reading order. Empty when the session does not match, or is gone. */
export function moreInSession(
  { driver, index, clock }: InSessionPorts,
  query: SearchQuery,
  id: SessionId,
  projectIds: readonly number[] | undefined,
): SearchHit[] {
  const no = sessionNumber(driver, id);
  if (no === undefined) return [];
  const found = index.search(askedQuery(query, projectIds, clock.now()));
  const { columns, groups, places, starts } = found.matches;
  const group = groups.findIndex((_, at) => columns.session(places[starts[at]!]!) === no);
  if (group < 0) return [];
  const best = new Map<number, number>();
  for (const at of places.subarray(starts[group], starts[group + 1])) {
    const turn = columns.turn(at);
    const known = best.get(turn);
    if (known === undefined || found.scoreOf(at) > found.scoreOf(known)) best.set(turn, at);
  }
  const cards = hitCards(driver, [no]);
  return [...best]
    .toSorted(([one], [other]) => one - other)
    .slice(0, maxTurns)
    .flatMap(([turn, at]) => {
      const ranked = {
        session: no,
        turn,
        turns: 1,
        score: found.scoreOf(at),
        best: columns.facts(at),
        newest: columns.time(at),
        why: { words: [], roads: {}, parts: [] },
      };
      return sessionHit(driver, ranked, found, cards) ?? [];
    });
}
