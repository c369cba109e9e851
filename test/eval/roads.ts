/** The ways to an answer that are compared: each makes of a memory a function from a question to sessions, best first. */
import MiniSearch from 'minisearch';
import { FullText } from '../../src/core/index/search';
import { Merits, rerank, usualWeights } from '../../src/core/index/rerank';
import type { PartWeights } from '../../src/core/index/rerank';
import type { RankWeights } from '../../src/core/index/weigh';
import type { SqlDriver } from '../../src/core/store/driver';

export type Ask = (text: string) => string[];

const mostIds = 100;

/** MiniSearch as it comes, each session one document: what one would write in an afternoon. */
export function miniSearchDefaults(driver: SqlDriver): Ask {
  const texts = new Map<string, string[]>();
  driver.each("SELECT s.id, p.content FROM prompts p JOIN sessions s ON s.no = p.session UNION ALL SELECT s.id, o.headline || ' ' || o.input || ' ' || o.content FROM observations o JOIN sessions s ON s.no = o.session", [], ([id, text]) => {
    const known = texts.get(id as string);
    if (known) known.push(text as string);
    else texts.set(id as string, [text as string]);
  });
  const index = new MiniSearch<{ id: string; text: string }>({ fields: ['text'] });
  index.addAll([...texts].map(([id, parts]) => ({ id, text: parts.join('\n') })));
  return (text) => index.search(text).slice(0, mostIds).map(({ id }) => id as string);
}

export interface KeywordChange {
  ranking?: RankWeights;
  parts?: PartWeights;
}

/** Our words alone, up to the order a person sees. `now` in ms: when the questions are asked. */
export function keyword(driver: SqlDriver, now: number, { ranking, parts = usualWeights }: KeywordChange = {}): Ask {
  const index = new FullText(driver, undefined, ranking);
  const merits = new Merits(driver);
  const ids = new Map(driver.all<{ no: number; id: string }>('SELECT no, id FROM sessions').map(({ no, id }) => [no, id]));
  return (text) => {
    const found = index.search({ text }, undefined, now);
    return rerank(found.sessions, found.matches.columns, merits, now, 'usual', parts).slice(0, mostIds).map(({ session }) => ids.get(session) ?? '');
  };
}
