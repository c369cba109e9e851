/**
 * Every request a head can make to the keeper. All arguments and results are JSON; a trailing AbortSignal is
 * transmitted.
 */
import { careMethods } from './care';
import type { CareApi, CareSettings, SizesByPart } from './care';
import { insightsMethods } from './insights';
import type { InsightsApi } from './insights';
import { learnMethods } from './learning';
import type { LearnApi, LearningState } from './learning';
import { meaningMethods } from './meaning';
import type { MeaningApi, MeaningStatus } from './meaning';
import type {
  Learning,
  LearningCategory,
  ObservationType,
  ProjectInfo,
  ReaderItem,
  ReaderPage,
  SavedSearch,
  SearchResult,
  SessionCard,
  SessionId,
  Suggestion,
  TagCount,
} from './model';
import { spendMethods } from './spend';
import type { QueueStatus, SpendApi } from './spend';
import { summaryMethods } from './summary';
import type { SummaryApi } from './summary';

export interface Page<T> {
  items: T[];
  /** Opaque cursor of the next page; absent at the end. */
  next?: string;
}

/**
 * Where to search. `roots` are folders of open workspaces; the keeper maps them to projects, and a worktree to its
 * repository.
 */
export interface Scope {
  roots?: string[];
  projectIds?: number[];
}

export interface SessionQuery {
  scope?: Scope;
  /** Only sessions updated in [after, before). */
  after?: number;
  before?: number;
  /** Only sessions with errors, or only live ones. */
  only?: 'errors' | 'live';
  /** Words that the title or the first prompt must contain. */
  text?: string;
  cursor?: string;
  /** 1 to 200, default 50. */
  limit?: number;
}

export interface SearchQuery {
  /**
   * Words, "phrases", -not, prefix*, and filters: `project:` `type:` `tool:` `branch:` `file:` `tag:` `is:` `on:`
   * `after:` `before:`.
   */
  text: string;
  scope?: Scope;
  types?: (ObservationType | 'user' | 'assistant' | 'learning')[];
  tools?: string[];
  /** Exact branch names and file paths; any of them matches. */
  branches?: string[];
  files?: string[];
  /** Local days, as `2026-11-22`. */
  days?: string[];
  after?: number;
  before?: number;
  /** `best` when absent. */
  sort?: 'best' | 'newest';
  /** How much the time counts in the rank; `usual` when absent. */
  recency?: 'off' | 'usual' | 'strong';
  /** 1 to 100, default 20. At most one hit per session. */
  limit?: number;
  /** 0 to 1: hits below it are left out. Total and facets still count all matches. */
  minScore?: number;
  /** The last word is incomplete, so it also matches as a prefix. */
  isTyping?: boolean;
  /** `words` answers fastest; `all`, the default, also searches by meaning when that has a weight. */
  roads?: 'words' | 'all';
  /** Row key or session (`s<id>`): finds similar ones instead of searching for words. */
  similarTo?: string;
}

export interface ReadQuery {
  sessionId: SessionId;
  /** Start at this page cursor, around this row key, or around this turn; otherwise at the beginning. */
  cursor?: string;
  aroundKey?: string;
  aroundTurn?: number;
  /** Number of rows: 1 to 200, default 60. */
  limit?: number;
}

/** Settings of a head. Sent on connect and whenever one changes. */
export interface CaptureSettings {
  /** Claude config folders to read, most important first. Absolute. */
  configDirs: string[];
  /** Open workspace folders: their projects are imported first. */
  roots: string[];
  /** Workspace folders that this window trusts; git is run only there. */
  trustedRoots?: string[];
  /** Globs over project folders that must not be read. */
  exclude: string[];
  /** Name of the sender: excludes are stored per source, so they still apply after its window has closed. */
  source: string;
  /** Longest line read whole, in bytes. */
  maxLineBytes: number;
  /** Whether transcripts are archived; unchanged when absent. */
  isArchiving?: boolean;
  /** Limits for backups and retention; unchanged when absent. */
  care?: CareSettings;
}

export interface CaptureState {
  phase: 'idle' | 'scanning' | 'importing' | 'paused' | 'cancelled' | 'error';
  filesTotal: number;
  filesDone: number;
  bytesTotal: number;
  bytesDone: number;
  /** The file being read, without its folder. */
  current: string;
  /** The error when the phase is `error`, or why the memory is limited. */
  reason?: string;
}

