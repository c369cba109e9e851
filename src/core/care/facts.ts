/** The facts for a diagnosis: plain data, so that each rule can be tested. */
import type { BackupInfo, SizesByPart } from '../../protocol/care';
import type { MeaningStatus } from '../../protocol/meaning';
import type { MeaningFacts } from '../../protocol/meaning-queue';
import type { Restriction } from '../../protocol/portable';
import type { RedactionStatus } from '../../protocol/redaction';
import type { ArchiveStatus, CaptureState, MemoryStatus } from '../../protocol/status';
import type { StoreHealth } from '../store/tables/health';
import type { CareState } from './state';

/** Facts from the memory itself. */
export interface OwnFacts {
  extensionVersion: string;
  schemaVersion: number;
  protocolVersion: number;
  driver: MemoryStatus['driver'];
  keeperPid: number;
  sessions: number;
  learnings: number;
  lastCaptureAt: number | null;
  capture: CaptureState;
  warnings: MemoryStatus['warnings'];
  redactions: number;
  /** In force. */
  restrictions: readonly Restriction[];
  archive: ArchiveStatus;
  redaction: RedactionStatus & { isScanning: boolean };
  /** Number and weight of vectors; absent without a model. */
  vectors?: MeaningFacts;
  meaning: Pick<MeaningStatus, 'phase' | 'model' | 'reason'>;
  /** Links in the config folders, at the last look at all of them. */
  links: { followed: number; passedOver: number };
  /** The config folders as they are now; `fault` when no transcript can be found there. */
  folders: readonly { dir: string; fault?: 'missing' | 'no_folder' | 'no_projects' }[];
  health: StoreHealth;
  sizes: SizesByPart;
  /** Free bytes on the disk of the memory; undefined when unknown. */
  diskFree: number | undefined;
  /** True when other users can read the database. */
  isReadableByOthers: boolean;
  hasUndo: boolean;
  /** Excludes that match no known project, each with what it was read as. */
  idleExcludes: readonly { pattern: string; readAs: string }[];
  /** Lines of transcripts that are passed over because a keeper was stuck at them: name of the file, first byte. */
  passedOver: { file: string; offset: number }[];
  /** Identifies the folder without its path. */
  folderHash: string;
  /** Operating system, architecture and runtime. */
  machine: string;
}

export interface Facts extends OwnFacts {
  now: number;
  state: CareState;
  /** Newest first. */
  backups: readonly BackupInfo[];
}
