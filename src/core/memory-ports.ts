/** What the memory needs from outside, and what it gives beside the answers. */
import type { Auditor } from '../protocol/audit';
import type { MeaningFacts } from '../protocol/meaning-queue';
import type { MemoryApi } from '../protocol/memory-api';
import type { MemoryStatus } from '../protocol/status';
import type { PatternSurroundings } from './capture/exclude';
import type { StartTouching } from './capture/line-guard';
import type { RunCareTask } from './care/tasks';
import type { Emit } from './changes';
import type { DistilSettings } from './distil/task-schedule';
import type { Clock } from './lib/clock';
import type { CommitHistory, CommittedFiles } from './lib/git';
import type { Log } from './lib/log';
import type { Meaning } from './meaning/choice';
import type { Embedder } from './meaning/embedder';
import type { Machine } from './meaning/feed';
import type { StartLineThread } from './observe/line-thread';
import type { SqlDriver } from './store/sqlite/driver';

export interface MemoryPorts {
  driver: SqlDriver;
  /** Undefined when the archive could not be opened; the memory works without it. */
  archive: SqlDriver | undefined;
  clock: Clock;
  log: Log;
  dataDir: string;
  /** What patterns for excluded folders mean on this machine. */
  surroundings: PatternSurroundings;
  version: string;
  pid: number;
  /** Makes a random text; called once per store. */
  makeSalt: () => string;
  /** Monotonic milliseconds, for durations. */
  elapsed: () => number;
  warnings: MemoryStatus['warnings'];
  /** Parts for backups, restore and repair; without them the rest of the memory works. */
  care?: {
    run: RunCareTask;
    /** Ends this keeper; the next one opens the memory again. */ reopen: () => void;
    /** Operating system and runtime, for reports. */ machine: string;
    /** Name of the computer, for a folder outside of it. */ computer?: string;
  };
  /** Tells how long a line stopped this thread; without it no line is ever passed over for that. */
  startTouching?: StartTouching;
  /** Lines are redacted in another thread; without it, in this one. */
  startLineThread?: StartLineThread;
  /** State of the machine; without it background work runs whatever the load is. */
  machine?: Machine;
  /** Commits and files of open, trusted folders. */
  commits?: CommitHistory & CommittedFiles & { setRoots(source: string, roots: readonly string[]): void };
  /** How paid models are reached, and settings for tests. */
  distil?: DistilSettings;
  /** The chosen embedding model; without it search uses words alone. */
  meaning?: Meaning;
  emit: Emit;
}

export interface Memory extends MemoryApi {
  /** The same requests, written into the audit log as those of this head. */
  as(who: Auditor): MemoryApi;
  /** Starts following transcripts; before that only requests are answered. */
  start(): void;
  /** Runs what care has due now; otherwise this happens every minute. */
  beat(): Promise<void>;
  /** Resolves when nothing is being erased or proved. */
  whenErased(): Promise<void>;
  /** Finds amendments and writes briefs now; otherwise this happens after changes. */
  readyBriefs(): Promise<void>;
  /** Sets the embedder when a model starts, is replaced, or goes (undefined). */
  setEmbedder(embedder: Embedder | undefined): void;
  /** The windows with these model settings have closed: their key is dropped. */
  forgetModel(source: string): void;
  /** Progress and weight of search by meaning; undefined without a model. */
  meaningFacts(): MeaningFacts | undefined;
  /** Resolves when every text has a vector, as far as possible, and the trial is done. */
  whenEmbedded(): Promise<void>;
  close(): Promise<void>;
}