/** Sum of the ledgers of all files: seen = stored + skipped. */
export interface LedgerTotals {
  files: number;
  bytesSeen: number;
  bytesStored: number;
  /**
   * Bytes by reason: duplicate, noise, unknown, malformed, too_long, empty, incomplete, excluded, private, own,
   * forgotten, observer, expired.
   */
  bytesSkipped: Record<string, number>;
  linesSkipped: Record<string, number>;
  redactions: number;
  /** Sources that were deleted from disk; their sessions exist only in the memory. */
  filesGone: number;
}

/** Transcripts stored without their secrets, which survive the client's clean-up. */
export interface ArchiveStatus {
  isOn: boolean;
  /** The archive cannot be opened; the rest of the memory works. */
  isBroken: boolean;
  files: number;
  sessions: number;
  /** Size of the transcripts, and of the archive's file. */
  plainBytes: number;
  bytes: number;
  redactions: number;
}

/** Result of restoring a transcript to the client's folder. */
export interface RestoredTranscript {
  sessionId: SessionId;
  /** Folder to resume the session in. */
  cwd: string;
  files: { path: string; bytes: number; outcome: 'written' | 'there_already' }[];
  /** Differences from the original: number of secrets replaced by marks, and bytes that were not archived. */
  redactions: number;
  leftOutBytes: number;
}

export interface MemoryStatus {
  schemaVersion: number;
  protocolVersion: number;
  extensionVersion: string;
  dataDir: string;
  databaseBytes: number;
  sizes: SizesByPart;
  /** `disk` is SQLite on the real file, `image` the fallback. */
  driver: 'disk' | 'image' | 'memory';
  keeperPid: number;
  sessions: number;
  projects: number;
  prompts: number;
  observations: number;
  learnings: number;
  /** Number of sessions in the requested scope. */
  inScope: number;
  lastCaptureAt: number | null;
  capture: CaptureState;
  ledger: LedgerTotals;
  archive: ArchiveStatus;
  /** Why the memory works with limits: read-only folder, network folder, fallback driver. */
  warnings: { code: string; message: string }[];
}

export interface ImportReport {
  files: number;
  filesRead: number;
  sessions: number;
  prompts: number;
  observations: number;
  ledger: LedgerTotals;
  isComplete: boolean;
}

export interface LearningInput {
  /** Chosen by the caller (uuid), so that a retry after a failover is harmless. */
  id: string;
  category: LearningCategory;
  title: string;
  description: string;
  context?: string;
  tags?: string[];
  sourceSessions?: SessionId[];
  isVerified?: boolean;
  verificationNotes?: string;
  isPinned?: boolean;
}

export interface SavedSearchInput {
  id: string;
  /** 1 to 100 letters. */
  name: string;
  /** 1 to 1000 letters. */
  text: string;
  /** Number of uses, when a deleted one is restored. */
  uses?: number;
}

