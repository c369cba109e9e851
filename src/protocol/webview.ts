/** Types of the extension's pages and of events sent to them. Imports nothing that needs Node. */
import type { BackupInfo, Diagnosis, Remedy, SizesByPart } from './care';
import type { MemoryEvents } from './memory-api';
import type { SessionId } from './model';
import type { SearchOrder } from './questions/search';
import type { QueueStatus } from './spend';
import type { CaptureState } from './status';

/** Parts of the reader that can be shown or not. */
export interface ReaderParts {
  hasSummary: boolean;
  hasOutline: boolean;
}

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
  /** What the reader shows; `words`: what was searched for, as the found text has it, to be marked. */
  reader?: { sessionId: SessionId; key?: string; turn?: number; words?: string[] };
  /** The reader shows what its session changed; a setting. */
  hasStory?: boolean;
  /** Search answers questions; a setting. */
  hasAsk?: boolean;
  /** Insights shows what is left; a setting. */
  hasLeft?: boolean;
  /** When the person was last in this workspace, before this window was opened. */
  lastHere?: number;
  /** Parts of the reader that the person wants to see; all when absent. */
  readerParts?: ReaderParts;
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
export const insightsSections = ['activity', 'left', 'helped', 'given', 'spending', 'queue', 'sent', 'around'] as const;
export type InsightsSection = (typeof insightsSections)[number];

/** What the context menu of a card leaves to its page, which has the state for it. */
export type CardAct = 'flag' | 'tags' | 'similar' | 'why' | 'pin' | 'edit' | 'promote' | 'delete';

/** Events for webviews. An event that was buffered is always a complete snapshot. */
export interface WebviewEvents {
  changed: MemoryEvents['changed'];
  capture: CaptureState;
  queue: QueueStatus;
  /** A command shows a tab of the Memory view, optionally with a query. */
  show: {
    tab: MemoryTab;
    query?: string;
    /** The query is a question that memory answers. */ isQuestion?: true;
    section?: InsightsSection;
    /** Shows what is around this file. */ file?: string;
    /** Shows what this session was given. */ session?: SessionId;
  };
  /** A command or the reader opens the form of the Learnings tab, filled in from a hit. */
  draftLearning: { title: string; description: string; sourceSessions: SessionId[] };
  /** Chosen in the context menu of the card with this key. */
  act: { key: string; act: CardAct };
  /** Keys of what is in the basket of this window. */
  basket: { keys: string[] };
  /** The open reader panel shows another place of its session. */
  reveal: { key?: string; turn?: number; words?: string[] };
  /** Workspace folders changed. */
  context: WebviewContext;
  /** The keeper went away or came back. */
  connection: { isConnected: boolean; reason?: string };
}
