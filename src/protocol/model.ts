/**
 * Words every process shares. Times are epoch milliseconds, sizes are bytes, scores are plain numbers (higher is
 * better).
 */

import type { DeadEnd, LearningOrigin, LearningState, MemoryKind } from './learning';
import type { RowKey } from './row-key';

/**
 * As Claude Code names it. An alias for the reader: the compiler takes any string, since ids come from file names, rows
 * and arguments alike, and one that names no session is simply not found.
 */
export type SessionId = string;

/**
 * One turn of a session: a human prompt and all that followed until the next one. Written `<sessionId>#<turn number>`.
 * An alias as well.
 */
export type TurnId = string;

export function turnIdOf(sessionId: SessionId, turn: number): TurnId {
  return `${sessionId}#${turn}`;
}

export interface ProjectInfo {
  id: number;
  /** Last path part of the root, what a person calls the project. */
  name: string;
  /** Repository root (worktrees folded into it) or, outside git, the working folder. */
  root: string;
  sessions: number;
  lastAt: number;
}

export type SessionStatus = 'active' | 'archived' | 'deleted';

/** A session as a card shows it. */
export interface SessionCard {
  id: SessionId;
  title: string;
  project: ProjectRef;
  cwd: string;
  gitBranch: string;
  status: SessionStatus;
  startedAt: number;
  updatedAt: number;
  turns: number;
  prompts: number;
  observations: number;
  errors: number;
  filesTouched: string[];
  model: string;
  tokens: TokenCount;
  /** First human prompt, shortened to one line. */
  firstPrompt: string;
  /** True while the source grew within the last two minutes. */
  isLive: boolean;
  /** The session this one was forked or resumed from, when its lines say so. */
  originId?: SessionId;
}

export interface ProjectRef {
  id: number;
  name: string;
  root: string;
}

/** Tokens as the API counted them, each message once. */
export interface TokenCount {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

export type PromptType = 'user' | 'system' | 'assistant' | 'tool';
export type ObservationType = 'tool_result' | 'error' | 'warning' | 'info';

/** What a reader page is made of: a message or a tool call with its result. */
export type ReaderItem = ReaderMessage | ReaderTool;

interface ReaderItemBase {
  key: RowKey;
  /** What a person put on it; absent when nothing. */
  isFlagged?: true;
  tags?: string[];
  turn: number;
  at: number;
  /** Set for rows of a sub-agent. */
  agentId?: string;
  /** Set when this row was copied here by a fork or resume and belongs to another session. */
  copiedFrom?: SessionId;
}

export interface ReaderMessage extends ReaderItemBase {
  kind: 'message';
  role: PromptType;
  /** Markdown. Shortened when `truncatedBytes` is above 0. */
  text: string;
  truncatedBytes: number;
  model?: string;
  /**
   * Sort of message where role alone does not tell: thinking, compact_summary, command, notice, task, api_error,
   * attachment.
   */
  note?: string;
}

export interface ReaderTool extends ReaderItemBase {
  kind: 'tool';
  type: ObservationType;
  tool: string;
  /** One line: the command, the file, the pattern. */
  headline: string;
  /** What went in, as text (a command, JSON). Empty for edits, which come as `diffs`. */
  input: string;
  /** What came out. Shortened when `truncatedBytes` is above 0. */
  output: string;
  truncatedBytes: number;
  exitStatus?: number;
  files: string[];
  diffs: FileDiff[];
  importance: number;
  /** False while the tool has not answered. */
  isAnswered: boolean;
}

export interface FileDiff {
  file: string;
  before: string;
  after: string;
}

export interface ReaderPage {
  session: SessionCard;
  items: ReaderItem[];
  /** Opaque cursors for the page before and after this one; absent at the ends. */
  before?: string;
  after?: string;
}

export const learningCategories = ['pattern', 'solution', 'error', 'config', 'best_practice', 'general'] as const;
export type LearningCategory = (typeof learningCategories)[number];

export interface Learning {
  id: string;
  category: LearningCategory;
  title: string;
  description: string;
  context: string;
  tags: string[];
  /** 0 to 1. */
  confidence: number;
  usageCount: number;
  lastUsedAt: number | null;
  sourceSessions: SessionId[];
  isVerified: boolean;
  verificationNotes: string;
  isPinned: boolean;
  project: ProjectRef | null;
  state: LearningState;
  origin: LearningOrigin;
  deadEnd?: DeadEnd;
  memoryKind: MemoryKind;
  /** 0 to 1: importance less what faded; what a person wrote or accepted keeps it whole. */
  importance: number;
  /** What it names and is gone, a file or a symbol: it may no longer hold. */
  staleReason?: string;
  /** Pieces of evidence by what they say. */
  evidence: { for: number; against: number };
  createdAt: number;
  updatedAt: number;
}

/** A stretch of text to highlight: start and end offsets in UTF-16 units. */
export type Range = readonly [start: number, end: number];

/** The best place of a session, or a learning. */
export type SearchHit = SessionHit | MessageHit | ToolHit | LearningHit;

interface HitBase {
  key: RowKey;
  title: string;
  /** Plain text around the best words. */
  snippet: string;
  highlights: Range[];
  at: number;
  score: number;
  /** What a person put on the row, absent when nothing. A pinned learning is flagged, and has its own tags. */
  isFlagged?: true;
  tags?: string[];
  why: HitReasons;
}

interface HitInSession extends HitBase {
  sessionId: SessionId;
  turnId: TurnId;
  turn: number;
  project: ProjectRef;
  /** Further matching turns of the same session. */
  moreInSession: number;
}

/** Found by its title; the snippet is of its first prompt. */
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
  /** The first it was learned from, when that is known. */
  sessionId?: SessionId;
  /** Absent when it holds everywhere. */
  project?: ProjectRef;
}

