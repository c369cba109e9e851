/**
 * Connects the background work: which handler does which task, what follows from it, and when it begins. A session is
 * summarised when it has been quiet for a while. Its summary is followed by learnings and the graph, and by a summary
 * by a model where a person allowed it.
 */
import { randomUUID } from 'node:crypto';
import type { ExactTokens } from '../../protocol/basket';
import { MemoryError } from '../../protocol/errors';
import type { SessionId } from '../../protocol/model';
import type { SpendApi } from '../../protocol/questions/spend';
import type { SummaryApi } from '../../protocol/questions/summaries';
import type { QueueStatus } from '../../protocol/spend';
import { abortAfter } from '../lib/abort';
import type { Clock } from '../lib/clock';
import { traceOf } from '../lib/log';
import type { Log } from '../lib/log';
import { knownPrice } from '../lib/prices';
import { breathe } from '../lib/turns';
import type { Turn } from '../lib/turns';
import type { Redactor } from '../observe/redact';
import type { SqlDriver } from '../store/sqlite/driver';
import { recoverCalls } from '../store/tables/calls';
import { isSummarized, seenByModel } from '../store/tables/model-summaries';
import { isSessionRestricted } from '../store/tables/restrictions';
import { sessionHead } from '../store/tables/session-lines';
import { sessionsToSummarize } from '../store/tables/summaries';
import { SummaryAsker } from './ask/ask-summary';
import type { ConnectModel, ModelQuestion } from './ask/language-model';
import { ModelDesk } from './ask/model-settings';
import { PaidModel } from './ask/paid-model';
import { PaidSummaries } from './ask/paid-summaries';
import { spendApi } from './ask/spend-api';
import type { SpendPorts } from './ask/spend-api';
import { TaskQueue } from './queue';
import type { Task, TaskHandlers } from './task';

export interface TaskSchedulePorts {
  driver: SqlDriver;
  clock: Clock;
  log: Log;
  redactor: Pick<Redactor, 'redact'>;
  /** Handlers of local tasks. */
  handlers: TaskHandlers;
  isImporting(): boolean;
  turn: Turn;
  scopeProjects: SpendPorts['scopeProjects'];
  onProgress(status: QueueStatus): void;
  /** Called when a session has a new summary. */
  onSummary(sessionId: SessionId): void;
  settings?: DistilSettings | undefined;
}

/** Settings that differ between machines and tests. */
export interface DistilSettings {
  /** Without it no model can be called. */
  connect?: ConnectModel;
  newId?: () => string;
  random?: () => number;
  /** Milliseconds without new lines after which a session is summarised; by a model only after ten times as long. */
  idleMs?: number;
  /** How often open batches are fetched. */
  pollMs?: number;
  backOffMs?: number;
}

export interface TaskSchedule {
  api: SpendApi & Pick<SummaryApi, 'summaryQuestion' | 'noteSummaryAsked' | 'keepSummary'>;
  queue: TaskQueue;
  start(): void;
  /** New lines of a session were written. */
  noteRows(sessionId: SessionId): void;
  /** An import began or ended. */
  noteCapture(): void;
  /** Sessions came from another memory, with their summaries and learnings. */
  noteImported(ids: readonly SessionId[]): void;
  /** Sessions without a summary are summarised. */
  sweep(): void;
  /** The windows with these settings have closed. */
  forgetModel(source: string): void;
  /** Asks the API. @throws MemoryError `no_model` without a key, or `network` */
  countTokens(text: string): Promise<ExactTokens>;
  /** Asks a model at once. @throws MemoryError as `PaidModel.askAtOnce` does */
  askModel(asked: AtOnce, signal?: AbortSignal): Promise<AnsweredAtOnce>;
  close(): Promise<void>;
}

/** A question that a person waits for; its text is redacted once more before it is sent. */
export interface AtOnce {
  requestId: string;
  system: string;
  text: string;
  schema: ModelQuestion['schema'];
  maxTokens: number;
}

