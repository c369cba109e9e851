/** Combines summaries, learnings and paid work, and connects their events. */
import type { MemoryApi, MemoryEvents } from '../../protocol/memory-api';
import type { Learning, SessionId } from '../../protocol/model';
import type { InsightsApi } from '../../protocol/questions/insights';
import type { Clock } from '../lib/clock';
import type { CommitHistory, CommittedFiles } from '../lib/git';
import type { NameKey } from '../lib/keyed-name';
import type { Log } from '../lib/log';
import type { Turn } from '../lib/turns';
import type { Redactor, Seal } from '../observe/redact';
import type { SqlDriver } from '../store/sqlite/driver';
import { graphApi, indexTask } from './graph/graph';
import { learnApi } from './learn/learn-api';
import { createLearner } from './learn/learner';
import { pastFixApi } from './past-fixes/past-fixes';
import { summarizeTask, summaryApi } from './summary/summary-api';
import { createTaskSchedule } from './task-schedule';
import type { TaskSchedule, TaskSchedulePorts, DistilSettings } from './task-schedule';

export interface DistilPorts {
  driver: SqlDriver;
  clock: Clock;
  log: Log;
  redactor: Redactor;
  seal: Seal;
  names: NameKey;
  git: (CommitHistory & CommittedFiles) | undefined;
  settings: DistilSettings | undefined;
  /** Whether a learning stands in a file that Claude Code gives by itself. */
  notedTest: () => (learning: Learning) => boolean;
  isImporting(): boolean;
  turn: Turn;
  scopeProjects: TaskSchedulePorts['scopeProjects'];
  changed: (event: Partial<MemoryEvents['changed']>) => void;
  emitQueue: (status: MemoryEvents['queue']) => void;
  later: (ms: number, work: () => void) => void;
}

type DistilApi = Omit<InsightsApi, 'insights'> &
  Pick<
    MemoryApi,
    | keyof ReturnType<typeof summaryApi>
    | keyof ReturnType<typeof learnApi>
    | keyof ReturnType<typeof pastFixApi>
    | keyof ReturnType<typeof createTaskSchedule>['api']
  >;

export interface Distil {
  api: DistilApi;
  start(): void;
  noteRows(id: SessionId): void;
  /** An import began or ended. */
  noteCapture(): void;
  /** Sessions came from another memory. */
  noteImported(ids: readonly SessionId[]): void;
  /** Sessions without a summary are summarised. */
  sweep(): void;
  /** Trusted folders changed: git is asked at the next beat. */
  noteFolders(): void;
  forgetModel(source: string): void;
  countTokens: TaskSchedule['countTokens'];
  askModel: TaskSchedule['askModel'];
  close(): Promise<void>;
}

/** Changes are reported at most this often. */
const tellMs = 200;
/** How long after something was learnt git is asked about it, and how often HEAD is checked. */
const surveySoonMs = 2000;
const beatMs = 60_000;

export function createDistil(ports: DistilPorts): Distil {
  const { driver, clock, log, seal, changed, later } = ports;
  const now = () => clock.now();
  const summarized = new Set<SessionId>();
  let hasLearned = false;
  let isTelling = false;
  const tell = () => {
    if (isTelling) return;
    isTelling = true;
    later(tellMs, () => {
      isTelling = false;
      const sessions = [...summarized];
      changed({
        learnings: hasLearned,
        ...(sessions.length > 0 && { sessions: sessions.length > 50 ? [] : sessions, distilled: true as const }),
      });
      summarized.clear();
      hasLearned = false;
    });
  };
  const onSummary = (id: SessionId) => {
    summarized.add(id);
    tell();
  };
  const learner = createLearner({
    driver,
    seal,
    now,
    log,
    git: ports.git,
    turn: ports.turn,
    onChange() {
      hasLearned = true;
      tell();
      later(surveySoonMs, () => void learner.beat());
    },
  });
  const summaries = { driver, clock, seal, changed: onSummary };
  const graph = { driver, seal, inScope: ports.scopeProjects, changed: onSummary };
  const schedule = createTaskSchedule({
    driver,
    clock,
    log,
    redactor: ports.redactor,
    isImporting: () => ports.isImporting(),
    turn: ports.turn,
    scopeProjects: ports.scopeProjects,
    settings: ports.settings,
    // Tasks without a model, one line per type.
    handlers: {
      summarize: summarizeTask({ ...summaries, turn: ports.turn }),
      learn: learner.task,
      index: indexTask({ ...graph, names: ports.names }),
    },
    onProgress: ports.emitQueue,
    onSummary(id) {
      // The answer may contain learnings too.
      hasLearned = true;
      onSummary(id);
    },
  });
  let beatTimer: ReturnType<typeof setInterval> | undefined;
  return {
    api: {
      ...summaryApi(summaries),
      ...learnApi({
        driver,
        notedTest: ports.notedTest,
        scopeProjects: ports.scopeProjects,
        seal,
        now,
        changed: () => changed({ learnings: true }),
        relearn: (signal) => learner.relearn(signal),
      }),
      ...graphApi(graph),
      ...pastFixApi({ driver, names: ports.names, now, inScope: ports.scopeProjects }),
      ...schedule.api,
    },
    start() {
      schedule.start();
      beatTimer = setInterval(() => void learner.beat(), beatMs);
      beatTimer.unref();
    },
    noteRows: (id) => schedule.noteRows(id),
    noteCapture: () => schedule.noteCapture(),
    noteImported: (ids) => schedule.noteImported(ids),
    sweep: () => schedule.sweep(),
    noteFolders: () => learner.note(),
    forgetModel: (source) => schedule.forgetModel(source),
    countTokens: (text) => schedule.countTokens(text),
    askModel: (asked, signal) => schedule.askModel(asked, signal),
    async close() {
      clearInterval(beatTimer);
      await schedule.close();
    },
  };
}
