/**
 * Paid summaries: one call per session, or many sessions in a batch at half the price. A batch may be fetched by a
 * later keeper.
 */
import { MemoryError } from '../../../protocol/errors';
import { taskErrors } from '../../../protocol/task-errors';
import type { Log } from '../../lib/log';
import { breathe } from '../../lib/turns';
import {
  callsWithoutEnd,
  isAskedAbout,
  loseCall,
  openBatches,
  openCallsOf,
  releaseCall,
} from '../../store/tables/calls';
import type { OpenCall } from '../../store/tables/calls';
import { isSessionRestricted } from '../../store/tables/restrictions';
import { batchTasks, dropTask, getTask, parkTask, taskOfCall } from '../../store/tables/tasks';
import type { QueuedTask } from '../../store/tables/tasks';
import type { TaskQueue } from '../queue';
import type { Task, TaskHandler } from '../task';
import type { PreparedSummary, SummaryAsker } from './ask-summary';
import type { BatchAnswer, ModelFailure } from './language-model';
import type { PaidModel, PaidQuestion, ReservedCall } from './paid-model';

export interface PaidPayload {
  isBatch?: boolean;
  /** A person requested this summary. */
  isImportant?: boolean;
}

/** Sessions of at most half a megabyte each: far below the limit of a batch, and few enough to prepare at once. */
const maxInBatch = 50;

interface Item {
  task: Pick<QueuedTask, 'id' | 'retries' | 'maxRetries'>;
  paid: PaidQuestion;
  call: ReservedCall;
}

export class PaidSummaries {
  #polling: Promise<void> | undefined;

  constructor(
    readonly paid: PaidModel,
    readonly asker: SummaryAsker,
    readonly queue: () => TaskQueue,
    readonly log: Log,
    /** Called when a batch was submitted. */
    readonly onHandedIn: () => void,
  ) {}

  readonly handle: TaskHandler = async (task, signal) => {
    const payload = (task.payload ?? {}) as PaidPayload;
    this.#loseLeftOver(task.subject);
    if (payload.isBatch) return this.#handIn(task, signal);
    const prepared = await this.#prepare(task.subject, payload.isImportant === true);
    if (!prepared) return;
    const { model } = prepared.question;
    await this.paid.ask(
      questionOf(task, prepared),
      (answer, { id, costUsd }) =>
        this.asker.check(task.subject, answer, {
          source: 'model',
          model,
          requestId: id,
          costUsd,
          lastSequence: prepared.head.lastSequence,
        }),
      signal,
    );
  };

  /** Fetches finished batches. Resolves when each open batch was asked for once. */
  poll(signal: AbortSignal): Promise<void> {
    this.#polling ??= this.#poll(signal).finally(() => (this.#polling = undefined));
    return this.#polling;
  }

  get hasBatches(): boolean {
    return openBatches(this.paid.ports.driver).length > 0;
  }

