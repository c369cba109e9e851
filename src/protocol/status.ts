/**
 * Types for the status of the memory: what was read, what was stored, its size. Times are epoch milliseconds, sizes are
 * bytes.
 */
import type { SizesByPart } from './care';
import type { SessionId } from './model';
import type { Restriction } from './portable';

export interface Page<T> {
  items: T[];
  /** Opaque cursor of the next page; absent at the end. */
  next?: string;
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
  /** The search index is being made anew after an update: texts in it, of all. */
  indexing?: { done: number; total: number };
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
  files: {
    path: string;
    bytes: number;
    outcome: 'written' | 'there_already';
    /**
     * The time of a written file: its original one, or a fresh one where the client, which deletes transcripts by the
     * time of their file, would delete it again.
     */
    time?: 'original' | 'fresh';
  }[];
  /** After how many days the client deletes transcripts. */
  cleanupDays: number;
  /** Differences from the original: number of secrets replaced by marks, and bytes that were not archived. */
  redactions: number;
  leftOutBytes: number;
}

export interface MemoryStatus {
  /** Restrictions of processing in force; absent when there is none. */
  restrictions?: Restriction[];
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
  /** Number of sessions that were forgotten; some of them may be read again. */
  forgotten: number;
  /** Number of sessions in the requested scope. */
  inScope: number;
  lastCaptureAt: number | null;
  capture: CaptureState;
  ledger: LedgerTotals;
  archive: ArchiveStatus;
  /** Why the memory works with limits: read-only folder, network folder, fallback driver. */
  warnings: { code: string; message: string }[];
}

/** What a pattern of the excludes means on this machine. */
export interface ExcludePreview {
  /** As written in the settings. */
  pattern: string;
  /** The folder it was read as, or `**` and a part of a path; empty when nothing is left to match. */
  readAs: string;
  /** Known projects that match; `sessions` counts what was read before the pattern was written. */
  projects: { name: string; root: string; sessions: number }[];
}

/** What reading a config folder of Claude Code would find. */
export interface FolderLook {
  /** The config folder itself, which may be above or below the folder that was asked about. */
  configDir: string;
  /** 0 when there is none. */
  sessions: number;
  projects: number;
  bytes: number;
  /** When the newest transcript was last written. */
  newestAt: number | null;
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
