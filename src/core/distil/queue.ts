/**
 * Runs waiting tasks whenever nothing pauses the queue. It has two lanes, so that local work does not wait for a remote
 * model. Each lane runs one task at a time and lets the keeper answer requests in between.
 */
import { MemoryError } from '../../protocol/errors';
import type { QueueStatus, TaskInfo } from '../../protocol/spend';
import type { Page } from '../../protocol/status';
import { taskErrors } from '../../protocol/task-errors';
import { orAborted } from '../lib/abort';
import type { Clock } from '../lib/clock';
import { traceOf } from '../lib/log';
import type { Log } from '../lib/log';
import type { Turn } from '../lib/turns';
import type { SqlDriver } from '../store/sqlite/driver';
import { getConfiguration, setConfiguration } from '../store/tables/configuration';
import {
  countTasks,
  dropTask,
  dropWaitingPaid,
  failTask,
  finishTask,
  hasTask,
  hasWaiting,
  listTasks,
  nextLeaseEnd,
  nextTaskAt,
  putTask,
  reviveTask,
  takeBackOverdue,
  takeBackTasks,
  takeTask,
} from '../store/tables/tasks';
import type { QueuedTask, TaskFailure } from '../store/tables/tasks';
import type { Task, TaskHandlers, TaskTrouble, TaskWish } from './task';

/** Why no paid task may start, and until when if only time is needed. */
export interface PaidWait {
  why?: 'budget' | 'no_key';
  /** Epoch milliseconds. */
  until?: number;
}

export interface QueuePorts {
  driver: SqlDriver;
  clock: Clock;
  log: Log;
  /** From 0 to below 1, for jitter. */
  random: () => number;
  /** Name of this keeper: running tasks with another name belong to a keeper that is gone. */
  worker: string;
  /** Handlers of local tasks. Task types without a handler are not queued. */
  handlers: TaskHandlers;
  /** Handlers of tasks by a paid model. */
  paidHandlers?: TaskHandlers;
  /** What the task is about must not be processed now. */
  isRestricted?(subject: string): boolean;
  isImporting(): boolean;
  /** Before each task. */
  turn: Turn;
  whyPaidWaits?(): PaidWait | undefined;
  /** Called in the transaction that ends the task, so that follow-up tasks exist when it is gone. */
  onDone?(task: Task): void;
  onProgress(status: QueueStatus): void;
  timing?: Partial<QueueTiming>;
}

/** A task about what is restricted is looked at again after this time: a restriction ends by itself. */
const restrictedMs = 10 * 60_000;

/** In milliseconds. */
export interface QueueTiming {
  /** Wait before the first retry; four times as long for each further one. */
  backOffMs: number;
  /** A task that takes longer is cancelled and counts as failed. */
  leaseMs: number;
  /** Progress is reported at most this often. */
  tellMs: number;
}

const defaultTiming: QueueTiming = { backOffMs: 5000, leaseMs: 15 * 60_000, tellMs: 200 };
const pausedKey = 'queue.paused';
const pageSize = 50;
/** Least time between two checks, even when the clock stands still. */
const minWaitMs = 100;
const maxWaitMs = 60 * 60_000;