  /** Submits this task and other waiting ones in a batch, as many as fit under the ceilings. */
  async #handIn(first: Task, signal: AbortSignal): Promise<void> {
    const { driver, clock } = this.paid.ports;
    const found = getTask(driver, first.id);
    if (!found) return;
    // Before money is reserved: without a model nothing can be sent.
    await this.paid.model();
    const items: Item[] = [];
    try {
      await this.#collect([found, ...batchTasks(driver, clock.now(), maxInBatch - 1)], items, signal);
    } catch (error) {
      this.paid.release(items.map(({ call }) => call));
      throw error;
    }
    if (items.length === 0) return;
    const sent = await this.#submit(items, first.id, signal);
    if (sent.some(({ task }) => task.id === first.id))
      throw new MemoryError('internal', 'It waits for its batch.', { isParked: true });
    // The session of this task was imported again or deleted meanwhile.
    if (items.some(({ task }) => task.id === first.id)) throw lookAgain();
  }

  /**
   * Only this queue makes calls, so a call that is still open belongs to a task whose end could not be written. It
   * counts as lost.
   */
  #loseLeftOver(sessionId: string): void {
    const { driver } = this.paid.ports;
    const left = callsWithoutEnd(driver, sessionId);
    if (left.length === 0) return;
    driver.transaction(() => left.forEach((id) => loseCall(driver, id)));
    throw lost();
  }

  /** Undefined when there is nothing to ask, or while a batch with this session is open. */
  async #prepare(sessionId: string, isImportant: boolean): Promise<PreparedSummary | undefined> {
    return isAskedAbout(this.paid.ports.driver, sessionId) ? undefined : this.asker.prepare(sessionId, isImportant);
  }

  /**
   * Builds questions and reserves their cost until one does not fit. The first task is running in the queue, which ends
   * it; the others are ended here.
   */
  async #collect(tasks: readonly QueuedTask[], items: Item[], signal: AbortSignal): Promise<void> {
    const { driver, clock } = this.paid.ports;
    for (const [index, task] of tasks.entries()) {
      signal.throwIfAborted();
      // It waits for the end of its restriction; the others go.
      if (index > 0 && isSessionRestricted(driver, task.subject, clock.now())) continue;
      const prepared = await this.#prepare(task.subject, false);
      if (!prepared) {
        if (index > 0) dropTask(driver, task.id);
        continue;
      }
      const paid = questionOf(task, prepared);
      if (!this.paid.isWanted(paid) && index === 0) throw lookAgain();
      if (!this.paid.isWanted(paid)) continue;
      const call = this.paid.reserve(paid, true);
      if (!call && index === 0) throw this.paid.noRoom(prepared.question, true);
      if (!call) return;
      items.push({ task, paid, call });
    }
  }

  /** Submits the items; returns those that were sent. */
  async #submit(items: readonly Item[], first: number, signal: AbortSignal): Promise<readonly Item[]> {
    const { driver, clock } = this.paid.ports;
    let sent: readonly Item[] = [];
    const park = (parked: readonly Item[]) => {
      sent = parked;
      for (const { task, call } of parked) parkTask(driver, task.id, call.id, clock.now());
    };
    try {
      await this.paid.submit(items, park, signal);
    } catch (error) {
      for (const { task } of sent) if (task.id !== first) this.queue().endParked(task, error);
      throw error;
    }
    if (sent.length > 0) {
      this.log.info(`spend: a batch of ${sent.length} was handed in`);
      this.onHandedIn();
    }
    return sent;
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const { driver } = this.paid.ports;
    for (const { batchId, host } of openBatches(driver)) {
      if (signal.aborted || this.paid.ports.desk.state !== 'ready') return;
      // Another host does not know this batch, and its "not found" would mean nothing. The right host may be configured
      // again later.
      if (host !== this.paid.ports.desk.host) continue;
      try {
        const answers = await (await this.paid.model()).fetchBatch(batchId, signal);
        if (answers) await this.#takeIn(batchId, answers);
      } catch (error) {
        this.#noteFailedPoll(batchId, error);
      }
    }
  }

  #noteFailedPoll(batchId: string, error: unknown): void {
    const { kind, reason = '' } = (MemoryError.is(error) ? (error.data ?? {}) : {}) as Partial<ModelFailure>;
    this.log.warn(`spend: a batch was not fetched: ${kind ?? 'unknown'} ${reason}`);
    // The API does not know the batch (any more), so nobody can tell what it cost.
    if (kind === 'rejected') for (const call of openCallsOf(this.paid.ports.driver, batchId)) this.#lose(call);
  }

  async #takeIn(batchId: string, answers: readonly BatchAnswer[]): Promise<void> {
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    for (const call of openCallsOf(this.paid.ports.driver, batchId)) {
      const result = byId.get(call.id);
      if (!result) this.#lose(call);
      else if ('answer' in result) await this.#settle(call, result.answer);
      else this.#giveBack(call, result);
      await breathe();
    }
  }

  async #settle(call: OpenCall, answer: Extract<BatchAnswer, { answer: unknown }>['answer']): Promise<void> {
    const { driver } = this.paid.ports;
    const task = taskOfCall(driver, { id: call.task, callId: call.id });
    try {
      await this.paid.settle(call, answer, true, async (_, { id, costUsd }) => {
        const store =
          call.sessionId === null
            ? () => {}
            : await this.asker.check(call.sessionId, answer, {
                source: 'model',
                model: call.model,
                requestId: id,
                costUsd,
                lastSequence: call.lastSequence,
              });
        return () => {
          store();
          if (task) this.queue().endParked(task);
        };
      });
    } catch (error) {
      if (task) this.queue().endParked(task, error);
    }
  }

  #lose(call: OpenCall): void {
    const { driver } = this.paid.ports;
    const task = taskOfCall(driver, { id: call.task, callId: call.id });
    loseCall(driver, call.id);
    if (task) this.queue().endParked(task, lost());
  }

  /** Ends a call of the batch that was neither answered nor charged. */
  #giveBack(call: OpenCall, { failure, isFinal }: Extract<BatchAnswer, { failure: unknown }>): void {
    const { driver, clock } = this.paid.ports;
    const task = taskOfCall(driver, { id: call.task, callId: call.id });
    releaseCall(driver, call.id, clock.now());
    if (task)
      this.queue().endParked(
        task,
        new MemoryError('network', failure === 'errored' ? taskErrors.rejected : taskErrors.expired, {
          args: failure === 'errored' ? [failure] : [],
          isFinal,
        }),
      );
  }
}

const lost = (): MemoryError => new MemoryError('network', taskErrors.lost, { args: [], isUnknown: true });
const lookAgain = (): MemoryError => new MemoryError('no_model', 'It is looked at again.', { isHeld: true });

function questionOf(task: Pick<Task, 'id' | 'subject'>, { head, question, redactions }: PreparedSummary): PaidQuestion {
  return {
    question,
    purpose: 'summary',
    taskId: task.id,
    sessionId: task.subject,
    sessionNo: head.no,
    projectRoot: head.projectRoot,
    lastSequence: head.lastSequence,
    redactions,
  };
}
