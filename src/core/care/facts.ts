/** Everything a diagnosis is made of: plain data, so that each rule can be tried with made-up ones. */
import type { BackupInfo, SizesByPart } from '../../protocol/care';
import type { MeaningStatus } from '../../protocol/meaning';
import type { MeaningFacts } from '../../protocol/meaning-queue';
import type { ArchiveStatus, CaptureState, MemoryStatus } from '../../protocol/status';
import type { StoreHealth } from '../store/tables/health';
import type { CareState } from './state';

/** What the memory says about itself. */
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
  archive: ArchiveStatus;
  /** What vectors there are and what they count; absent without a model. */
  vectors?: MeaningFacts;
  meaning: Pick<MeaningStatus, 'phase' | 'model' | 'reason'>;
  health: StoreHealth;
  sizes: SizesByPart;
  /** Bytes free on the disk of the memory; undefined when it does not tell. */
  diskFree: number | undefined;
  /** Others than this user can read the database. */
  isReadableByOthers: boolean;
  hasUndo: boolean;
  /** Names the folder without saying where it is. */
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
