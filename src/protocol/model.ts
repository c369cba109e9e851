/**
 * Types shared by all processes. Times are epoch milliseconds, sizes are bytes, scores are plain numbers (higher is
 * better).
 */

import type { DataClass } from './classes';
import type { DeadEnd, LearningOrigin, LearningState, MemoryKind } from './learning';
import type { NotePlace } from './note';
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

/** A forgotten session whose transcript is still there. */
export interface ForgottenSession {
  id: SessionId;
  /** The first prompt, or a title; empty when the transcript has neither near its beginning. */
  title: string;
  /** Name of the project; empty when unknown. */
  project: string;
  /** Epoch milliseconds. */
  startedAt: number;
  /** Of the transcript. */
  bytes: number;
}

/** A session as shown on a card. */
export interface SessionCard {
  id: SessionId;
  title: string;
  /** What its transcript calls it, while a person's name is its title. */
  ownTitle?: string;
  /** The highest of its rows and what is made of them, where it is read; absent below `confidential`. */
  class?: DataClass;
  /** It stands above the others in the Timeline. */
  isPinned?: true;
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
  /** Sub-agents with rows of their own, which are part of this session; absent when there are none. */
  agents?: number;
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
  /** Absent below `confidential`, and where its session says the same. */
  class?: DataClass;
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
