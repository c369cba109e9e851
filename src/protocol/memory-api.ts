/**
 * Every question a head may ask the keeper. All arguments and answers are JSON; a trailing AbortSignal crosses the
 * wire.
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
 * Where to look. `roots` are folders of open workspaces; the keeper maps them to projects (worktrees fold together).
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
  /** Only sessions with errors, or only those still growing. */
  only?: 'errors' | 'live';
  /** Words in the title or first prompt. */
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
  /** Whole names of branches, whole paths of files; any of them. */
  branches?: string[];
  files?: string[];
  /** Local days, as `2026-11-22`. */
  days?: string[];
  after?: number;
  before?: number;
  /** `best` when absent. */
  sort?: 'best' | 'newest';
  /** How much newer counts in the rank; `usual` when absent. */
  recency?: 'off' | 'usual' | 'strong';
  /** 1 to 100, default 20. One hit a session. */
  limit?: number;
  /** 0 to 1: hits with a lower score are left out; total and facets stay those of all that matched. */
  minScore?: number;
  /** The last word is still being typed: match it as a prefix too. */
  isTyping?: boolean;
  /** `words` answers at once; `all`, the usual, also asks for the meaning where that has earned a weight. */
  roads?: 'words' | 'all';
  /** Row key or session (`s<id>`): what is like it, instead of what has the words. */
  similarTo?: string;
}

export interface ReadQuery {
  sessionId: SessionId;
  /** Start at this page cursor, or around this row key, or around this turn; else at the beginning. */
  cursor?: string;
  aroundKey?: string;
  aroundTurn?: number;
  /** Rows, 1 to 200, default 60. */
  limit?: number;
}

/** What a head knows of the machine's settings. Sent at connect and whenever a setting changes. */
export interface CaptureSettings {
  /** Claude config folders to read, most important first. Absolute. */
  configDirs: string[];
  /** Open workspace folders: their projects are imported first. */
  roots: string[];
  /** Those of them that this window trusts: only there is git asked which commit belongs to which session. */
  trustedRoots?: string[];
  /** Globs over project folders that must not be read. */
  exclude: string[];
  /** Who says so: excludes are kept per source, so that a closed window's wish still holds. */
  source: string;
  /** Longest line read whole, in bytes. */
  maxLineBytes: number;
  /** Whether transcripts are archived; as it was when absent. */
  isArchiving?: boolean;
  /** Limits for backups and retention; a head that has no settings leaves them as they are. */
  care?: CareSettings;
}

export interface CaptureState {
  phase: 'idle' | 'scanning' | 'importing' | 'paused' | 'cancelled' | 'error';
  filesTotal: number;
  filesDone: number;
  bytesTotal: number;
  bytesDone: number;
  /** File being read, without its folder. */
  current: string;
  /** What went wrong, when phase is `error`, or why memory is limited. */
  reason?: string;
}

/** Per-file ledger, summed: seen = stored + skipped. */
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
  /** Sources that are no longer on disk: these sessions exist only here. */
  filesGone: number;
}

/** Transcripts kept whole, less their secrets, so that they outlive the client's clean-up. */
export interface ArchiveStatus {
  isOn: boolean;
  /** The archive's file cannot be opened; the rest of memory works. */
  isBroken: boolean;
  files: number;
  sessions: number;
  /** Of the transcripts, and of the file they are packed in. */
  plainBytes: number;
  bytes: number;
  redactions: number;
}

/** What came back into the client's folder. */
export interface RestoredTranscript {
  sessionId: SessionId;
  /** Folder to resume the session in. */
  cwd: string;
  files: { path: string; bytes: number; outcome: 'written' | 'there_already' }[];
  /** Secrets that are marks now, and bytes that were never kept: the transcript differs from the one it was. */
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
  /** Sessions in the asked scope. */
  inScope: number;
  lastCaptureAt: number | null;
  capture: CaptureState;
  ledger: LedgerTotals;
  archive: ArchiveStatus;
  /** Set when memory works but not fully: read-only folder, network folder, fallback driver. */
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
  /** Of one that is brought back. */
  uses?: number;
}

export interface LearningQuery {
  /** `accepted` when absent. Proposals come with the surest first. */
  state?: LearningState;
  category?: LearningCategory;
  text?: string;
  scope?: Scope;
  cursor?: string;
  limit?: number;
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
  /** Reads everything found now and resolves when it is searchable. Also resumes a cancelled import. */
  importNow(signal?: AbortSignal): Promise<ImportReport>;
  /** Stops the back-fill; live capture goes on. `importNow` takes it up again where it stopped. */
  cancelImport(): Promise<void>;
  /** Pausing stops all reading until resumed; it survives restarts. */
  setPaused(isPaused: boolean): Promise<void>;
  /** No text gets a vector until resumed; it survives restarts. Search goes on with those there are. */
  setEmbeddingPaused(isPaused: boolean): Promise<void>;
  projects(): Promise<ProjectInfo[]>;
  listSessions(query: SessionQuery, signal?: AbortSignal): Promise<Page<SessionCard>>;
  getSession(id: SessionId): Promise<SessionCard>;
  readSession(query: ReadQuery, signal?: AbortSignal): Promise<ReaderPage>;
  /** Rows of one session that hold all words of `text`, in reading order: keys and turns for find in the reader. */
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
  /** Flags a message or a tool call (`p…`, `o…`), or takes the flag off. */
  setFlagged(key: string, isFlagged: boolean): Promise<void>;
  /** Replaces the tags of a message or a tool call. Answers them as they are kept: without secrets. */
  setTags(key: string, tags: string[]): Promise<string[]>;
  /** Of rows and learnings, the most used first. */
  listTags(): Promise<TagCount[]>;
  /** The most used first. */
  listSearches(): Promise<SavedSearch[]>;
  /** Adds, renames or brings back; the id is chosen by the caller (uuid). At most 100. */
  saveSearch(search: SavedSearchInput): Promise<SavedSearch>;
  deleteSearch(id: string): Promise<void>;
  /** It was asked again. */
  noteSearchUse(id: string): Promise<void>;
  /** Erases and leaves a tombstone: the next sweep does not bring it back. */
  forgetSession(id: SessionId): Promise<void>;
  forgetProject(id: number): Promise<void>;
  deleteEverything(): Promise<void>;
  ledger(cursor?: string): Promise<Page<FileLedger>>;
  /** Writes an archived transcript back under `projects/`, so that the client can resume it. Overwrites nothing. */
  restoreTranscript(id: SessionId): Promise<RestoredTranscript>;
  /** Deletes every archived transcript; what was made of them stays. */
  deleteArchive(): Promise<void>;
}

/** Pushed by the keeper to every head. */
export interface MemoryEvents {
  /** Rows changed. `sessions` lists at most 50 ids; empty means "anything". */
  changed: {
    sessions: SessionId[];
    learnings: boolean;
    isReset: boolean;
    /** Flags, tags or saved searches. */ marks?: true;
    /** Summaries, or the graph. */ distilled?: true;
  };
  capture: CaptureState;
  /** The model or its queue came further; at most five times a second. */
  meaning: MeaningStatus;
  /** Work in the background came further; at most five times a second. */
  queue: QueueStatus;
}

export type MemoryEventName = keyof MemoryEvents;

/** A MemoryApi that also tells what happens. */
export interface MemoryClient extends MemoryApi {
  on<Name extends MemoryEventName>(name: Name, listener: (event: MemoryEvents[Name]) => void): () => void;
  close(): Promise<void>;
}

/** Names of the methods, for servers that must not answer anything else. */
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
