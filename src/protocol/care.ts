/** Types for backups, restore, repair and diagnosis. Times are epoch milliseconds, sizes are bytes. */

import type { CareSettings } from './questions/care';

/** `written` contains only what a person wrote, as JSON; the others are whole databases. */
export type BackupKind = 'scheduled' | 'manual' | 'before_migration' | 'written';

interface BackupCounts {
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

export type CareKind = 'restore' | 'undo_restore' | 'repair';

/** A restore, its undoing or a repair that the next keeper must do first. */
export interface CareWish {
  requestId: string;
  kind: CareKind;
  /** Name of the backup to restore. */
  name?: string;
  /** Another folder that has it, as `RestoreRequest.from`. */
  from?: string;
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

export const defaultCareSettings: Readonly<CareSettings> = {
  backupMaxBytes: 2_000_000_000,
  retentionDays: 0,
  retentionMaxBytes: 0,
  secondFolder: '',
  auditDays: 400,
  classDays: {},
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
  'choose_folder',
  'resume_capture',
  'show_log',
  'open_settings',
  'open_folder',
  'reload_window',
  'scan_again',
  'restrict',
  'set_class',
  'choose_second_folder',
  'export_memory',
  'import_memory',
  'erase_matching',
  'erase_range',
  'show_forgotten',
  'show_receipts',
  'show_audit',
  'choose_model',
  'install_hooks',
  'remove_hooks',
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

/** Replaces the {0} placeholders of a message. */
export function fillIn(message: string, args: readonly (string | number)[]): string {
  return message.replace(/\{(\d+)\}/g, (whole, index: string) => String(args[Number(index)] ?? whole));
}
