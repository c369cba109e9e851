/** What a person wants redacted beside the secrets that memory knows, and what a scan of the stored texts reports. */

/** Kinds of personal data that are redacted when they are switched on. */
export const personalKinds = ['email', 'phone', 'cnId', 'card', 'iban', 'ssn'] as const;
export type PersonalKind = (typeof personalKinds)[number];

export interface OwnPattern {
  /** Stands in the mark of what it finds. */
  name: string;
  /** Source of a JavaScript regular expression. */
  pattern: string;
  /** Of `i`, `m`, `s`, `u` and `v`. */
  flags?: string;
}

export interface OwnRules {
  patterns: OwnPattern[];
  /** Words and phrases, whatever their case. */
  words: string[];
  kinds: PersonalKind[];
}

/** Why a pattern is not applied; its translation stands in `l10n/`. */
export type PatternFault = 'invalid' | 'empty' | 'costly' | 'unproven' | 'slow';

export interface RefusedPattern {
  name: string;
  fault: PatternFault;
  /** The engine's words, or the growth of its time; empty when there is nothing to add. */
  detail: string;
}

/** The rules in force, and what became of the last scan. */
export interface RedactionStatus {
  patterns: number;
  words: number;
  kinds: PersonalKind[];
  refused: RefusedPattern[];
  lastScan?: ScanNote;
  /** There are rules of a person's own that were changed since the last whole scan, or none was made. */
  isBehind: boolean;
}

export type ScanPhase = 'texts' | 'archive' | 'erasing' | 'backups';

/** How far a scan is; `done` and `total` count bytes of texts, or blocks of the archive. */
export interface ScanProgress {
  phase: ScanPhase;
  done: number;
  total: number;
}

export interface ScanNote {
  /** Epoch milliseconds. */
  startedAt: number;
  /** Absent when it was cancelled or cut off. */
  endedAt?: number;
  /** Number of marks that were made, by kind. */
  counts: Record<string, number>;
  /** Rows that were changed, and blocks of the archive. */
  changed: number;
}

export interface ScanPreview {
  /** Rows with text. */
  rows: number;
  archiveBlocks: number;
  archiveBytes: number;
  backups: number;
  /** Databases that a restore or a repair put aside. */
  aside: number;
}

export interface ScanReport extends Required<ScanNote> {
  rows: number;
  /** Backups that were removed because they were made before; one made afterwards stands in their place. */
  backupsReplaced: number;
}
