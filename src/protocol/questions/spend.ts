/** Requests about background tasks, paid models, and text that left this machine. */
import * as z from 'zod/mini';
import type { BackfillEstimate, QueueStatus, SpendEntry, SpendStatus, SpendSums, TaskInfo } from '../spend';
import type { Page } from '../status';
import { answer, question } from './question';
import type { ApiOf } from './question';
import { count, cursor, days, scope, sessionId, short, words } from './schemas';

const usd = z.number().check(z.gte(0), z.lte(1e9));
/** Ceilings; 0 means that nothing may be spent. The lowest of all windows applies. */
const ceilings = z.object({ dayUsd: usd, monthUsd: usd, dayTokens: count, monthTokens: count });
export type Ceilings = z.output<typeof ceilings>;

/** A window's settings for paid models. Sent on connect and on change; kept in memory only, never written. */
const modelSettings = z.object({
  /** Name of the sender: its key is dropped when it disconnects. */
  source: short,
  /** Nothing is sent while false. */
  isAllowed: z.boolean(),
  /** Sessions that became idle are summarised without a click. */
  isAutomatic: z.boolean(),
  key: z.exactOptional(words),
  /** Address of an Anthropic-compatible API; empty for Anthropic's. */
  baseUrl: words,
  /** Model ids; empty when there is no model of that tier. */
  fastModel: short,
  strongModel: short,
  ceilings,
});
export type ModelSettings = z.output<typeof modelSettings>;

export const backfillRequest = z.object({
  scope: z.exactOptional(scope),
  maxSessions: z.exactOptional(z.int().check(z.gte(1), z.lte(1_000_000))).check(z.describe('Newest first.')),
  isBatch: z.boolean().check(z.describe('By the Message Batches API: half the price, done within a day.')),
});
export type BackfillRequest = z.output<typeof backfillRequest>;

export const spendQuestions = {
  configureModel: question({
    about: 'Tells memory which models a window may ask, with its key.',
    takes: [['settings', modelSettings]],
    gives: answer<void>(),
    by: 'head',
    writes: true,
  }),
  spend: question({
    about: 'Whether a model could be asked now, what was spent, and what may be.',
    takes: [],
    gives: answer<SpendStatus>(),
    by: 'page',
  }),
  spendEntries: question({
    about: 'Every call of a model, newest first: the list of what left this machine.',
    takes: [['cursor', z.optional(cursor)]],
    gives: answer<Page<SpendEntry>>(),
    by: 'page',
  }),
  spendSums: question({
    about: 'What was spent in the last `days`, today included, by day, model, purpose or project.',
    takes: [
      ['by', z.enum(['day', 'model', 'purpose', 'project'])],
      ['days', days],
    ],
    gives: answer<SpendSums>(),
    by: 'page',
  }),
  estimateBackfill: question({
    about: 'What summaries of all sessions without one would cost. Spends nothing.',
    takes: [['request', backfillRequest]],
    gives: answer<BackfillEstimate>(),
    by: 'page',
  }),
  startBackfill: question({
    about:
      'Queues a paid summary for every session of the estimate. Throws `no_model` with the state as ' +
      '`reason` when none could be asked. A session that waits already waits once.',
    takes: [['request', backfillRequest]],
    gives: answer<QueueStatus>(),
    by: 'head',
    writes: true,
  }),
  cancelBackfill: question({
    about: 'Takes paid tasks that wait out of the queue.',
    takes: [],
    gives: answer<QueueStatus>(),
    by: 'page',
    writes: true,
  }),
  summarizeByModel: question({
    about:
      'One session, by the model for what matters. Answers when it is queued, before all others. Throws `no_model`, `not_found`.',
    takes: [['sessionId', sessionId]],
    gives: answer<QueueStatus>(),
    by: 'page',
    writes: true,
  }),
  queue: question({
    about: 'How far the work in the background is.',
    takes: [],
    gives: answer<QueueStatus>(),
    by: 'page',
  }),
  listTasks: question({
    about: 'Work that waits; tasks that failed, died or are of unknown end come first.',
    takes: [['cursor', z.optional(cursor)]],
    gives: answer<Page<TaskInfo>>(),
    by: 'page',
  }),
  retryTask: question({
    about: 'Tries a task again. One that is under way is left alone. Throws `not_found` when it is done or dropped.',
    takes: [['id', count]],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  dropTask: question({
    about: 'Gives a task up. Throws `busy` while it is under way.',
    takes: [['id', count]],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  setQueuePaused: question({
    about: 'Pauses work in the background; it survives restarts.',
    takes: [['isPaused', z.boolean()]],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
};

export type SpendApi = ApiOf<typeof spendQuestions>;
