/**
 * The only way to a model that costs money. The highest possible cost of a call is reserved before it is made, and the
 * call is marked as sent before its first byte leaves; the real cost is booked afterwards. After a crash at any point
 * the ledger shows at least as much as the bill.
 */
import type { ExactTokens } from '../../../protocol/basket';
import { MemoryError } from '../../../protocol/errors';
import type { SpendEntry } from '../../../protocol/spend';
import { taskErrors } from '../../../protocol/task-errors';
import type { Clock } from '../../lib/clock';
import { localDay, nextMidnight } from '../../lib/local-day';
import type { Log } from '../../lib/log';
import { costOf, maxCostOf } from '../../lib/prices';
import { maxTokensOf } from '../../lib/tokens';
import type { SqlDriver } from '../../store/sqlite/driver';
import { hasCall, loseCall, markSent, noteBatch, releaseCall, reserveCall, settleCall } from '../../store/tables/calls';
import { isSessionRestricted } from '../../store/tables/restrictions';
import { sessionHead } from '../../store/tables/session-lines';
import { hasTask, noteTaskCall } from '../../store/tables/tasks';
import { wayOut } from '../../store/tables/way-out';
import type { PaidWait } from '../queue';
import type { TaskTrouble } from '../task';
import type { ConnectModel, LanguageModel, ModelAnswer, ModelFailure, ModelQuestion } from './language-model';
import type { ModelDesk } from './model-settings';

export interface PaidPorts {
  driver: SqlDriver;
  clock: Clock;
  log: Log;
  desk: ModelDesk;
  connect: ConnectModel;
  /** Must be unique, also across restarts. */
  newId: () => string;
}

export interface PaidQuestion {
  question: ModelQuestion;
  purpose: SpendEntry['purpose'];
  taskId: number;
  sessionId: string;
  /** Row number of the session that was read: a session that is imported again gets another number. */
  sessionNo: number;
  projectRoot: string;
  /** Last row of the session in the question. */
  lastSequence: number;
  /** Number of secrets removed from the question. */
  redactions: number;
}

/** Turns an answer into the function that stores it, in the transaction that books the cost. */
export type KeepAnswer = (answer: ModelAnswer, call: { id: string; costUsd: number }) => Promise<() => void>;

export interface ReservedCall {
  id: string;
  model: string;
  maxNano: number;
}

/** Highest possible cost of a question. */
export function maxOf(
  { model, system, text, schema, maxTokens }: ModelQuestion,
  isBatch: boolean,
): { tokens: number; nano: number; bytes: number } {
  const input = maxTokensOf(system, text, JSON.stringify(schema));
  const bytes = Buffer.byteLength(system) + Buffer.byteLength(text) + JSON.stringify(schema).length;
  return { tokens: input + maxTokens, nano: maxCostOf(model, input, maxTokens, isBatch), bytes };
}

export class PaidModel {
  #model: { key: string; baseUrl: string; model: Promise<LanguageModel> } | undefined;
  #budgetUntil = 0;
  #notBefore = 0;

  constructor(readonly ports: PaidPorts) {}