export interface LearningQuery {
  /** `accepted` when absent. Proposals are sorted by confidence. */
  state?: LearningState;
  category?: LearningCategory;
  text?: string;
  scope?: Scope;
  cursor?: string;
  limit?: number;
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

export interface FileLedger {
  path: string;
  sessionId: SessionId;
  kind: 'main' | 'agent';
  bytesSeen: number;
  bytesStored: number;
  bytesSkipped: Record<string, number>;
  linesSkipped: Record<string, number>;
  redactions: number;
  isGone: boolean;
}

export interface MemoryApi extends CareApi, MeaningApi, SummaryApi, LearnApi, SpendApi, InsightsApi {
  status(scope?: Scope): Promise<MemoryStatus>;
  configure(settings: CaptureSettings): Promise<void>;
  /** Reads all transcripts; resolves when they are searchable. Also continues a cancelled import. */
  importNow(signal?: AbortSignal): Promise<ImportReport>;
  /** Stops the back-fill; live capture continues. `importNow` continues the back-fill where it stopped. */
  cancelImport(): Promise<void>;
  /** Stops all reading until resumed, also across restarts. */
  setPaused(isPaused: boolean): Promise<void>;
  /** Stops embedding until resumed, also across restarts. Search uses the existing vectors. */
  setEmbeddingPaused(isPaused: boolean): Promise<void>;
  projects(): Promise<ProjectInfo[]>;
  listSessions(query: SessionQuery, signal?: AbortSignal): Promise<Page<SessionCard>>;
  getSession(id: SessionId): Promise<SessionCard>;
  readSession(query: ReadQuery, signal?: AbortSignal): Promise<ReaderPage>;
  /** Keys and turns of the rows that contain all words of `text`, in reading order; for searching in the reader. */
  findInSession(id: SessionId, text: string, signal?: AbortSignal): Promise<{ key: string; turn: number }[]>;
  getItem(key: string): Promise<ReaderItem>;
  search(query: SearchQuery, signal?: AbortSignal): Promise<SearchResult>;
  suggest(prefix: string, scope?: Scope): Promise<Suggestion[]>;
  memoryText(key: string): Promise<MemoryText>;
  listLearnings(query: LearningQuery): Promise<Page<Learning>>;
  saveLearning(input: LearningInput): Promise<Learning>;
  /** Soft delete; `restoreLearning` undoes it. */
  deleteLearning(id: string): Promise<void>;
  restoreLearning(id: string): Promise<Learning>;
  /** Sets or removes the flag of a message or a tool call (`p…`, `o…`). */
  setFlagged(key: string, isFlagged: boolean): Promise<void>;
  /** Replaces the tags of a message or a tool call. Returns them as stored, without secrets. */
  setTags(key: string, tags: string[]): Promise<string[]>;
  /** Tags of rows and learnings, the most used first. */
  listTags(): Promise<TagCount[]>;
  /** Sorted by use, the most used first. */
  listSearches(): Promise<SavedSearch[]>;
  /** Adds, renames or restores a search; the caller chooses the id (uuid). At most 100. */
  saveSearch(search: SavedSearchInput): Promise<SavedSearch>;
  deleteSearch(id: string): Promise<void>;
  /** Counts a use. */
  noteSearchUse(id: string): Promise<void>;
  /** Erases a session and leaves a tombstone, so that the next sweep does not read it again. */
  forgetSession(id: SessionId): Promise<void>;
  forgetProject(id: number): Promise<void>;
  deleteEverything(): Promise<void>;
  ledger(cursor?: string): Promise<Page<FileLedger>>;
  /**
   * Writes an archived transcript back under `projects/`, so that the client can resume it. Never overwrites a file.
   */
  restoreTranscript(id: SessionId): Promise<RestoredTranscript>;
  /** Deletes all archived transcripts; sessions and learnings made from them stay. */
  deleteArchive(): Promise<void>;
}

/** Sent by the keeper to every head. */
export interface MemoryEvents {
  /** Rows changed. `sessions` lists at most 50 ids; empty means "anything". */
  changed: {
    sessions: SessionId[];
    learnings: boolean;
    isReset: boolean;
    /** Flags, tags or saved searches changed. */ marks?: true;
    /** Summaries or the graph changed. */ distilled?: true;
  };
  capture: CaptureState;
  /** State of the model or its queue changed; at most five times a second. */
  meaning: MeaningStatus;
  /** State of the task queue changed; at most five times a second. */
  queue: QueueStatus;
}

export type MemoryEventName = keyof MemoryEvents;

/** A MemoryApi with events. */
export interface MemoryClient extends MemoryApi {
  on<Name extends MemoryEventName>(name: Name, listener: (event: MemoryEvents[Name]) => void): () => void;
  close(): Promise<void>;
}

/** Names of all methods: a server answers no others. */
export const memoryMethods = [
  'status',
  'configure',
  'importNow',
  'cancelImport',
  'setPaused',
  'setEmbeddingPaused',
  'projects',
  'listSessions',
  'getSession',
  'readSession',
  'findInSession',
  'getItem',
  'search',
  'suggest',
  'memoryText',
  'listLearnings',
  'saveLearning',
  'deleteLearning',
  'restoreLearning',
  'setFlagged',
  'setTags',
  'listTags',
  'listSearches',
  'saveSearch',
  'deleteSearch',
  'noteSearchUse',
  'forgetSession',
  'forgetProject',
  'deleteEverything',
  'ledger',
  'restoreTranscript',
  'deleteArchive',
  ...careMethods,
  ...meaningMethods,
  ...summaryMethods,
  ...learnMethods,
  ...spendMethods,
  ...insightsMethods,
] as const satisfies readonly (keyof MemoryApi)[];

export const protocolVersion = 4;
