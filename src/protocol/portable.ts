import type { ClassesLeft } from './classes';

/** An export of the memory, and what its import would bring or has brought. Times are epoch milliseconds. */

/** `jsonl` can be imported again; `csv` is for tables, `markdown` for people. */
export const exportFormats = ['jsonl', 'csv', 'markdown'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Kinds of records, in the order in which they are imported. Each is a file of an export. */
export const recordKinds = [
  'sessions',
  'prompts',
  'observations',
  'copies',
  'usage',
  'costs',
  'summaries',
  'learnings',
  'evidence',
  'trail',
  'merges',
  'marks',
  'names',
  'classes',
  'searches',
  'joins',
  'given',
  'choices',
  'refusals',
  'uses',
  'calls',
] as const;
export type RecordKind = (typeof recordKinds)[number];

export type KindCounts = Partial<Record<RecordKind, number>>;

export interface ExportReport {
  /** The folder that was written. */
  folder: string;
  format: ExportFormat;
  /** Records by kind; of Markdown, its sessions and learnings. */
  counts: KindCounts;
  bytes: number;
  files: number;
  /** What stays because of its class; absent when nothing does. */
  left?: ClassesLeft;
}

/** Why a record is not imported. */
const skipReasons = [
  /** The same record is here. */
  'known',
  /** Its session is here from its own transcript, which says the same. */
  'ownTranscript',
  /** Its session or project was forgotten here. */
  'forgotten',
  /** Something of its session was erased here, and the export may have it. */
  'erased',
  /** Its project is excluded here. */
  'excluded',
  /** What is here was changed later, or was deleted here. */
  'newerHere',
  /** The session, learning or row that it belongs to is not in the memory. */
  'alone',
  /** There is no place for more of them here. */
  'full',
  /** It is about the machine that it comes from. */
  'machine',
] as const;
export type ImportSkip = (typeof skipReasons)[number];

export interface ImportCounts {
  /** Records that come, by kind. */
  added: KindCounts;
  /** Records that change what is here. */
  changed: KindCounts;
  /** Records that do not come, by reason and kind. */
  skipped: Partial<Record<ImportSkip, KindCounts>>;
}

/** What an import of a folder or a database would do; nothing has been changed. */
export interface MemoryImportPreview extends ImportCounts {
  /** When the export was made. */
  at: number;
  /** What the export has of the memory that it was made of. */
  what: 'everything' | 'projects' | 'sessions' | 'learnings';
  /** New sessions by project, the most first. */
  projects: { name: string; root: string; sessions: number; isNew: boolean }[];
  records: number;
  bytes: number;
}

export interface MemoryImportReport extends ImportCounts {
  records: number;
  /** Texts in which the rules of today replaced something. */
  redactions: number;
}

export type PortablePhase = 'reading' | 'checking' | 'writing' | 'importing';

/** How far an export or an import is; `done` and `total` count bytes or records. */
export interface PortableProgress {
  work: 'export' | 'import';
  phase: PortablePhase;
  done: number;
  total: number;
}

/** A project, or everything, that is read but not distilled, given or sent for a time. */
export interface Restriction {
  id: number;
  /** Absent: everything. */
  project?: { id: number; name: string; root: string };
  from: number;
  until: number;
}

export const mostRestrictedDays = 90;
