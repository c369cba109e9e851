/** What the webviews may ask the extension host, and what it pushes to them. Safe in a browser. */
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

/** Everything a webview needs to know before it can paint. */
export interface WebviewContext {
  surface: 'memory' | 'reader' | 'doctor';
  /** Language tag of the editor, e.g. `en`, `zh-cn`. */
  language: string;
  /** English text → translated text; empty for English. */
  words: Record<string, string>;
  /** Open workspace folders; empty when there are none. */
  roots: string[];
  workspaceName: string;
  /** Set until the person has closed the first-run notice. */
  isFirstRun: boolean;
  dataDir: string;
  configDirs: string[];
  /** Scope the Timeline and Search start with; `workspace` when absent. */
  defaultScope?: 'workspace' | 'all';
  /** How this person wants results in order; as in `SearchQuery`. */
  searchOrder?: SearchOrder;
  /** For the reader: what to show. */
  reader?: { sessionId: SessionId; key?: string; turn?: number };
}

/** Kept for the person, in every window. */
export interface SearchOrder {
  sort: NonNullable<SearchQuery['sort']>;
  recency: NonNullable<SearchQuery['recency']>;
}

/** All that the Doctor shows, taken at one moment. */
export interface Examination {
  diagnosis: Diagnosis;
  /** Newest first; also when the memory cannot be opened. */
  backups: BackupInfo[];
  hasUndo: boolean;
  /** Undefined when the memory cannot be opened: the diagnosis then says why. */
  sizes?: SizesByPart;
  /** What the button of each remedy says. */
  labels: Record<Remedy, string>;
}

export type MemoryTab = 'timeline' | 'search' | 'learnings' | 'insights';
/** A place on the Insights tab that a command leads to. */
export type InsightsSection = 'activity' | 'spending' | 'queue' | 'sent' | 'around';

/** Questions about what was distilled that go to the keeper as they are. The key never comes near a page. */
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
  /** Says that the webview is ready for events; answers what it needs to start. */
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
  /** Answers the tags as they are kept. */
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

  /** Shows what would become of a file for Claude Code, and writes it once the person has accepted. */
  promoteLearnings(ids: string[]): Promise<void>;
  /** Asks which model of the editor, after the editor's own consent. Null when the person chose none. */
  askEditorModel(id: SessionId): Promise<SessionSummary | null>;
  /** A summary as Markdown with its source. */
  copySummary(id: number): Promise<void>;
  insertSummary(id: number): Promise<void>;
  /** Asks in the editor first, with the estimate: no page can spend by itself. Answers how the queue stands then. */
  startBackfill(request: BackfillRequest): Promise<QueueStatus>;
  setApiKey(): Promise<void>;
  /** From the reader: shows the Insights tab at this place. */
  showInsights(section: InsightsSection): Promise<void>;
  /** From the reader: opens the Learnings tab with a form filled in from this row. */
  draftLearning(key: string): Promise<void>;
  openSession(id: SessionId, at?: { key?: string; turn?: number }): Promise<void>;
  /** Inserts the row (`p…`, `o…`, `l…`) at the cursor of the last active text editor. */
  insert(key: string): Promise<void>;
  /** Copies the row as Markdown context with its source. */
  copyContext(key: string): Promise<void>;
  /** Copies plain text as it is. */
  copyText(text: string): Promise<void>;
  /** Asks (copy, or type into a terminal) and never submits. */
  resumeSession(id: SessionId): Promise<void>;
  /** Writes an archived transcript back into Claude Code's folder. */
  restoreTranscript(id: SessionId): Promise<void>;
  /** Asks first. */
  forgetSession(id: SessionId): Promise<void>;
  /** Opens a file of the workspace when it exists. */
  openFile(path: string): Promise<void>;
  /** Opens the native diff editor. */
  openDiff(key: string, index: number): Promise<void>;
  openLink(url: string): Promise<void>;
  importNow(): Promise<void>;
  cancelImport(): Promise<void>;
  setPaused(isPaused: boolean): Promise<void>;
  openSettings(id?: string): Promise<void>;
  showLog(): Promise<void>;
  dismissFirstRun(): Promise<void>;
  openDoctor(): Promise<void>;

  /** For the Doctor alone, as are the three below. A memory that could not be opened is tried again. */
  examine(): Promise<Examination>;
  /** Asks first where something could be lost. Answers what was done, in words; empty when there is nothing to say. */
  applyRemedy(remedy: Remedy): Promise<string>;
  restoreBackup(name: string): Promise<string>;
  /** Transcript files of which bytes were passed over or are missing, those that do not add up first. */
  listUneven(cursor?: string): Promise<Page<FileLedger>>;
}

/** Pushed to webviews. A buffered event is always a complete snapshot. */
export interface WebviewEvents {
  changed: MemoryEvents['changed'];
  capture: CaptureState;
  queue: QueueStatus;
  /** A command asks the Memory view to show a tab, optionally with a query. */
  show: {
    tab: MemoryTab;
    query?: string;
    section?: InsightsSection;
    /** What is around this file, by its path. */ file?: string;
  };
  /** A command or the reader asks the Learnings tab to open its form, filled in from a hit. */
  draftLearning: { title: string; description: string; sourceSessions: SessionId[] };
  /** The reader panel is asked for another place of its session. */
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
