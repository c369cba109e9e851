/** How memory is as a whole: what was read, what became of it, what it takes. Times are epoch milliseconds, sizes are bytes. */
import type { SizesByPart } from './care';
import type { SessionId } from './model';

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
