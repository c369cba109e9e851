/** A search as a head shows it: hits with titles, snippets and highlights, and facets over all that matched. */
import type { PromptType, SearchHit, SearchResult } from '../../protocol/model';
import { turnIdOf } from '../../protocol/model';
import type { SearchQuery } from '../../protocol/questions/search';
import { countFacets } from '../index/facets';
import type { Ranking } from '../index/full-text';
import { makeSnippet } from '../index/snippet';
import { chunksOf } from '../meaning/chunks';
import type { FusedSession } from '../meaning/fuse';
import type { SqlDriver } from '../store/sqlite/driver';
import { documentKinds, documentText } from '../store/tables/documents';
import { getLearningByRow } from '../store/tables/learnings';
import { marksFrom, marksOf } from '../store/tables/marks';
import { filesOf } from '../store/tables/reader';
import { allProjects, getCards } from '../store/tables/sessions';
import { textForMeaning } from '../store/tables/vectors';
import { rerank } from './rerank';
import type { Merits } from './rerank';

/** A ranked session with what only the shown ones need. */
type Shown = FusedSession & { turns: number };

const defaultHits = 20;

/** A ranking by one road or both. */
export interface Found extends Ranking {
  sessions: FusedSession[];
}

/** The best of a ranking, as a head shows them. */
export function showFound(
  driver: SqlDriver,
  found: Found,
  merits: Merits,
  query: SearchQuery,
  now: number,
): Omit<SearchResult, 'canRefine' | 'tookMs'> {
  const best: FusedSession[] = rerank(found.sessions, found.matches.columns, merits, now, query.recency);
  const ordered = found.order === 'newest' ? best.sort((a, b) => b.newest - a.newest) : best;
  const least = query.minScore ?? 0;
  const top = ordered
    .filter(({ score }) => score >= least)
    .slice(0, query.limit ?? defaultHits)
    .map((ranked): Shown => {
      const { turns, words } = ranked.turns === undefined ? found.detail(ranked) : { turns: ranked.turns, words: [] };
      return { ...ranked, turns, why: { ...ranked.why, words } };
    });
  const cards = getCards(
    driver,
    top.map(({ session }) => session),
    now,
  );
  const hits = top.flatMap((ranked): SearchHit[] => {
    const hit =
      ranked.best.kind === documentKinds.learning
        ? learningHit(driver, ranked, found)
        : sessionHit(driver, ranked, found, cards);
    return hit ? [hit] : [];
  });
  return {
    hits: mark(driver, hits),
    total: found.total,
    facets: countFacets(found.matches, allProjects(driver)),
    relaxed: found.relaxed,
    problems: found.problems,
  };
}

/** Learnings bring their own. */
function mark(driver: SqlDriver, hits: readonly SearchHit[]): SearchHit[] {
  const marks = marksOf(
    driver,
    hits.filter(({ kind }) => kind === 'message' || kind === 'tool').map(({ key }) => key),
  );
  return hits.map((hit) => ({ ...hit, ...marks.get(hit.key) }));
}

function sessionHit(
  driver: SqlDriver,
  ranked: Shown,
  ranking: Ranking,
  cards: ReturnType<typeof getCards>,
): SearchHit | undefined {
  const card = cards.get(ranked.session);
  if (!card) return undefined;
  const { best } = ranked;
  const isTool = best.kind === documentKinds.observation;
  const isTitle = best.kind === documentKinds.session;
  // A title says nothing about the place: the first prompt does.
  const text = isTitle
    ? card.firstPrompt || card.title
    : (pieceOf(driver, ranked) ?? documentText(driver, best.kind, best.row));
  const key = isTitle ? `s${card.id}` : `${isTool ? 'o' : 'p'}${best.row}`;
  return {
    kind: isTitle ? 'session' : isTool ? 'tool' : 'message',
    key,
    sessionId: card.id,
    turnId: turnIdOf(card.id, ranked.turn),
    turn: ranked.turn,
    title: card.title,
    ...makeSnippet(text, ranking.terms, undefined, ranking.prefix),
    role: isTool ? 'tool' : isTitle ? 'user' : (best.facet as PromptType),
    ...(isTool && { tool: best.tool, type: best.facet as NonNullable<SearchHit['type']> }),
    files: isTool ? filesOf(driver, best.row) : [],
    project: card.project,
    at: best.at || card.updatedAt,
    score: ranked.score,
    moreInSession: ranked.turns - 1,
    why: ranked.why,
  };
}

/** The piece that meaning found, where no word did. */
function pieceOf(driver: SqlDriver, { best, chunk }: FusedSession): string | undefined {
  return chunk === undefined ? undefined : chunksOf(textForMeaning(driver, best.id) ?? '')[chunk];
}

function learningHit(driver: SqlDriver, ranked: Shown, ranking: Ranking): SearchHit | undefined {
  const learning = getLearningByRow(driver, ranked.best.row);
  if (!learning) return undefined;
  return {
    kind: 'learning',
    key: `l${learning.id}`,
    sessionId: learning.sourceSessions[0] ?? '',
    turnId: '',
    turn: 0,
    title: learning.title,
    ...makeSnippet(learning.description || learning.title, ranking.terms, undefined, ranking.prefix),
    role: 'user',
    files: [],
    project: learning.project ?? { id: 0, name: '', root: '' },
    at: learning.updatedAt,
    score: ranked.score,
    moreInSession: 0,
    ...marksFrom(learning.isPinned, learning.tags),
    why: ranked.why,
  };
}
