/** A search as a head shows it: hits with titles, snippets and highlights, and facets over all that matched. */
import type { SearchQuery } from '../protocol/memory-api';
import type { FacetCount, PromptType, SearchHit, SearchResult } from '../protocol/model';
import { turnIdOf } from '../protocol/model';
import { checkLimit } from './checks';
import type { Matches, Ranking } from './index/search';
import { makeSnippet } from './index/snippet';
import { chunksOf } from './meaning/chunks';
import type { FusedSession } from './meaning/fuse';
import { documentKinds, documentText } from './store/documents';
import type { SqlDriver } from './store/driver';
import { getLearningByRow } from './store/learnings';
import { filesOf } from './store/reader';
import { allProjects, getCards } from './store/sessions';
import { textForMeaning } from './store/vectors';

const usualHits = 20;
const mostHits = 100;
const mostFacets = 12;

/** A ranking by one road or both. */
export interface Found extends Ranking {
  sessions: FusedSession[];
}

/** The best of a ranking, as a head shows them. */
export function showFound(driver: SqlDriver, found: Found, query: SearchQuery, now: number): Omit<SearchResult, 'canRefine' | 'tookMs'> {
  const top = found.sessions.slice(0, checkLimit(query.limit, usualHits, mostHits));
  const cards = getCards(driver, top.map(({ session }) => session), now);
  const hits = top.flatMap((ranked): SearchHit[] => {
    const hit = ranked.best.kind === documentKinds.learning ? learningHit(driver, ranked, found) : sessionHit(driver, ranked, found, cards);
    return hit ? [hit] : [];
  });
  return { hits, total: found.sessions.length, facets: countFacets(driver, found.matches), relaxed: found.relaxed };
}

function sessionHit(driver: SqlDriver, ranked: FusedSession, ranking: Ranking, cards: ReturnType<typeof getCards>): SearchHit | undefined {
  const card = cards.get(ranked.session);
  if (!card) return undefined;
  const { best } = ranked;
  const isTool = best.kind === documentKinds.observation;
  const isTitle = best.kind === documentKinds.session;
  // A title says nothing about the place: the first prompt does.
  const text = isTitle ? card.firstPrompt || card.title : (pieceOf(driver, ranked) ?? documentText(driver, best.kind, best.row));
  const key = isTitle ? `s${card.id}` : `${isTool ? 'o' : 'p'}${best.row}`;
  return {
    kind: isTitle ? 'session' : isTool ? 'tool' : 'message', key, sessionId: card.id, turnId: turnIdOf(card.id, ranked.turn), turn: ranked.turn, title: card.title,
    ...makeSnippet(text, ranking.terms, undefined, ranking.prefix),
    role: isTool ? 'tool' : isTitle ? 'user' : (best.facet as PromptType), ...(isTool && { tool: best.tool, type: best.facet as NonNullable<SearchHit['type']> }),
    files: isTool ? filesOf(driver, best.row) : [], project: card.project, at: best.at || card.updatedAt, score: ranked.score, moreInSession: ranked.turns - 1, why: ranked.why,
  };
}

/** The piece that meaning found, where no word did. */
function pieceOf(driver: SqlDriver, { best, chunk }: FusedSession): string | undefined {
  return chunk === undefined ? undefined : chunksOf(textForMeaning(driver, best.id) ?? '')[chunk];
}

function learningHit(driver: SqlDriver, ranked: FusedSession, ranking: Ranking): SearchHit | undefined {
  const learning = getLearningByRow(driver, ranked.best.row);
  if (!learning) return undefined;
  return {
    kind: 'learning', key: `l${learning.id}`, sessionId: learning.sourceSessions[0] ?? '', turnId: '', turn: 0, title: learning.title,
    ...makeSnippet(learning.description || learning.title, ranking.terms, undefined, ranking.prefix),
    role: 'user', files: [], project: learning.project ?? { id: 0, name: '', root: '' }, at: learning.updatedAt, score: ranked.score, moreInSession: 0, why: ranked.why,
  };
}

/** Sessions (not rows) per project, type and tool. */
function countFacets(driver: SqlDriver, { columns, groups }: Matches): SearchResult['facets'] {
  const counters = { project: new Map<string, number>(), type: new Map<string, number>(), tool: new Map<string, number>() };
  for (const group of groups) {
    const seen = { project: new Set<string>(), type: new Set<string>(), tool: new Set<string>() };
    for (const at of group) {
      const kind = columns.kind(at);
      if (columns.project(at) !== 0) seen.project.add(String(columns.project(at)));
      if (kind !== documentKinds.session) seen.type.add(columns.facet(at));
      if (kind === documentKinds.observation) seen.tool.add(columns.tool(at));
    }
    for (const name of ['project', 'type', 'tool'] as const) for (const value of seen[name]) counters[name].set(value, (counters[name].get(value) ?? 0) + 1);
  }
  const names = new Map(allProjects(driver).map(({ id, name }) => [String(id), name]));
  const facets = (counts: ReadonlyMap<string, number>, labelOf: (value: string) => string = (value) => value): FacetCount[] =>
    [...counts].map(([value, count]) => ({ value, label: labelOf(value), count })).sort((a, b) => b.count - a.count || a.label.localeCompare(b.label)).slice(0, mostFacets);
  return { project: facets(counters.project, (value) => names.get(value) ?? value), type: facets(counters.type), tool: facets(counters.tool) };
}
