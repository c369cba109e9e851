/**
 * Types shared by all processes. Times are epoch milliseconds, sizes are bytes, scores are plain numbers (higher is
 * better).
 */

import type { DeadEnd, LearningOrigin, LearningState, MemoryKind } from './learning';
import type { RowKey } from './row-key';

/**
 * Id from Claude Code. Only an alias: ids come from file names, rows and arguments, and an unknown one is simply not
 * found.
 */
export type SessionId = string;

/**
 * One turn of a session: a human prompt and everything up to the next one. Written `<sessionId>#<turn number>`. Only an
 * alias too.
 */
export type TurnId = string;

export function turnIdOf(sessionId: SessionId, turn: number): TurnId {
  return `${sessionId}#${turn}`;
}

export interface ProjectInfo {
  id: number;
  /** Last part of the root's path. */
  name: string;
  /** Root of the repository (the same for its worktrees); outside git, the working folder. */
  root: string;
  sessions: number;
  lastAt: number;
  /** Projects that are shown as one with it, by the folders they had. */
  joined?: ProjectRef[];
}

/** Two projects that are shown as one. */
export interface ProjectJoin {
  id: number;
  from: Pick<ProjectRef, 'name' | 'root'>;
  /** As which one it is shown. */
  into: Pick<ProjectRef, 'name' | 'root'>;
  /** Of `from`. */
  sessions: number;
  /** `moved`: found out, because its folder is gone and its repository is in another one. */
  why: 'moved' | 'hand';
  at: number;
}

/** What a join would show as one. */
export interface JoinPreview {
  from: ProjectInfo;
  into: ProjectInfo;
}

type SessionStatus = 'active' | 'archived' | 'deleted';

/** A session as shown on a card. */
export interface SessionCard {
  id: SessionId;
  title: string;
  project: ProjectRef;
  cwd: string;
  /** Where that folder is now, when the project was joined with one that has another root. */
  movedTo?: string;
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
  /** True when the source grew within the last two minutes. */
  isLive: boolean;
  /** The session this one was forked or resumed from, when the transcript names it. */
  originId?: SessionId;
}

export interface ProjectRef {
  id: number;
  name: string;
  root: string;
}

/** Tokens as the API reported them, each message once. */
interface TokenCount {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

export type PromptType = 'user' | 'system' | 'assistant' | 'tool';
export type ObservationType = 'tool_result' | 'error' | 'warning' | 'info';

/** A row of the reader: a message, or a tool call with its result. */
export type ReaderItem = ReaderMessage | ReaderTool;

/** A row alone, with the session it is in. */
export type PlacedItem = ReaderItem & { session: Pick<SessionCard, 'id' | 'title' | 'project'> };

interface ReaderItemBase {
  key: RowKey;
  /** Marks that a person set; absent when there are none. */
  isFlagged?: true;
  tags?: string[];
  turn: number;
  at: number;
  /** Set for rows of a sub-agent. */
  agentId?: string;
  /** Set when a fork or resume copied this row; it belongs to that session. */
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
   * Kind of message where the role is not enough: thinking, compact_summary, command, notice, task, api_error,
   * attachment.
   */
  note?: string;
}

export interface ReaderTool extends ReaderItemBase {
  kind: 'tool';
  type: ObservationType;
  tool: string;
  /** One line: the command, file or pattern. */
  headline: string;
  /** The input as text (a command, JSON). Empty for edits, which have `diffs`. */
  input: string;
  /** The output. Shortened when `truncatedBytes` is above 0. */
  output: string;
  truncatedBytes: number;
  exitStatus?: number;
  files: string[];
  diffs: FileDiff[];
  importance: number;
  /** False until the tool has answered. */
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
  /** From 0 to 1. */
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
  /** 0 to 1: the importance, reduced by time without use. What a person wrote or accepted is not reduced. */
  importance: number;
  /** The cited file or symbol that no longer exists; the learning may be outdated. */
  staleReason?: string;
  /** Number of pieces of evidence for and against it. */
  evidence: { for: number; against: number };
  /** Of an accepted one: the file of Claude Code's own memory in which it stands already. */
  standsIn?: NotePlace;
  /** The same of a file that says something else of the same, with its words. */
  contradicts?: NotePlace & { text: string };
  createdAt: number;
  updatedAt: number;
}

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

/**
 * What a file of Claude Code's own memory is. `instructions`: CLAUDE.md and what it imports; `rule`: of a rules folder;
 * `index` and `fact`: of its automatic memory.
 */
export type NoteKind = 'instructions' | 'rule' | 'index' | 'fact';

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

/** A place in such a file. */
export interface NotePlace {
  key: RowKey;
  file: string;
  line: number;
}

/** Such a file on the disk. */
export interface NoteSource extends NotePlace {
  path: string;
}

/** A hit in a session, which has turns. */
export type HitOfSession = SessionHit | MessageHit | ToolHit;

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
export interface HitReasons {
  /** Terms of the query in this session, as indexed, and the contribution of each to the score. */
  words: { term: string; score: number }[];
  /** Rank in the list of each road, from 1; absent when a road did not find it. */
  roads: { words?: number; meaning?: number };
  /** Cosine of the nearest text, when meaning found it. */
  similarity?: number;
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

export interface TagCount {
  tag: string;
  count: number;
}

/** A query that a person saved. */
export interface SavedSearch {
  id: string;
  name: string;
  /** In the query language. */
  text: string;
  uses: number;
  usedAt: number;
}

/** A call of a tool that changed a file. */
export interface FileEdit extends RowPlace {
  key: RowKey;
  sessionId: SessionId;
  /** Of the session. */
  title: string;
  at: number;
  tool: string;
  type: ObservationType;
  /** It wrote the line that was asked for. */
  wroteLine?: true;
}

/** The full stored text of one row, for inserting and copying. */
export interface MemoryText {
  key: string;
  sessionId: SessionId;
  sessionTitle: string;
  projectName: string;
  at: number;
  /** Markdown. */
  text: string;
}

/** The place of a row in its session. */
export interface RowPlace {
  key: string;
  turn: number;
}