/** What a hit stands for: a session, whichever of its rows is the best, or a learning. */
export const identityOf = (hit: SearchHit): string => (hit.kind === 'learning' ? hit.key : hit.sessionId);

/**
 * How a query was read more loosely than it was written.
 * `apart`: only `sessions` have all words in one message; others have them in several. `some`: not even that.
 * `beginning`: a word stands nowhere, words that begin so do. `typo`: the likely word for it. `phrase`: no text has it
 * exactly.
 */
export type Relaxation =
  | { kind: 'apart' | 'some'; sessions: number }
  | { kind: 'beginning' | 'phrase'; from: string }
  | { kind: 'typo'; from: string; to: string };

/** Why a hit stands where it stands. */
export interface HitReasons {
  /** Words of the query in this session, as the index has them, with what each brought to the score of the words. */
  words: { term: string; score: number }[];
  /** Place in the list of each road, from 1; absent where a road did not find it. */
  roads: { words?: number; meaning?: number };
  /** Cosine of the nearest text, where the road of meaning found it. */
  similarity?: number;
  /** What makes the final score: each part 0 to 1, and the weight it counts with. */
  parts: { name: 'relevance' | 'importance' | 'recency' | 'use'; value: number; weight: number }[];
}

export interface FacetCount {
  value: string;
  label: string;
  count: number;
}

/**
 * Sessions and learnings by value, over all that matched. Values are what the query takes: project ids, names, whole
 * paths, `2026-11-22`.
 */
export interface SearchFacets {
  project: FacetCount[];
  type: FacetCount[];
  tool: FacetCount[];
  branch: FacetCount[];
  /** By the last part of their path. */
  file: FacetCount[];
  /** Newest first. */
  day: FacetCount[];
}

/** A piece of a query that could not be understood, with its place in the text as it was typed (UTF-16 units). */
export interface QueryProblem {
  code: 'unknown_filter' | 'bad_date' | 'unclosed_quote' | 'empty_value' | 'unknown_value';
  start: number;
  end: number;
  /** Name of the filter it is about, and the text that was not understood. */
  filter?: string;
  value?: string;
  /** In English, for heads without words of their own. */
  message: string;
  /** What would be right between `start` and `end`. */
  hint?: string;
}

export interface SearchResult {
  hits: SearchHit[];
  /** Sessions and learnings that matched in all. */
  total: number;
  facets: SearchFacets;
  /** What was loosened because too little matched as asked. */
  relaxed: Relaxation[];
  /** Pieces of the text that could not be understood. The rest was answered. */
  problems: QueryProblem[];
  /** Asked for `words` only, and the road of meaning has more to say. */
  canRefine: boolean;
  tookMs: number;
}

export interface Suggestion {
  /** The whole text up to the caret, as it is once the suggestion was taken; of a title or a saved search, that. */
  text: string;
  kind: 'term' | 'title' | 'file' | 'filter' | 'value' | 'search';
  /** What is shown when it is not the text: the piece, the name of a saved search. */
  label?: string;
  /** Where it is from: a folder. */
  detail?: string;
  /** How many sessions have it. */
  count?: number;
  sessionId?: SessionId;
  /** Of a saved search. */
  searchId?: string;
}

export interface TagCount {
  tag: string;
  count: number;
}

/** A search a person wants to ask again. */
export interface SavedSearch {
  id: string;
  name: string;
  /** In the language of queries. */
  text: string;
  uses: number;
  usedAt: number;
}

/** Text of one row, whole as stored, for insertion and copying. */
export interface MemoryText {
  key: string;
  sessionId: SessionId;
  sessionTitle: string;
  projectName: string;
  at: number;
  /** Markdown. */
  text: string;
}

/** Where a row of a session is. */
export interface RowPlace {
  key: string;
  turn: number;
}
