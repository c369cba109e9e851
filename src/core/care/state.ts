/** What care remembers between starts. A file of its own: the database may be the thing that is replaced. */
import path from 'node:path';
import type { CareOutcome } from '../../protocol/care';
import { careFileName } from '../../protocol/data-folder';
import { readJson, writeDurably } from '../lib/durable';
import type { CopySource } from '../store/backup/plain-copy';
import type { Tombstone } from '../store/tables/forget';

export interface CareState {
  lastFullAt: number;
  lastWrittenAt: number;
  /** The live file as it was when it was last copied: the same again needs no copy. */
  lastSource?: CopySource;
  /** The archive as it was when it was last mirrored. */
  lastArchiveSource?: CopySource;
  /** Of what a person wrote, when it was last saved. */
  lastWrittenHash?: string;
  lastCheck?: { at: number; problems: string[] } | undefined;
  /** Why the last backup was not made, without content. */
  lastFailure?: { at: number; reason: string } | undefined;
  lastBoundsAt?: number;
  outcomes: CareOutcome[];
  /** Backups made by hand, by the id of the request. */
  requests: Record<string, string>;
  /** Forgotten in the memory, and not yet in all backups. */
  unforgotten: Tombstone[];
  /** The archive was to be emptied, and it or its copies may still be there. */
  mustEmptyArchive?: boolean;
  /** Everything was deleted, and backups may still be there. */
  mustDeleteAll?: boolean;
}

const maxOutcomes = 10;
const empty: CareState = { lastFullAt: 0, lastWrittenAt: 0, outcomes: [], requests: {}, unforgotten: [] };

export const readCareState = (dataDir: string): CareState => ({
  ...empty,
  ...readJson<Partial<CareState>>(path.join(dataDir, careFileName)),
});

/** Read, change, write: nobody else writes it, for only the keeper does. */
export function changeCareState(dataDir: string, change: (state: CareState) => Partial<CareState>): CareState {
  const state = readCareState(dataDir);
  const next = { ...state, ...change(state) };
  writeDurably(path.join(dataDir, careFileName), JSON.stringify(next));
  return next;
}

export const outcomeOf = (dataDir: string, requestId: string): CareOutcome | undefined =>
  readCareState(dataDir).outcomes.find((each) => each.requestId === requestId);

/** Once: what was told is not told differently later. */
export function noteOutcome(dataDir: string, outcome: CareOutcome): CareOutcome {
  const known = outcomeOf(dataDir, outcome.requestId);
  if (known) return known;
  // Another file is in its place: what was found in the old one says nothing of it.
  changeCareState(dataDir, ({ outcomes }) => ({
    outcomes: [...outcomes, outcome].slice(-maxOutcomes),
    ...(outcome.isDone && { lastCheck: undefined }),
  }));
  return outcome;
}

/** The newest one is what a person wants to hear about. */
export const lastOutcome = (dataDir: string): CareOutcome | undefined => readCareState(dataDir).outcomes.at(-1);
