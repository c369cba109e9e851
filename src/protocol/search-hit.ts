/** What a search answers: hits with their reasons, facets, and what was not understood. */
import type { ObservationType, ProjectRef, PromptType, SessionId, TurnId } from './model';
import type { NoteKind } from './note';
import type { RowKey } from './row-key';

/** A range of a text to highlight: start and end in UTF-16 units. */
export type Range = readonly [start: number, end: number];

/** The best place in a session, a learning, or a file in which Claude Code remembers by itself. */
export type SearchHit = SessionHit | MessageHit | ToolHit | LearningHit | NoteHit;

interface HitBase {
  key: RowKey;
  title: string;
  /** Plain text around the best matches. */
  snippet: string;
  highlights: Range[];
  at: number;
  score: number;
  /** Marks on the row, absent when there are none. A pinned learning counts as flagged and has its own tags. */
  isFlagged?: true;
  tags?: string[];
  why: HitReasons;
}

interface HitInSession extends HitBase {
  sessionId: SessionId;
  turnId: TurnId;
  turn: number;
  project: ProjectRef;
  /** Number of further matching turns in the session. */
  moreInSession: number;
  /** Where a later session of the project says that it changed what this one agreed; the latest. */
  amendedBy?: { sessionId: SessionId; title: string; turn: number; at: number };
}

/** Found by its title; the snippet comes from its first prompt. */
export interface SessionHit extends HitInSession {
  kind: 'session';
}

export interface MessageHit extends HitInSession {
  kind: 'message';
  role: PromptType;
}

export interface ToolHit extends HitInSession {
  kind: 'tool';
  tool: string;
  type: ObservationType;
  files: string[];
}

export interface LearningHit extends HitBase {
  kind: 'learning';
  /** The first session it was learnt from, when known. */
  sessionId?: SessionId;
  /** Absent when it applies to all projects. */
  project?: ProjectRef;
}

/** A file in which Claude Code remembers by itself. It belongs to no session and proves nothing. */
export interface NoteHit extends HitBase {
  kind: 'note';
  sessionId?: undefined;
  /** Absent when it is the person's own, for all projects. */
  project?: ProjectRef;
  /** As people call the file: CLAUDE.md, memory/MEMORY.md. */
  file: string;
  note: NoteKind;
  /** Of the best match in the file, from 1. */
  line: number;
}

/** A hit in a session, which has turns. */
export type HitOfSession = SessionHit | MessageHit | ToolHit;

const maxWords = 50;
const maxWordLetters = 200;

/** What was found of a query, as the snippet has it: each word once, for marking it elsewhere too. */
export function foundWords({ snippet, highlights }: Pick<SearchHit, 'snippet' | 'highlights'>): string[] {
  const words = highlights.map(([start, end]) => snippet.slice(start, end).trim());
  return [...new Set(words)].filter((word) => word !== '' && word.length <= maxWordLetters).slice(0, maxWords);
}

export const isInSession = (hit: SearchHit): hit is HitOfSession => hit.kind !== 'learning' && hit.kind !== 'note';

/** Key of what a hit stands for: a session, whichever of its rows is the best, a learning or a note. */
export const identityOf = (hit: SearchHit): string => (isInSession(hit) ? hit.sessionId : hit.key);

/**
 * How a query was relaxed. `apart`: only `sessions` have all words in one message; others have them in several. `some`:
 * others have only some of the words. `beginning`: an unknown word was used as a prefix. `typo`: an unknown word was
 * replaced by a similar one. `phrase`: no text contains the exact phrase. `unread`: signs of this word were looked for
 * in `texts` texts only, because there are too many.
 */
export type Relaxation =
  | { kind: 'apart' | 'some'; sessions: number }
  | { kind: 'beginning' | 'phrase'; from: string }
  | { kind: 'unread'; from: string; texts: number }
  | { kind: 'typo'; from: string; to: string };

/** Why a hit has its rank. */
export type SignalName = 'length' | 'coverage' | 'together';

export interface HitReasons {
  /** Terms of the query in this session, as indexed, and the contribution of each to the score. */
  words: { term: string; score: number }[];
  /** Rank in the list of each road, from 1; absent when a road did not find it. */
  roads: { words?: number; meaning?: number };
  /** Cosine of the nearest text, when meaning found it. */
  similarity?: number;
  /** Moved up to stand before a session whose agreement it changes. */
  isAmending?: true;
  /**
   * What is known of the session besides its best places, and what the score by words is multiplied by for it. `length`: its
   * words as a share of the average session's; `coverage` and `together`: shares of the words of the question.
   */
  signals?: { name: SignalName; value: number; factor: number }[];
  /** Parts of the final score: each 0 to 1, with its weight. */
  parts: { name: 'relevance' | 'importance' | 'recency' | 'use'; value: number; weight: number }[];
}

export interface FacetCount {
  value: string;
  label: string;
  count: number;
}

/**
 * Number of sessions, learnings and notes per value, over all matches. Values can be used as filters: project ids, names,
 * whole paths, `2026-11-22`.
 */
export interface SearchFacets {
  project: FacetCount[];
  type: FacetCount[];
  tool: FacetCount[];
  branch: FacetCount[];
  /** By file name, without folders. */
  file: FacetCount[];
  /** Newest first. */
  day: FacetCount[];
}

/**
 * A part of a query that was not understood, or that hides much of the result, and its range in the typed text (UTF-16
 * units). `excluded`: a word with a dash left out at least half of the sessions, and `hint` is the same as a word.
 * `too_long`: only the text before `start` was searched.
 */
export interface QueryProblem {
  code: 'unknown_filter' | 'bad_date' | 'unclosed_quote' | 'empty_value' | 'unknown_value' | 'excluded' | 'too_long';
  start: number;
  end: number;
  /** Name of the filter, and the text that was not understood. */
  filter?: string;
  value?: string;
  /** Sessions that an exclusion left out, of how many; letters of a query that are searched. */
  count?: number;
  of?: number;
  /** English, for heads without texts of their own. */
  message: string;
  /** What to write between `start` and `end` instead. */
  hint?: string;
}

export interface SearchResult {
  hits: SearchHit[];
  /** Number of all matching sessions and learnings. */
  total: number;
  facets: SearchFacets;
  /** How the query was relaxed because too little matched. */
  relaxed: Relaxation[];
  /** Parts of the text that were not understood and were ignored. */
  problems: QueryProblem[];
  /** Only words were searched, and search by meaning could add more. */
  canRefine: boolean;
  tookMs: number;
}

export interface Suggestion {
  /** The whole text up to the caret after accepting the suggestion; for a title or a saved search, its text. */
  text: string;
  kind: 'term' | 'title' | 'file' | 'filter' | 'value' | 'search';
  /** Text for display when it differs: the completed part, or the name of a saved search. */
  label?: string;
  /** Origin, e.g. a folder. */
  detail?: string;
  /** Number of sessions with this value. */
  count?: number;
  sessionId?: SessionId;
  /** Set for a saved search. */
  searchId?: string;
}
