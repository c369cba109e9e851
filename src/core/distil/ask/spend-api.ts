/** Requests of a head about money and the task queue. */
import { MemoryError } from '../../../protocol/errors';
import type { Scope } from '../../../protocol/questions/schemas';
import type { BackfillRequest, SpendApi } from '../../../protocol/questions/spend';
import type { BackfillEstimate, SpendStatus } from '../../../protocol/spend';
import { dayBefore, localDay } from '../../lib/local-day';
import { costOf, isPriced, pricesOf } from '../../lib/prices';
import { estimateTokens } from '../../lib/tokens';
import { breathe } from '../../lib/turns';
import { listCalls, roomUnder, spentIn, sumCalls } from '../../store/tables/calls';
import { sessionsWithoutModel } from '../../store/tables/model-summaries';
import type { TaskQueue } from '../queue';
import type { SummaryAsker } from './ask-summary';
import { maxOf } from './paid-model';
import type { PaidModel } from './paid-model';
import type { PaidPayload } from './paid-summaries';

export interface SpendPorts {
  paid: PaidModel;
  asker: SummaryAsker;
  queue: TaskQueue;
  scopeProjects(scope: Scope | undefined): Promise<number[] | undefined>;
  /** Settings changed or a person requested something: batches are fetched at once. */
  onWake(): void;
}

const pageSize = 100;
const maxBackfill = 10_000;
/** Tokens of a usual answer. */
const likelyAnswer = 1800;

export function spendApi(ports: SpendPorts): SpendApi {
  const { paid, asker, queue } = ports;
  const { driver, clock, desk } = paid.ports;
  const wake = () => {
    paid.reconsider();
    queue.wake();
    ports.onWake();
  };
  const mustBeReady = () => {
    if (desk.state === 'wrong_key') desk.forgive();
    if (desk.state !== 'ready') throw new MemoryError('no_model', 'No model may be asked.', { reason: desk.state });
  };
  const sessionsOf = async ({ scope, maxSessions = maxBackfill }: BackfillRequest) =>
    sessionsWithoutModel(driver, await ports.scopeProjects(scope), Math.min(maxSessions, maxBackfill));
  const status = (): SpendStatus => {
    const day = localDay(clock.now());
    const { fastModel, strongModel } = desk.models;
    return {
      state: desk.state,
      fastModel,
      strongModel,
      host: desk.host,
      ceilings: desk.ceilings,
      today: spentIn(driver, 'day', day),
      month: spentIn(driver, 'month', day.slice(0, 7)),
      pricesOf,
      unpriced: [...new Set([fastModel, strongModel])].filter((model) => model !== '' && !isPriced(model)),
      queue: queue.status,
    };
  };
  return {
    async configureModel(settings) {
      desk.set(settings);
      wake();
    },
    spend: async () => status(),
    spendEntries: async (cursor) => listCalls(driver, cursor, pageSize),
    spendSums: async (by, days) =>
      sumCalls(driver, by, dayBefore(clock.now(), Math.min(Math.max(1, Math.trunc(days)), 3660) - 1)),
    estimateBackfill: async (request) => estimate(ports, await sessionsOf(request), request.isBatch),
    async startBackfill(request) {
      mustBeReady();
      const payload: PaidPayload = request.isBatch ? { isBatch: true } : {};
      queue.enqueueAll(
        (await sessionsOf(request)).map((subject) => ({
          type: 'summarize',
          subject,
          isPaid: true,
          payload,
          priority: -1,
        })),
      );
      wake();
      return queue.status;
    },
    async cancelBackfill() {
      queue.dropPaid();
      return queue.status;
    },
    async summarizeByModel(subject) {
      mustBeReady();
      if (!(await asker.measure(subject, true)))
        throw new MemoryError('not_found', 'There is nothing to summarise in this session.');
      queue.enqueueAll(
        [
          {
            type: 'summarize',
            subject,
            isPaid: true,
            payload: { isImportant: true } satisfies PaidPayload,
            priority: 10,
          },
        ],
        ['dead', 'unknown'],
      );
      wake();
      return queue.status;
    },
    queue: async () => queue.status,
    listTasks: async (cursor) => queue.list(cursor),
    async retryTask(id) {
      desk.forgive();
      queue.retry(id);
      wake();
    },
    dropTask: async (id) => queue.drop(id),
    setQueuePaused: async (isPaused) => queue.setPaused(isPaused),
  };
}

/** Builds every question, so that the estimate matches what would be sent. Other requests are answered in between. */
async function estimate(
  { paid, asker }: SpendPorts,
  sessions: readonly string[],
  isBatch: boolean,
): Promise<BackfillEstimate> {
  const { driver, clock, desk } = paid.ports;
  const sum: BackfillEstimate = {
    sessions: 0,
    inputTokens: 0,
    outputTokens: 0,
    likelyUsd: 0,
    maxUsd: 0,
    fits: 0,
    pricesOf,
  };
  const room = roomUnder(driver, localDay(clock.now()), desk.nanoCeilings);
  let [likelyNano, maxNano] = [0, 0];
  for (const sessionId of sessions) {
    const question = await asker.measure(sessionId, false);
    await breathe();
    if (!question) continue;
    const inputTokens = estimateTokens(question.system + question.text);
    const most = maxOf(question, isBatch);
    likelyNano += costOf(
      question.model,
      { inputTokens, outputTokens: likelyAnswer, cacheReadTokens: 0, cacheWriteTokens: 0 },
      isBatch,
    );
    maxNano += most.nano;
    room.nano -= most.nano;
    room.tokens -= most.tokens;
    sum.sessions++;
    sum.inputTokens += inputTokens;
    sum.outputTokens += question.maxTokens;
    if (room.nano >= 0 && room.tokens >= 0) sum.fits++;
  }
  return { ...sum, likelyUsd: likelyNano / 1e9, maxUsd: maxNano / 1e9 };
}
