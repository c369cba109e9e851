/** Requests of webviews to the extension host, and its events. Imports nothing that needs Node. */
import type { BackupInfo, Diagnosis, Remedy, SizesByPart } from './care';
import { insightsMethods } from './insights';
import type { InsightsApi } from './insights';
import type { LearnApi } from './learning';
import type {
  CaptureState,
  FileLedger,
  LearningInput,
  LearningQuery,
  MemoryEvents,
  MemoryStatus,
  Page,
  ReadQuery,
  SavedSearchInput,
  SearchQuery,
  SessionQuery,
} from './memory-api';
import type {
  Learning,
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
import type { BackfillRequest, QueueStatus, SpendApi } from './spend';
import type { SessionSummary, SummaryApi } from './summary';

/** Everything a webview needs before its first paint. */
export interface WebviewContext {
  surface: 'memory' | 'reader' | 'doctor';
  /** Language tag of the editor, e.g. `en`, `zh-cn`. */
  language: string;
  /** English text → translated text; empty for English. */
  words: Record<string, string>;
  /** Open workspace folders; empty when there are none. */
  roots: string[];
  workspaceName: string;
  /** True until the person closes the first-run notice. */
  isFirstRun: boolean;
  dataDir: string;
  configDirs: string[];
  /** Initial scope of Timeline and Search; `workspace` when absent. */
  defaultScope?: 'workspace' | 'all';
  /** Preferred sort order; as in `SearchQuery`. */
  searchOrder?: SearchOrder;
  /** What the reader shows. */
  reader?: { sessionId: SessionId; key?: string; turn?: number };
}

/** Stored per person, for all windows. */
export interface SearchOrder {
  sort: NonNullable<SearchQuery['sort']>;
  recency: NonNullable<SearchQuery['recency']>;
}

/** Everything the Doctor shows, read at one moment. */
export interface Examination {
  diagnosis: Diagnosis;
  /** Newest first; available even when the memory cannot be opened. */
  backups: BackupInfo[];
  hasUndo: boolean;
  /** Undefined when the memory cannot be opened; the diagnosis says why. */
  sizes?: SizesByPart;
  /** Text of each remedy's button. */
  labels: Record<Remedy, string>;
}

export type MemoryTab = 'timeline' | 'search' | 'learnings' | 'insights';
/** A part of the Insights tab that a command can show. */
export type InsightsSection = 'activity' | 'spending' | 'queue' | 'sent' | 'around';

/** Requests about distilled data that are passed to the keeper unchanged. The API key is never sent to a page. */
export const distilMethods = [
  'learningProof',
  'reviewLearning',
  'mergeLearnings',
  'relearn',
  'summary',
  'summaryVersions',
  'summaryVersion',
  'publishSummary',
  'spend',
  'spendEntries',
  'spendSums',
  'estimateBackfill',
  'cancelBackfill',
  'summarizeByModel',
  'queue',
  'listTasks',
  'retryTask',
  'dropTask',
  'setQueuePaused',
  ...insightsMethods,
] as const satisfies readonly (keyof LearnApi | keyof SummaryApi | keyof SpendApi | keyof InsightsApi)[];
export type DistilMethod = (typeof distilMethods)[number];

export interface WebviewApi extends Pick<LearnApi & SummaryApi & SpendApi & InsightsApi, DistilMethod> {
  /** Called when the webview listens to events; returns what it needs to start. */
  ready(): Promise<WebviewContext>;
  status(isAllProjects: boolean): Promise<MemoryStatus>;
  projects(): Promise<ProjectInfo[]>;
  listSessions(query: SessionQuery, signal?: AbortSignal): Promise<Page<SessionCard>>;
  readSession(query: ReadQuery, signal?: AbortSignal): Promise<ReaderPage>;
  findInSession(id: SessionId, text: string, signal?: AbortSignal): Promise<{ key: string; turn: number }[]>;
  getItem(key: string): Promise<ReaderItem>;
  search(query: SearchQuery, signal?: AbortSignal): Promise<SearchResult>;
  /** Completions of the text up to the caret. */
  suggest(prefix: string, isAllProjects: boolean): Promise<Suggestion[]>;
  setSearchOrder(order: SearchOrder): Promise<void>;
  setFlagged(key: string, isFlagged: boolean): Promise<void>;
  /** Returns the tags as stored. */
  setTags(key: string, tags: string[]): Promise<string[]>;
  listTags(): Promise<TagCount[]>;
  listSearches(): Promise<SavedSearch[]>;
  saveSearch(search: SavedSearchInput): Promise<SavedSearch>;
  deleteSearch(id: string): Promise<void>;
  noteSearchUse(id: string): Promise<void>;
  listLearnings(query: LearningQuery): Promise<Page<Learning>>;
  saveLearning(input: LearningInput): Promise<Learning>;
  deleteLearning(id: string): Promise<void>;
  restoreLearning(id: string): Promise<Learning>;

  /** Shows the changes to a file for Claude Code and writes them after the person accepts. */
  promoteLearnings(ids: string[]): Promise<void>;
  /** Asks a model of the editor, after the editor's own consent dialog. Null when the person chose no model. */
  askEditorModel(id: SessionId): Promise<SessionSummary | null>;
  /** Copies a summary as Markdown with its source. */
  copySummary(id: number): Promise<void>;
  insertSummary(id: number): Promise<void>;
  /**
   * Asks for confirmation in the editor first, with the estimate, because a page must not spend money by itself.
   * Returns the state of the queue.
   */
  startBackfill(request: BackfillRequest): Promise<QueueStatus>;
  setApiKey(): Promise<void>;
  /** For the reader: shows this part of the Insights tab. */
  showInsights(section: InsightsSection): Promise<void>;
  /** For the reader: opens the form of the Learnings tab, filled in from this row. */
  draftLearning(key: string): Promise<void>;
  openSession(id: SessionId, at?: { key?: string; turn?: number }): Promise<void>;
  /** Inserts the row (`p…`, `o…`, `l…`) at the cursor of the last active text editor. */
  insert(key: string): Promise<void>;
  /** Copies the row as Markdown context with its source. */
  copyContext(key: string): Promise<void>;
  /** Copies plain text. */
  copyText(text: string): Promise<void>;
  /** Offers to copy the command or to type it into a terminal, but never runs it. */
  resumeSession(id: SessionId): Promise<void>;
  /** Writes an archived transcript back into Claude Code's folder. */
  restoreTranscript(id: SessionId): Promise<void>;
  /** Asks for confirmation first. */
  forgetSession(id: SessionId): Promise<void>;
  /** Opens a file of the workspace when it exists. */
  openFile(path: string): Promise<void>;
  /** Opens the editor's diff view. */
  openDiff(key: string, index: number): Promise<void>;
  openLink(url: string): Promise<void>;
  importNow(): Promise<void>;
  cancelImport(): Promise<void>;
  setPaused(isPaused: boolean): Promise<void>;
  openSettings(id?: string): Promise<void>;
  showLog(): Promise<void>;
  dismissFirstRun(): Promise<void>;
  openDoctor(): Promise<void>;

  /** For the Doctor only, like the three below. Tries again to open a memory that could not be opened. */
  examine(): Promise<Examination>;
  /**
   * Asks for confirmation when data could be lost. Returns what was done as text; empty when there is nothing to say.
   */
  applyRemedy(remedy: Remedy): Promise<string>;
  restoreBackup(name: string): Promise<string>;
  /** Transcript files with skipped or missing bytes, those whose ledger does not balance first. */
  listUneven(cursor?: string): Promise<Page<FileLedger>>;
}

/** Events for webviews. An event that was buffered is always a complete snapshot. */
export interface WebviewEvents {
  changed: MemoryEvents['changed'];
  capture: CaptureState;
  queue: QueueStatus;
  /** A command shows a tab of the Memory view, optionally with a query. */
  show: {
    tab: MemoryTab;
    query?: string;
    section?: InsightsSection;
    /** Shows what is around this file. */ file?: string;
  };
  /** A command or the reader opens the form of the Learnings tab, filled in from a hit. */
  draftLearning: { title: string; description: string; sourceSessions: SessionId[] };
  /** The open reader panel shows another place of its session. */
  reveal: { key?: string; turn?: number };
  /** Workspace folders changed. */
  context: WebviewContext;
  /** The keeper went away or came back. */
  connection: { isConnected: boolean; reason?: string };
}

export const webviewMethods = [
  'ready',
  'status',
  'projects',
  'listSessions',
  'readSession',
  'findInSession',
  'getItem',
  'search',
  'suggest',
  'setSearchOrder',
  'setFlagged',
  'setTags',
  'listTags',
  'listSearches',
  'saveSearch',
  'deleteSearch',
  'noteSearchUse',
  'listLearnings',
  'saveLearning',
  'deleteLearning',
  'restoreLearning',
  'openSession',
  'insert',
  'copyContext',
  'copyText',
  'resumeSession',
  'restoreTranscript',
  'forgetSession',
  'openFile',
  'openDiff',
  'openLink',
  'importNow',
  'cancelImport',
  'setPaused',
  'openSettings',
  'showLog',
  'dismissFirstRun',
  'draftLearning',
  'openDoctor',
  'examine',
  'applyRemedy',
  'restoreBackup',
  'listUneven',
  'promoteLearnings',
  'askEditorModel',
  'copySummary',
  'insertSummary',
  'startBackfill',
  'setApiKey',
  'showInsights',
  ...distilMethods,
] as const satisfies readonly (keyof WebviewApi)[];