export interface AnsweredAtOnce {
  text: string;
  model: string;
  host: string;
  usd: number;
}

const defaultIdleMs = 60_000;
const defaultPollMs = 60_000;
/** Somebody waits for the number. */
const countWithinMs = 20_000;
/** Somebody waits for the answer. */
const answerWithinMs = 120_000;
/** A session that ended longer ago is not sent to a model automatically. */
const freshMs = 24 * 60 * 60_000;
const slice = 200;

export function createTaskSchedule(ports: TaskSchedulePorts): TaskSchedule {
  const { driver, clock, log, settings = {} } = ports;
  const idleMs = settings.idleMs ?? defaultIdleMs;
  const stop = new AbortController();
  const desk = new ModelDesk();
  const paid = new PaidModel({
    driver,
    clock,
    log,
    desk,
    connect: settings.connect ?? noModel,
    newId: settings.newId ?? randomUUID,
  });
  const asker = new SummaryAsker({
    driver,
    clock,
    redactor: ports.redactor,
    desk,
    onSummary: (id) => ports.onSummary(id),
  });
  const summaries = new PaidSummaries(
    paid,
    asker,
    () => queue,
    log,
    () => pollLater(),
  );
  const queue: TaskQueue = new TaskQueue({
    driver,
    clock,
    log,
    random: settings.random ?? Math.random,
    worker: randomUUID(),
    handlers: ports.handlers,
    paidHandlers: { summarize: summaries.handle },
    isImporting: () => ports.isImporting(),
    isRestricted: (subject) => isSessionRestricted(driver, subject, clock.now()),
    turn: ports.turn,
    whyPaidWaits: () => paid.whyWaits(),
    onDone,
    onProgress: (status) => ports.onProgress(status),
    ...(settings.backOffMs !== undefined && { timing: { backOffMs: settings.backOffMs } }),
  });

  function onDone(task: Task): void {
    if (task.type !== 'summarize' || task.isPaid) return;
    // The graph first: a rule reads from it which files change together.
    queue.enqueueAll([
      { type: 'index', subject: task.subject },
      { type: 'learn', subject: task.subject },
    ]);
    if (desk.isAutomatic && isWorthAsking(task.subject))
      queue.enqueue({ type: 'summarize', subject: task.subject, isPaid: true, delayMs: 9 * idleMs });
  }

  /** True for a session of today that no model has seen, or that grew by half since. */
  function isWorthAsking(id: SessionId): boolean {
    const head = sessionHead(driver, id);
    return (
      head !== undefined && clock.now() - head.updatedAt < freshMs && head.lastSequence >= 1.5 * seenByModel(driver, id)
    );
  }

  /** Since when each session is quiet. Kept in memory only: the next start finds missing summaries again. */
  const touched = new Map<SessionId, number>();
  let quietTimer: ReturnType<typeof setTimeout> | undefined;
  const lookForQuiet = () => {
    quietTimer = undefined;
    if (stop.signal.aborted || touched.size === 0) return;
    const now = clock.now();
    const quiet = ports.isImporting()
      ? []
      : [...touched]
          .filter(([id, at]) => now - at >= idleMs || now - (sessionHead(driver, id)?.updatedAt ?? 0) >= idleMs)
          .map(([id]) => id);
    for (const id of quiet) touched.delete(id);
    // The newest first. The sweep at the start may have summarised some already.
    const waiting = quiet.toReversed().filter((id) => !isSummarized(driver, id));
    queue.enqueueAll(waiting.map((subject) => ({ type: 'summarize', subject })));
    watchForQuiet();
  };
  const watchForQuiet = (ms = Math.max(20, idleMs / 4)) => {
    if (touched.size === 0 || stop.signal.aborted) return;
    quietTimer ??= setTimeout(guarded(lookForQuiet), ms).unref();
  };

  let pollTimer: ReturnType<typeof setTimeout> | undefined;
  const pollLater = () => {
    clearTimeout(pollTimer);
    if (!stop.signal.aborted && summaries.hasBatches)
      pollTimer = setTimeout(poll, settings.pollMs ?? defaultPollMs).unref();
  };
  const poll = () => {
    clearTimeout(pollTimer);
    if (stop.signal.aborted || !isStarted || !summaries.hasBatches) return;
    summaries
      .poll(stop.signal)
      .catch((error: unknown) => log.error(`spend: ${traceOf(error)}`))
      .finally(pollLater);
  };

  /** Queues sessions whose summary is missing or behind, newest first. */
  const sweep = async () => {
    const waiting = sessionsToSummarize(driver, Number.MAX_SAFE_INTEGER);
    for (let from = 0; from < waiting.length && !stop.signal.aborted; from += slice) {
      queue.enqueueAll(waiting.slice(from, from + slice).map((subject) => ({ type: 'summarize', subject })));
      await breathe();
    }
  };
  /** A full disk must not end the thread. */
  const guarded = (work: () => void) => () => {
    try {
      work();
    } catch (error) {
      log.error(`distil: ${traceOf(error)}`);
    }
  };
  let isStarted = false;
  const sweepNow = () => {
    if (isStarted) sweep().catch((error: unknown) => log.error(`distil: ${traceOf(error)}`));
  };
  return {
    api: { ...asker.api, ...spendApi({ paid, asker, queue, scopeProjects: ports.scopeProjects, onWake: poll }) },
    queue,
    start: guarded(() => {
      const { released, unknown } = recoverCalls(driver, clock.now());
      if (released + unknown > 0)
        log.warn(`spend: of the last keeper ${released} calls were never sent, the end of ${unknown} is not known`);
      isStarted = true;
      queue.start();
      poll();
      sweepNow();
    }),
    noteImported: (ids) => queue.enqueueAll(ids.map((subject) => ({ type: 'index', subject }))),
    sweep: sweepNow,
    noteRows(sessionId) {
      touched.delete(sessionId);
      touched.set(sessionId, clock.now());
      if (isStarted) watchForQuiet();
    },
    noteCapture() {
      if (ports.isImporting() || !isStarted) return;
      queue.wake();
      // Imported sessions have been quiet for long, so they are queued at the end of the import.
      clearTimeout(quietTimer);
      quietTimer = undefined;
      watchForQuiet(0);
    },
    async countTokens(text) {
      const signal = abortAfter(countWithinMs, stop.signal);
      // Once more, with the rules of today: what was stored may be older than they are.
      const { texts } = await ports.redactor.redact([text]);
      return paid.countTokens(texts[0] ?? '', signal);
    },
    async askModel({ requestId, system, text, schema, maxTokens }, signal) {
      const { fastModel, strongModel } = desk.models;
      const model = fastModel || strongModel;
      if (desk.state === 'wrong_key') desk.forgive();
      if (desk.state !== 'ready') throw new MemoryError('no_model', 'No model may be asked.', { reason: desk.state });
      // Once more, with the rules of today: what was stored may be older than they are.
      const { texts, redactions } = await ports.redactor.redact([text]);
      const { answer, usd } = await paid.askAtOnce(
        {
          id: requestId,
          question: {
            model,
            system,
            text: texts[0] ?? '',
            schema,
            maxTokens,
            hasEffort: knownPrice(model)?.hasEffort ?? false,
          },
          redactions: redactions[0] ?? 0,
        },
        abortAfter(answerWithinMs, stop.signal, ...(signal ? [signal] : [])),
      );
      return { text: answer.text, model, host: desk.host, usd };
    },
    forgetModel(source) {
      desk.forget(source);
      queue.wake();
    },
    async close() {
      stop.abort(new MemoryError('cancelled', 'The keeper is closing.'));
      clearTimeout(quietTimer);
      clearTimeout(pollTimer);
      await queue.close();
    },
  };
}

const noModel: ConnectModel = () => Promise.reject(new MemoryError('no_model', 'No model can be asked here.'));
