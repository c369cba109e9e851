/** Types for backups, restore, repair and diagnosis. Times are epoch milliseconds, sizes are bytes. */

/** `written` contains only what a person wrote, as JSON; the others are whole databases. */
export type BackupKind = 'scheduled' | 'manual' | 'before_migration' | 'written';

export interface BackupCounts {
  sessions: number;
  prompts: number;
  observations: number;
  learnings: number;
}

/** A finished backup, which was read back and verified. */
export interface BackupInfo {
  /** Argument of `restoreBackup`. */
  name: string;
  kind: BackupKind;
  at: number;
  /** Size on the disk, compressed. */
  bytes: number;
  plainBytes: number;
  schemaVersion: number;
  extensionVersion: string;
  counts: BackupCounts;
}

export interface RestoreRequest {
  /** Chosen by the caller (uuid), so that a call repeated after a hand-over restores once. */
  requestId: string;
  name: string;
  /**
   * Restores exactly the state of the backup: what a person wrote since is left out, but stays in the undo copy.
   * Forgotten sessions stay forgotten.
   */
  isExact?: boolean;
}

export type CareKind = 'restore' | 'undo_restore' | 'repair';

/** A restore, its undoing or a repair that the next keeper must do first. */
export interface CareWish {
  requestId: string;
  kind: CareKind;
  /** Name of the backup to restore. */
  name?: string;
  isExact?: boolean;
}

/** Result of a restore, its undoing or a repair. */
export interface CareOutcome {
  requestId: string;
  kind: CareKind;
  at: number;
  isDone: boolean;
  /** Why it failed; the memory has not changed then. */
  reason?: string;
  /** Number of learnings written after the backup that were kept. */
  learningsKept: number;
  /** Recovered rows by table. Repair only. */
  rowsSaved?: Record<string, number>;
  /** Parts of the damaged file that could not be read. Repair only. */
  damagedPages?: number;
}

/** Bytes on disk by part; 0 for a part that does not exist. */
export interface SizesByPart {
  database: number;
  /** The write-ahead log. */
  journal: number;
  archive: number;
  backups: number;
  logs: number;
  /** Models downloaded for search by meaning. */
  models: number;
  /** Copies kept by a restore or a repair. */
  aside: number;
}

/** Limits that a person sets; 0 means no limit. */
export interface CareSettings {
  backupMaxBytes: number;
  retentionDays: number;
  retentionMaxBytes: number;
}

export const defaultCareSettings: Readonly<CareSettings> = {
  backupMaxBytes: 2_000_000_000,
  retentionDays: 0,
  retentionMaxBytes: 0,
};

export type FindingArea = 'store' | 'lock' | 'disk' | 'transcripts' | 'index' | 'model' | 'hooks';
export type FindingLevel = 'ok' | 'note' | 'warning' | 'error';

/** Actions that a head can offer as a button beside a finding. */
export const remedies = [
  'back_up',
  'restore_backup',
  'undo_restore',
  'repair',
  'rebuild_index',
  'compact',
  'import_now',
  'resume_capture',
  'show_log',
  'open_settings',
  'open_folder',
  'reload_window',
  'choose_model',
] as const;
export type Remedy = (typeof remedies)[number];

export interface Finding {
  /** Id of the rule, e.g. `store.integrity`. */
  id: string;
  area: FindingArea;
  level: FindingLevel;
  /** English, with {0} placeholders for `args`: the key of its translation. */
  message: string;
  args: (string | number)[];
  remedies: Remedy[];
}

export interface Diagnosis {
  at: number;
  findings: Finding[];
  /** Markdown for a bug report, without text of sessions, names of projects, or paths below the home folder. */
  report: string;
}

export interface CareApi {
  /** Newest first. */
  listBackups(): Promise<BackupInfo[]>;
  /** Resolves when the backup is verified. The same `requestId` makes only one backup. */
  backUp(requestId: string): Promise<BackupInfo>;
  /** Resolves when the restored memory answers; the keeper restarts in between. */
  restoreBackup(request: RestoreRequest): Promise<CareOutcome>;
  /** Restores the state before the last restore. A second call undoes the first. */
  undoRestore(requestId: string): Promise<CareOutcome>;
  /** Copies everything readable into a new file and rebuilds the rest. The old file is kept aside. */
  repair(requestId: string): Promise<CareOutcome>;
  /** Rebuilds the full-text index from the rows. */
  rebuildIndex(): Promise<void>;
  /** Returns free pages to the file system. */
  compact(): Promise<{ bytesBefore: number; bytesAfter: number }>;
  diagnose(): Promise<Diagnosis>;
}

export const careMethods = [
  'listBackups',
  'backUp',
  'restoreBackup',
  'undoRestore',
  'repair',
  'rebuildIndex',
  'compact',
  'diagnose',
] as const satisfies readonly (keyof CareApi)[];

/** Replaces the {0} placeholders of a message. */
export function fillIn(message: string, args: readonly (string | number)[]): string {
  return message.replace(/\{(\d+)\}/g, (whole, index: string) => String(args[Number(index)] ?? whole));
}
