/** A search as a head shows it: hits with titles, snippets and highlights, and facets over all that matched. */
import { turnIdOf } from '../../protocol/model';
import type { SearchQuery } from '../../protocol/questions/search';
import { rowKeyOf } from '../../protocol/row-key';
import type {
  LearningHit,
  MessageHit,
  NoteHit,
  SearchHit,
  SearchResult,
  SessionHit,
  ToolHit,
} from '../../protocol/search-hit';
import { isInSession } from '../../protocol/search-hit';
import { countFacets } from '../index/facets';
import type { Ranking } from '../index/full-text';
import { makeSnippet } from '../index/snippet';
import type { Snippet, TextForm } from '../index/snippet';
import { orderTime } from '../lib/plausible';
import { escapeForPattern } from '../lib/regex';
import { composed } from '../lib/text';
import { chunksOf } from '../meaning/chunks';
import type { FusedSession } from '../meaning/fuse';
import type { SqlDriver } from '../store/sqlite/driver';
import { amendmentsOf } from '../store/tables/amendments';
import { documentKinds, documentText } from '../store/tables/documents';
import { getLearningByRow } from '../store/tables/learnings';
import { marksFrom, marksOf } from '../store/tables/marks';
import { getNote } from '../store/tables/notes';
import { shownProjects } from '../store/tables/projects';
import { filesOf } from '../store/tables/reader';
import { hitCards } from '../store/tables/session-cards';
import { textForMeaning } from '../store/tables/vectors';
import { amendingFirst } from './amending-first';
import { rerank } from './rerank';
import type { Merits } from './rerank';

/** A ranked session with what only the shown ones need. */
export type Shown = FusedSession & { turns: number };

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
  const most = query.limit ?? defaultHits;
  const ordered =
    found.order === 'newest'
      ? best.sort((a, b) => orderTime(b.newest, now) - orderTime(a.newest, now))
      : amendingFirst(driver, best, most);
  const least = query.minScore ?? 0;
  const top = ordered
    .filter(({ score }) => score >= least)
    .slice(0, most)
    .map((ranked): Shown => {
      const { turns, words } = ranked.turns === undefined ? found.detail(ranked) : { turns: ranked.turns, words: [] };
      return { ...ranked, turns, why: { ...ranked.why, words } };
    });
  const cards = hitCards(
    driver,
    top.flatMap(({ session }) => session ?? []),
  );
  const projects = shownProjects(driver);
  const hits = top.flatMap((ranked): SearchHit[] => {
    const hit =
      ranked.best.kind === documentKinds.learning
        ? learningHit(driver, ranked, found)
        : ranked.best.kind === documentKinds.note
          ? noteHit(driver, ranked, found, projects)
          : sessionHit(driver, ranked, found, cards);
    return hit ? [hit] : [];
  });
  return {
    hits: tellAmended(driver, mark(driver, hits)),
    total: found.total,
    facets: countFacets(found.matches, projects),
    relaxed: found.relaxed,
    problems: found.problems,
  };
}

/** What was changed later must not be taken for how things are. */
function tellAmended(driver: SqlDriver, hits: readonly SearchHit[]): SearchHit[] {
  const sessions = hits.flatMap((hit) => (isInSession(hit) ? [hit.sessionId] : []));
  // The earliest first, so that the latest remains.
  const latest = new Map(
    amendmentsOf(driver, sessions)
      .toReversed()
      .map((each) => [each.earlierId, each]),
  );
  return hits.map((hit): SearchHit => {
    const by = isInSession(hit) ? latest.get(hit.sessionId) : undefined;
    if (!isInSession(hit) || !by) return hit;
    const { sessionId, title, turn, at } = by;
    return { ...hit, amendedBy: { sessionId, title, turn, at } };
  });
}

/** Learnings bring their own. */
function mark(driver: SqlDriver, hits: readonly SearchHit[]): SearchHit[] {
  const marks = marksOf(
    driver,
    hits.filter(({ kind }) => kind === 'message' || kind === 'tool').map(({ key }) => key),
  );
  return hits.map((hit) => ({ ...hit, ...marks.get(hit.key) }));
}

