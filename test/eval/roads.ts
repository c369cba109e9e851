/** Search methods to compare: each turns a memory into a function from a question to sessions, best first. */
import MiniSearch from 'minisearch';
import { askedQuery } from '../../src/core/index/asked-query';
import { FullText } from '../../src/core/index/full-text';
import type { RankWeights } from '../../src/core/index/weigh';
import { silentLog } from '../../src/core/lib/log';
import { breathe } from '../../src/core/lib/turns';
import { meaningWeight } from '../../src/core/meaning/calibrate';
import { Closeness } from '../../src/core/meaning/closeness';
import type { Embedder } from '../../src/core/meaning/embedder';
import { fuse, nearSessions } from '../../src/core/meaning/fuse';
import { MeaningRoad } from '../../src/core/meaning/road';
import { amendingFirst } from '../../src/core/search/amending-first';
import { Merits, rerank, defaultWeights } from '../../src/core/search/rerank';
import type { PartWeights } from '../../src/core/search/rerank';
import type { SqlDriver } from '../../src/core/store/sqlite/driver';
import { sessionOf } from '../../src/core/store/tables/documents';

export type Ask = (text: string) => string[] | Promise<string[]>;

const maxIds = 100;
/** As many as a search shows. */
const shownHits = 20;

/**
 * MiniSearch with its defaults, one document per session, without tool output, which makes its results worse: a simple
 * baseline.
 */
export function miniSearchDefaults(driver: SqlDriver): Ask {
  const texts = new Map<string, string[]>();
  driver.each(
    `SELECT s.id, p.content FROM prompts p JOIN sessions s ON s.no = p.session UNION ALL
      SELECT s.id,
      o.headline || ' ' || plain_text(o.files_json) || ' ' || o.input || ' ' || plain_text(o.diffs_json)
      FROM observations o JOIN sessions s ON s.no = o.session`,
    [],
    ([id, text]) => {
      const known = texts.get(id as string);
      if (known) known.push(text as string);
      else texts.set(id as string, [text as string]);
    },
  );
  const index = new MiniSearch<{ id: string; text: string }>({ fields: ['text'] });
  index.addAll([...texts].map(([id, parts]) => ({ id, text: parts.join('\n') })));
  return (text) =>
    index
      .search(text)
      .slice(0, maxIds)
      .map(({ id }) => id as string);
}

export interface KeywordChange {
  ranking?: RankWeights;
  parts?: PartWeights;
}

/** Search by words with the final ranking. `now`: time of the questions in ms. */
export function keyword(
  driver: SqlDriver,
  now: number,
  { ranking, parts = defaultWeights }: KeywordChange = {},
): (text: string) => string[] {
  const index = new FullText(driver, undefined, ranking);
  const merits = new Merits(driver);
  const ids = new Map(
    driver.all<{ no: number; id: string }>('SELECT no, id FROM sessions').map(({ no, id }) => [no, id]),
  );
  return (text) => {
    const found = index.search(askedQuery({ text }, undefined, now));
    const ranked = rerank(found.sessions, found.matches.columns, merits, now, 'usual', parts);
    return amendingFirst(driver, ranked, shownHits)
      .slice(0, maxIds)
      .map(({ session }) => (session === undefined ? '' : (ids.get(session) ?? '')));
  };
}

export interface MeaningRoads {
  vectors: Ask;
  fused: Ask;
  /** With the full weight, whatever the trial says. */
  atWeight: Ask;
  /** The weight from the trial on the memory's own history. */
  weight: number;
  close(): Promise<void>;
}

/**
 * Search by words, and with vectors of an embedder at the weight from its trial. Resolves when every text has its
 * vector.
 */
export async function meaningRoads(
  driver: SqlDriver,
  dataDir: string,
  embedder: Embedder,
  now: number,
): Promise<MeaningRoads> {
  const index = new FullText(driver);
  const merits = new Merits(driver);
  const road = new MeaningRoad({
    driver,
    index,
    clock: { now: () => now },
    log: silentLog,
    dataDir,
    elapsed: () => performance.now(),
    salt: 'salt',
    machine: undefined,
    commits: undefined,
    isImporting: () => false,
    turn: breathe,
  });
  road.setEmbedder(embedder);
  await road.whenEmbedded();
  const ids = new Map(
    driver.all<{ no: number; id: string }>('SELECT no, id FROM sessions').map(({ no, id }) => [no, id]),
  );
  const idsOf = (sessions: readonly { session: number | undefined }[]) =>
    sessions.slice(0, maxIds).map(({ session }) => (session === undefined ? '' : (ids.get(session) ?? '')));
  const near = async (text: string) => {
    const vector = await road.embedQuestion(text);
    const columns = index.columns();
    const closeness = new Closeness(columns);
    return {
      closeness,
      sessions: nearSessions(columns, (vector && road.nearest(vector, undefined, closeness.add)) ?? []),
    };
  };
  const fusedWith = async (text: string, weight: number) => {
    const found = index.search(askedQuery({ text }, undefined, now));
    const certainty = found.certainty();
    const { sessions, closeness } = weight > 0 ? await near(text) : { sessions: [], closeness: undefined };
    const { columns } = found.matches;
    const fused = closeness
      ? fuse(columns, found.sessions, sessions, { certainty, closeness, weight })
      : found.sessions;
    return idsOf(amendingFirst(driver, rerank(fused, columns, merits, now), shownHits));
  };
  return {
    weight: road.weight,
    vectors: async (text) => idsOf((await near(text)).sessions.map(({ best }) => ({ session: sessionOf(best) }))),
    fused: (text) => fusedWith(text, road.weight),
    atWeight: (text) => fusedWith(text, meaningWeight),
    close: () => road.close(),
  };
}