interface Lane {
  isPaid: boolean;
  running: Promise<void> | undefined;
  isAskedAgain: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export class TaskQueue {
  readonly #timing: QueueTiming;
  readonly #lanes: Lane[];
  readonly #stop = new AbortController();
  #isPaused: boolean;
  #isStarted = false;
  #done = 0;
  #teller: ReturnType<typeof setTimeout> | undefined;
  #told = '';

  constructor(readonly ports: QueuePorts) {
    this.#timing = { ...defaultTiming, ...ports.timing };
    this.#isPaused = getConfiguration<boolean>(ports.driver, pausedKey) ?? false;
    this.#lanes = [false, true].map((isPaid) => ({
      isPaid,
      running: undefined,
      isAskedAgain: false,
      timer: undefined,
    }));
  }

  /** Takes back the tasks of the last keeper and starts. */
  start(): void {
    const { driver, clock, worker, log } = this.ports;
    const taken = driver.transaction(() => takeBackTasks(driver, worker, clock.now()));
    if (taken > 0) log.info(`queue: ${taken} tasks of the last keeper taken back`);
    this.#isStarted = true;
    this.wake();
  }

  enqueue(wish: TaskWish): void {
    this.enqueueAll([wish]);
  }

  /**
   * `revives`: a person asks, so that tasks in these states wait again too. Returns the number of tasks that wait now.
   */
  enqueueAll(wishes: readonly TaskWish[], revives: readonly ('dead' | 'unknown')[] = []): number {
    const { driver, clock } = this.ports;
    const useful = wishes.filter(({ type, isPaid = false }) => this.#handlers(isPaid)[type] !== undefined);
    if (useful.length === 0) return 0;
    const now = clock.now();
    if (!hasWaiting(driver)) this.#done = 0;
    const queued = driver.transaction(
      () =>
        useful.filter(({ type, subject, isPaid = false, payload, priority = 0, delayMs = 0 }) =>
          // A dead local task is tried again when its session has grown.
          putTask(
            driver,
            { type, subject, isPaid, payload, priority, nextAt: now + delayMs },
            isPaid ? revives : ['dead', ...revives],
            now,
          ),
        ).length,
    );
    this.wake();
    return queued;
  }

  /** Checks again: a reason to pause may be gone. */
  wake(): void {
    if (!this.#isStarted || this.#stop.signal.aborted) return;
    for (const lane of this.#lanes) this.#wakeLane(lane);
    this.#tell();
  }

  get status(): QueueStatus {
    const { counts, paidWaiting } = countTasks(this.ports.driver);
    const waiting = counts.pending + counts.running + counts.failed;
    const why = this.#whyPaused() ?? (paidWaiting > 0 ? this.ports.whyPaidWaits?.()?.why : undefined);
    return {
      counts,
      done: this.#done,
      total: this.#done + waiting,
      isPaused: why !== undefined,
      ...(why && { whyPaused: why }),
    };
  }

  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    setConfiguration(this.ports.driver, pausedKey, isPaused, this.ports.clock.now());
    this.wake();
    this.#tell();
  }

  list(cursor?: string): Page<TaskInfo> {
    return listTasks(this.ports.driver, cursor, pageSize);
  }

  /** A running task is not touched. @throws MemoryError `not_found` */
  retry(id: number): void {
    const { driver, clock } = this.ports;
    if (!hasTask(driver, id)) throw new MemoryError('not_found', 'This task is done, or was dropped.');
    reviveTask(driver, id, clock.now());
    this.wake();
  }

  /** Does nothing when the task is gone. @throws MemoryError `busy` while it runs */
  drop(id: number): void {
    const { driver } = this.ports;
    if (hasTask(driver, id) && !dropTask(driver, id)) throw new MemoryError('busy', 'This task is under way.');
    this.wake();
  }

  dropPaid(): void {
    dropWaitingPaid(this.ports.driver);
    this.wake();
  }

  /** Ends a parked task whose batch has ended. */
  endParked(task: Pick<QueuedTask, 'id' | 'retries' | 'maxRetries'>, error?: unknown): void {
    const { driver, clock } = this.ports;
    if (error === undefined) {
      finishTask(driver, task.id, clock.now());
      this.#done++;
    } else failTask(driver, task.id, this.#judge(error, task), clock.now());
    this.wake();
  }

  /** Resolves when no task runs any more. */
  async whenIdle(): Promise<void> {
    for (;;) {
      const running = this.#lanes.flatMap((lane) => lane.running ?? []);
      if (running.length === 0) return;
      await Promise.all(running);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort(new MemoryError('cancelled', 'The keeper is closing.'));
    clearTimeout(this.#teller);
    for (const lane of this.#lanes) clearTimeout(lane.timer);
    await this.whenIdle();
  }

  #handlers(isPaid: boolean): TaskHandlers {
    return (isPaid ? this.ports.paidHandlers : this.ports.handlers) ?? {};
  }

  #whyPaused(): 'user' | 'importing' | undefined {
    if (this.#isPaused) return 'user';
    return this.ports.isImporting() ? 'importing' : undefined;
  }

  #mayWork({ isPaid }: Lane): boolean {
    return (
      !this.#stop.signal.aborted &&
      this.#whyPaused() === undefined &&
      (!isPaid || this.ports.whyPaidWaits?.() === undefined)
    );
  }

  #wakeLane(lane: Lane): void {
    lane.isAskedAgain = true;
    clearTimeout(lane.timer);
    lane.running ??= this.#run(lane).finally(() => {
      lane.running = undefined;
      if (lane.isAskedAgain && !this.#stop.signal.aborted) this.#wakeLane(lane);
      else this.#setTimer(lane);
    });
  }

  async #run(lane: Lane): Promise<void> {
    await this.ports.turn();
    lane.isAskedAgain = false;
    try {
      this.#takeBackOverdue(lane);
      let task = this.#mayWork(lane) ? this.#take(lane) : undefined;
      while (task) {
        const ended = await this.#perform(task);
        task = this.ports.driver.transaction(() => {
          ended();
          return this.#mayWork(lane) ? this.#take(lane) : undefined;
        });
        this.#tell();
        await this.ports.turn();
      }
    } catch (error) {
      // A full disk must not end the thread. The running task is taken back at the next start or when its lease ends.
      this.ports.log.error(`queue: ${traceOf(error)}`);
    }
  }

  /** No task of this lane is running, so one that is marked as running has an end that could not be written. */
  #takeBackOverdue({ isPaid }: Lane): void {
    const { driver, clock, log } = this.ports;
    const now = clock.now();
    if ((nextLeaseEnd(driver, isPaid) ?? now) >= now) return;
    log.warn(
      `queue: ${driver.transaction(() => takeBackOverdue(driver, isPaid, now))} tasks taken back whose end was not written`,
    );
  }

  #take({ isPaid }: Lane): QueuedTask | undefined {
    const { driver, clock, worker } = this.ports;
    const now = clock.now();
    return takeTask(driver, { isPaid, worker, leaseUntil: now + this.#timing.leaseMs, now });
  }

  /** Runs a task; returns the function that writes its end. */
  async #perform(task: QueuedTask): Promise<() => void> {
    const { driver, clock, log } = this.ports;
    const handler = this.#handlers(task.isPaid)[task.type];
    const lease = this.#lease();
    try {
      // A newer version made this task; after an upgrade it can run.
      if (!handler) throw new MemoryError('internal', taskErrors.failed, { isFinal: true, args: [task.type] });
      if (this.ports.isRestricted?.(task.subject))
        throw new MemoryError('busy', taskErrors.restricted, { isHeld: true, retryAfterMs: restrictedMs });
      const { signal } = lease;
      // A paid task must see the end of its call, so it handles the signal itself.
      await (task.isPaid ? handler(task, signal) : orAborted(handler(task, signal), signal));
      return () => {
        finishTask(driver, task.id, clock.now());
        this.#done++;
        this.ports.onDone?.(task);
      };
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble.isParked) return () => {};
      const failure =
        this.#stop.signal.aborted && !trouble.isUnknown
          ? { state: 'pending' as const, nextAt: 0, error: '', args: [] }
          : this.#judge(error, task);
      if (failure.state !== 'pending')
        log.warn(`queue: ${task.type} ${task.id} is ${failure.state}: ${wordsOf(error)}`);
      return () => failTask(driver, task.id, failure, clock.now());
    } finally {
      lease.end();
    }
  }

  /** A signal that aborts when the keeper closes or the task takes too long. `end` removes its listeners. */
  #lease(): { signal: AbortSignal; end: () => void } {
    const control = new AbortController();
    const close = () => control.abort(this.#stop.signal.reason);
    const timer = setTimeout(
      () => control.abort(new MemoryError('internal', 'It took too long.')),
      this.#timing.leaseMs,
    ).unref();
    this.#stop.signal.addEventListener('abort', close, { once: true });
    return {
      signal: control.signal,
      end: () => {
        clearTimeout(timer);
        this.#stop.signal.removeEventListener('abort', close);
      },
    };
  }

  #judge(error: unknown, { retries, maxRetries }: Pick<QueuedTask, 'retries' | 'maxRetries'>): TaskFailure {
    const { clock, random } = this.ports;
    const trouble = troubleOf(error);
    const now = clock.now();
    const said =
      trouble.args === undefined
        ? { error: taskErrors.failed, args: [wordsOf(error)] }
        : { error: (error as MemoryError).message, args: trouble.args };
    if (trouble.isHeld) return { state: 'pending', nextAt: now + (trouble.retryAfterMs ?? 0), error: '', args: [] };
    if (trouble.isUnknown) return { state: 'unknown', nextAt: 0, ...said };
    if (trouble.isFinal || retries >= Math.min(maxRetries, trouble.maxRetries ?? maxRetries))
      return { state: 'dead', nextAt: 0, ...said };
    // Random between half and the full wait, so that tasks which failed together do not retry together.
    const wait = this.#timing.backOffMs * 4 ** retries * (0.5 + random() / 2);
    return { state: 'failed', nextAt: now + Math.max(trouble.retryAfterMs ?? 0, Math.round(wait)), ...said };
  }

  #setTimer(lane: Lane): void {
    if (this.#stop.signal.aborted || this.#whyPaused() !== undefined) return;
    const { driver, clock } = this.ports;
    const wait = lane.isPaid ? this.ports.whyPaidWaits?.() : undefined;
    const due = wait && wait.until === undefined ? undefined : nextTaskAt(driver, lane.isPaid);
    const overdue = nextLeaseEnd(driver, lane.isPaid);
    if (due === undefined && overdue === undefined) return;
    const at = Math.min(Math.max(due ?? Infinity, wait?.until ?? 0), (overdue ?? Infinity) + 1);
    lane.timer = setTimeout(() => this.#wakeLane(lane), Math.min(maxWaitMs, Math.max(minWaitMs, at - clock.now())));
    lane.timer.unref();
  }

  #tell(): void {
    if (this.#teller || this.#stop.signal.aborted) return;
    this.#teller = setTimeout(() => {
      this.#teller = undefined;
      if (this.#stop.signal.aborted) return;
      const { status } = this;
      const told = JSON.stringify(status);
      if (told !== this.#told) this.ports.onProgress(status);
      this.#told = told;
    }, this.#timing.tellMs);
    this.#teller.unref();
  }
}

const troubleOf = (error: unknown): TaskTrouble => (MemoryError.is(error) ? (error.data ?? {}) : {});

/** Never includes the message of a parser, which may quote the transcript. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return error instanceof SyntaxError ? error.name : error.message;
}