/** A hit in a session for one of its places; undefined when the session is gone. */
export function sessionHit(
  driver: SqlDriver,
  ranked: Shown,
  ranking: Ranking,
  cards: ReturnType<typeof hitCards>,
): SessionHit | MessageHit | ToolHit | undefined {
  const card = ranked.session === undefined ? undefined : cards.get(ranked.session);
  if (!card) return undefined;
  const { best } = ranked;
  const isTitle = best.kind === documentKinds.session;
  // A title says nothing about the place: the first prompt does.
  const text = isTitle
    ? card.firstPrompt || card.title
    : (pieceOf(driver, ranked) ?? documentText(driver, best.kind, best.row));
  const place = {
    sessionId: card.id,
    turnId: turnIdOf(card.id, ranked.turn),
    turn: ranked.turn,
    title: card.title,
    ...snippetOf(text, ranking, best.kind === documentKinds.observation ? 'output' : 'markdown'),
    project: card.project,
    at: best.at || card.updatedAt,
    score: ranked.score,
    moreInSession: ranked.turns - 1,
    why: ranked.why,
  };
  if (isTitle) return { kind: 'session', key: rowKeyOf({ kind: 'session', id: card.id }), ...place };
  if (best.kind === documentKinds.observation)
    return {
      kind: 'tool',
      key: rowKeyOf({ kind: 'observation', row: best.row }),
      ...place,
      tool: best.tool,
      type: best.facet as ToolHit['type'],
      files: filesOf(driver, best.row),
    };
  return {
    kind: 'message',
    key: rowKeyOf({ kind: 'prompt', row: best.row }),
    ...place,
    role: best.facet as MessageHit['role'],
  };
}

const snippetOf = (text: string, { terms, prefix, codeWords }: Ranking, form: TextForm): Snippet =>
  makeSnippet(text, terms, undefined, prefix, codeWords, form);

/** The piece that meaning found, where no word did. */
function pieceOf(driver: SqlDriver, { best, chunk }: FusedSession): string | undefined {
  return chunk === undefined ? undefined : chunksOf(textForMeaning(driver, best.id) ?? '')[chunk];
}

function noteHit(
  driver: SqlDriver,
  ranked: Shown,
  ranking: Ranking,
  projects: ReturnType<typeof shownProjects>,
): NoteHit | undefined {
  const note = getNote(driver, ranked.best.row);
  if (!note) return undefined;
  const project = note.projectId === null ? undefined : projects.get(note.projectId);
  const raw = snippetOf(note.body, ranking, 'raw');
  return {
    kind: 'note',
    key: rowKeyOf({ kind: 'note', row: note.no }),
    ...(project && { project }),
    title: note.title,
    file: note.name,
    note: note.kind,
    line: lineOfWords(note.body, raw),
    ...snippetOf(note.body, ranking, 'markdown'),
    at: note.mtime,
    score: ranked.score,
    why: ranked.why,
  };
}

/** The line of the first word that a snippet highlights, from 1: a snippet has its text with spaces folded. */
function lineOfWords(text: string, { snippet, highlights }: Snippet): number {
  const [from] = highlights[0] ?? [];
  if (from === undefined) return 1;
  const pattern = (part: string) => part.split(/\s+/).map(escapeForPattern).join('\\s+');
  // With what stands before it: the word alone may be in other lines too.
  const before = snippet.slice(snippet.startsWith('…') ? 1 : 0, from);
  const place = new RegExp(pattern(before), 'u').exec(composed(text));
  if (!place) return 1;
  return text.slice(0, place.index + place[0].length).split('\n').length;
}

function learningHit(driver: SqlDriver, ranked: Shown, ranking: Ranking): LearningHit | undefined {
  const learning = getLearningByRow(driver, ranked.best.row);
  if (!learning) return undefined;
  const [sessionId] = learning.sourceSessions;
  return {
    kind: 'learning',
    key: rowKeyOf({ kind: 'learning', id: learning.id }),
    ...(sessionId !== undefined && { sessionId }),
    ...(learning.project && { project: learning.project }),
    title: learning.title,
    ...snippetOf(learning.description || learning.title, ranking, 'markdown'),
    at: learning.updatedAt,
    score: ranked.score,
    ...marksFrom(learning.isPinned, learning.tags),
    why: ranked.why,
  };
}
