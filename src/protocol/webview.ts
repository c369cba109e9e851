/** What the pages of the extension know, and what is pushed to them. Safe in a browser. */
import type { BackupInfo, Diagnosis, Remedy, SizesByPart } from './care';
import type { MemoryEvents } from './memory-api';
import type { SessionId } from './model';
import type { SearchOrder } from './questions/search';
import type { QueueStatus } from './spend';
import type { CaptureState } from './status';

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
export const insightsSections = ['activity', 'spending', 'queue', 'sent', 'around'] as const;
export type InsightsSection = (typeof insightsSections)[number];

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
