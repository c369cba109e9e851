/** State of care between two starts. A file of its own, because the database may be replaced. */
import path from 'node:path';
import type { CareOutcome } from '../../protocol/care';
import { careFileName } from '../../protocol/data-folder';
import { readJson, writeDurably } from '../lib/durable';
import type { CopySource } from '../store/backup/plain-copy';
import type { Tombstone } from '../store/tables/forget';
import type { SecondDrops } from './second/copy-out';
import type { SecondState } from './second/second-folder';

export interface CareState {
  lastFullAt: number;
  lastWrittenAt: number;
  /** State of the live file when it was last copied: if it is the same, no copy is needed. */
  lastSource?: CopySource;
  /** State of the archive when it was last mirrored. */
  lastArchiveSource?: CopySource;
  /** Hash of what a person had written at the last backup. */
  lastWrittenHash?: string;
  lastCheck?: { at: number; problems: string[] } | undefined;
  /** Why the last backup failed, without content. */
  lastFailure?: { at: number; reason: string } | undefined;
  /** Failures of the whole backup since the last one that was made. */
  failures?: number;
  lastBoundsAt?: number;
  /** Folders that memory was exported to, the latest last: what is erased may stand there too. */
  exports?: string[];
  /** Of the second backup folder, once one was chosen. */
  second?: SecondState | undefined;
  /** What must go from the second folder; absent when there is nothing. */
  secondDrops?: SecondDrops | undefined;
  /** Names of this memory's folders in second folders, by folder: one that is chosen again is the same. */
  secondNames?: Record<string, string>;
  /** When a memory was opened that is older than the one before it, as after a copy was put back by hand. */
  olderSince?: number | undefined;
  outcomes: CareOutcome[];
  /** Names of backups made by hand, by request id. */
  requests: Record<string, string>;
  /** Tombstones that are not applied to all backups yet. */
  unforgotten: Tombstone[];
  /** Emptying the archive was begun; it or its copies may still exist. */
  mustEmptyArchive?: boolean;
  /** Deleting everything was begun; backups may still exist. */
  mustDeleteAll?: boolean;
}

const maxOutcomes = 10;
const maxExports = 20;
const maxDrops = 500;
const noDrops: SecondDrops = { no: 0, hasOthers: false, names: [] };
const empty: CareState = { lastFullAt: 0, lastWrittenAt: 0, outcomes: [], requests: {}, unforgotten: [] };

export const readCareState = (dataDir: string): CareState => ({
  ...empty,
  ...readJson<Partial<CareState>>(path.join(dataDir, careFileName)),
});

/** Reads, changes and writes the state. Only the keeper writes it, so no lock is needed. */
export function changeCareState(dataDir: string, change: (state: CareState) => Partial<CareState>): CareState {
  const state = readCareState(dataDir);
  const next = { ...state, ...change(state) };
  writeDurably(path.join(dataDir, careFileName), JSON.stringify(next));
  return next;
}

export const noteOlder = (dataDir: string, at: number): void =>
  void changeCareState(dataDir, () => ({ olderSince: at }));

export const noteExport = (dataDir: string, folder: string): void =>
  void changeCareState(dataDir, ({ exports = [] }) => ({
    exports: [...exports.filter((each) => each !== folder), folder].slice(-maxExports),
  }));

/**
 * Notes that backups were removed on purpose, so that they go from a second folder too. What is only missing here stays
 * there: it may be all that is left. @param names or all that are not here, after an erasure
 */
export function noteDropped(dataDir: string, names: readonly string[] | 'others'): void {
  if (names.length === 0) return;
  changeCareState(dataDir, ({ second, secondDrops: { no, hasOthers, names: known } = noDrops }) =>
    second
      ? {
          secondDrops: {
            no: no + 1,
            hasOthers: hasOthers || names === 'others',
            names: names === 'others' ? known : [...known, ...names].slice(-maxDrops),
          },
        }
      : {},
  );
}

export const outcomeOf = (dataDir: string, requestId: string): CareOutcome | undefined =>
  readCareState(dataDir).outcomes.find((each) => each.requestId === requestId);

/** The first outcome of a request stays. */
export function noteOutcome(dataDir: string, outcome: CareOutcome): CareOutcome {
  const known = outcomeOf(dataDir, outcome.requestId);
  if (known) return known;
  // The database was replaced, so the last check does not apply to it.
  changeCareState(dataDir, ({ outcomes }) => ({
    outcomes: [...outcomes, outcome].slice(-maxOutcomes),
    ...(outcome.isDone && { lastCheck: undefined, olderSince: undefined }),
  }));
  return outcome;
}