  /** Why no call can be made now. */
  whyWaits(): PaidWait | undefined {
    const now = this.ports.clock.now();
    if (this.ports.desk.state !== 'ready') return { why: 'no_key' };
    if (this.#budgetUntil > now) return { why: 'budget', until: this.#budgetUntil };
    return this.#notBefore > now ? { until: this.#notBefore } : undefined;
  }

  /** A ceiling, the key or the ledger changed, so a waiting call may fit now. */
  reconsider(): void {
    this.#budgetUntil = 0;
    this.#notBefore = 0;
  }

  /** @throws MemoryError with a TaskTrouble */
  async ask(paid: PaidQuestion, keep: KeepAnswer, signal: AbortSignal): Promise<void> {
    const model = await this.model();
    if (!this.isWanted(paid)) throw held('gone');
    const call = this.reserve(paid, false);
    if (!call) throw this.noRoom(paid.question, false);
    const { driver, clock } = this.ports;
    driver.transaction(() => {
      markSent(driver, call.id);
      noteTaskCall(driver, paid.taskId, call.id, clock.now());
    });
    let answer: ModelAnswer;
    try {
      answer = await model.ask(paid.question, signal);
    } catch (error) {
      throw this.#closeFailed([call.id], error);
    }
    await this.settle(call, answer, false, keep);
  }

  /**
   * Asks for an answer that a person waits for, without a task. The id is the caller's, so that a repeated call pays once.
   * @throws MemoryError `no_model` without a key or room under a ceiling, `busy` when it was asked before, `network`
   */
  async askAtOnce(
    { id, question, redactions }: { id: string; question: ModelQuestion; redactions: number },
    signal: AbortSignal,
  ): Promise<{ answer: ModelAnswer; usd: number }> {
    const model = await this.model();
    const { driver, clock, desk } = this.ports;
    if (hasCall(driver, id)) throw new MemoryError('busy', 'This was asked already.', { reason: 'asked' });
    const most = maxOf(question, false);
    const now = clock.now();
    const call = { id, model: question.model, maxNano: most.nano };
    const isReserved = reserveCall(
      driver,
      {
        id,
        purpose: 'answer',
        model: question.model,
        host: desk.host,
        isBatch: false,
        task: null,
        sessionId: null,
        projectRoot: null,
        lastSequence: 0,
        day: localDay(now),
        maxNano: most.nano,
        maxTokens: most.tokens,
        bytes: most.bytes,
        redactions,
      },
      desk.nanoCeilings,
      now,
    );
    if (!isReserved) throw held('budget');
    markSent(driver, id);
    let answer: ModelAnswer;
    try {
      answer = await model.ask(question, signal);
    } catch (error) {
      throw this.#closeFailed([id], error);
    }
    let usd = 0;
    await this.settle(call, answer, false, async (_, booked) => {
      usd = booked.costUsd;
      return () => {};
    });
    return { answer, usd };
  }

  /** Building a question takes time: meanwhile its session may have been forgotten or restricted, or its task cancelled. */
  isWanted({ taskId, sessionId, sessionNo }: PaidQuestion): boolean {
    const { driver, clock } = this.ports;
    return (
      hasTask(driver, taskId) &&
      sessionHead(driver, sessionId)?.no === sessionNo &&
      !isSessionRestricted(driver, sessionId, clock.now()) &&
      wayOut(driver, 'model').maySession(sessionId, sessionHead(driver, sessionId)?.projectId ?? 0)
    );
  }

  /** Reserves the highest cost; undefined when it does not fit under a ceiling. */
  reserve(
    { question, purpose, taskId, sessionId, projectRoot, lastSequence, redactions }: PaidQuestion,
    isBatch: boolean,
  ): ReservedCall | undefined {
    const { driver, clock, desk, newId } = this.ports;
    const most = maxOf(question, isBatch);
    const id = newId();
    const now = clock.now();
    const call = {
      id,
      purpose,
      model: question.model,
      host: desk.host,
      isBatch,
      task: taskId,
      sessionId,
      projectRoot,
      lastSequence,
      day: localDay(now),
      maxNano: most.nano,
      maxTokens: most.tokens,
      bytes: most.bytes,
      redactions,
    };
    return reserveCall(driver, call, desk.nanoCeilings, now)
      ? { id, model: question.model, maxNano: most.nano }
      : undefined;
  }

  /** Releases reserved calls that will not be made. */
  release(calls: readonly ReservedCall[]): void {
    const { driver, clock } = this.ports;
    driver.transaction(() => {
      for (const { id } of calls) releaseCall(driver, id, clock.now());
    });
  }

  /**
   * Submits the reserved calls that are still wanted and releases the others. `park` marks their tasks as waiting for a
   * batch, in the transaction that marks the calls as sent. It is not called when none is wanted.
   */
  async submit<T extends { call: ReservedCall; paid: PaidQuestion }>(
    items: readonly T[],
    park: (sent: readonly T[]) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { driver } = this.ports;
    let model: LanguageModel;
    let wanted: readonly T[];
    try {
      model = await this.model();
      signal.throwIfAborted();
      wanted = driver.transaction(() => {
        const sent = items.filter(({ paid }) => this.isWanted(paid));
        this.release(items.filter((item) => !sent.includes(item)).map(({ call }) => call));
        for (const { call } of sent) markSent(driver, call.id);
        if (sent.length > 0) park(sent);
        return sent;
      });
    } catch (error) {
      this.release(items.map(({ call }) => call));
      throw error;
    }
    if (wanted.length === 0) return;
    const ids = wanted.map(({ call }) => call.id);
    try {
      const batchId = await model.submitBatch(
        wanted.map(({ call, paid }) => ({ id: call.id, question: paid.question })),
        signal,
      );
      driver.transaction(() => noteBatch(driver, ids, batchId));
    } catch (error) {
      throw this.#closeFailed(ids, error);
    }
  }

  /** Books the real cost and stores the answer. @throws what `keep` threw, after the cost was booked */
  async settle(call: ReservedCall, answer: ModelAnswer, isBatch: boolean, keep: KeepAnswer): Promise<void> {
    const { driver, clock, log } = this.ports;
    const nano = costOf(call.model, answer.usage, isBatch);
    if (nano > call.maxNano)
      log.error(
        `spend: a call cost ${nano} where at most ${call.maxNano} were set aside (billionths of a dollar); the truth is written down`,
      );
    const note = () => settleCall(driver, call.id, answer.usage, nano, clock.now());
    this.reconsider();
    try {
      judge(answer);
      const store = await keep(answer, { id: call.id, costUsd: nano / 1e9 });
      driver.transaction(() => {
        // False when the call was settled before; the answer is stored then.
        if (note()) store();
      });
    } catch (error) {
      note();
      throw error;
    }
  }

  /**
   * Tokens of a text as a message to the model in use, which is free of charge. @throws MemoryError `no_model` or
   * `network`
   */
  async countTokens(text: string, signal: AbortSignal): Promise<ExactTokens> {
    const { desk } = this.ports;
    if (desk.state !== 'ready') throw new MemoryError('no_model', 'No model may be asked.', { reason: desk.state });
    const model = await this.model();
    const { strongModel, fastModel } = desk.models;
    const name = strongModel || fastModel;
    try {
      return { tokens: await model.countTokens(name, text, signal), model: name, host: desk.host };
    } catch (error) {
      throw this.#closeFailed([], error);
    }
  }

  /** @throws MemoryError `no_model` while no call is allowed */
  async model(): Promise<LanguageModel> {
    const { desk } = this.ports;
    const { access } = desk;
    if (!access) throw held('no_model');
    if (this.#model?.key !== access.key || this.#model.baseUrl !== access.baseUrl) {
      const model = this.ports.connect(access);
      const connected = { ...access, model };
      this.#model = connected;
      // A failed load is not cached, because the next one may work.
      model.catch(() => {
        if (this.#model === connected) this.#model = undefined;
      });
    }
    const model = await this.#model.model;
    // Consent or key may have been withdrawn while the library was loaded.
    if (desk.access?.key !== access.key || desk.access.baseUrl !== access.baseUrl) throw held('no_model');
    return model;
  }

  /**
   * The error for a call without room. A call that is larger than the whole ceiling waits alone until the next day; for
   * any other, the lane pauses.
   */
  noRoom(question: ModelQuestion, isBatch: boolean): MemoryError {
    const now = this.ports.clock.now();
    const until = nextMidnight(now);
    const most = maxOf(question, isBatch);
    const { dayNano, monthNano, dayTokens, monthTokens } = this.ports.desk.nanoCeilings;
    const isTooBig =
      dayNano > 0 &&
      dayTokens > 0 &&
      (most.nano > Math.min(dayNano, monthNano) || most.tokens > Math.min(dayTokens, monthTokens));
    if (!isTooBig) this.#budgetUntil = until;
    return held('budget', isTooBig ? until - now : 0);
  }

  /** Closes calls without an answer; returns the error for their tasks. */
  #closeFailed(ids: readonly string[], error: unknown): MemoryError {
    const { driver, clock } = this.ports;
    const known = MemoryError.is(error) ? (error.data as Partial<ModelFailure> | undefined) : undefined;
    driver.transaction(() => {
      for (const id of ids) {
        if (known?.charged === 'none') releaseCall(driver, id, clock.now());
        else loseCall(driver, id);
      }
    });
    this.#budgetUntil = 0;
    return this.#troubleFor(known);
  }

  #troubleFor(known: Partial<ModelFailure> | undefined): MemoryError {
    const { clock, desk, log } = this.ports;
    if (known?.charged !== 'none') return trouble(taskErrors.lost, { args: [], isUnknown: true });
    const { kind, reason = '', retryAfterMs } = known;
    log.warn(`spend: not answered: ${kind ?? 'unknown'} ${reason}`);
    if (kind === 'wrong_key') {
      const key = desk.access?.key;
      if (key !== undefined) desk.refuseKey(key);
      return held('wrong_key');
    }
    if (kind === 'rejected') return trouble(taskErrors.rejected, { args: [reason], isFinal: true });
    if (kind === 'busy' && retryAfterMs !== undefined) this.#notBefore = clock.now() + retryAfterMs;
    return trouble(kind === 'busy' ? taskErrors.busy : taskErrors.unreachable, {
      args: kind === 'busy' ? [reason] : [],
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
}

/** Throws for an answer that is cut off or refused. It was paid for. */
function judge({ stopReason }: ModelAnswer): void {
  if (stopReason === 'refusal') throw trouble(taskErrors.refused, { args: [], isFinal: true });
  if (stopReason === 'max_tokens' || stopReason === 'model_context_window_exceeded')
    throw trouble(taskErrors.tooLong, { args: [], maxRetries: 1 });
}

const trouble = (message: string, data: TaskTrouble): MemoryError => new MemoryError('network', message, { ...data });
const held = (reason: string, retryAfterMs = 0): MemoryError =>
  new MemoryError('no_model', 'Nothing may be asked now.', { isHeld: true, retryAfterMs, reason });
