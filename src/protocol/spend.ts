/**
 * Words about work in the background, models that cost money, and what left this machine. Money is US dollars, times
 * epoch milliseconds.
 */
import type { Page, Scope } from './memory-api';
import type { SessionId } from './model';

export const taskTypes = ['summarize', 'learn', 'embed', 'index', 'cleanup', 'export'] as const;
export type TaskType = (typeof taskTypes)[number];

/**
 * `failed`: will be tried again at `nextAt`. `dead`: tried as often as it may be, or cannot succeed; a person may retry
 * it. `unknown`: a paid call was sent and its end is not known; it counts with its maximum and only a person may retry
 * it. What is done is not kept.
 */
export type TaskState = 'pending' | 'running' | 'failed' | 'dead' | 'unknown';

export interface TaskInfo {
  id: number;
  type: TaskType;
  state: TaskState;
  /** By a model, for money. */
  isPaid: boolean;
  sessionId?: SessionId;
  sessionTitle?: string;
  retries: number;
  maxRetries: number;
  nextAt?: number;
  /** English, with {0} placeholders for `args`: the key of its translation. */
  error?: string;
  args?: (string | number)[];
  createdAt: number;
}

export interface QueueStatus {
  counts: Record<TaskState, number>;
  /** Of what is under way since the queue was last empty. */
  done: number;
  total: number;
  isPaused: boolean;
  /** `budget`: the next paid task does not fit under a ceiling; others go on. */
  whyPaused?: 'user' | 'importing' | 'budget' | 'no_key';
}

/** Ceilings; 0 means nothing may be spent. Of several windows the lowest counts. */
export interface Ceilings {
  dayUsd: number;
  monthUsd: number;
  dayTokens: number;
  monthTokens: number;
}

/** What a window knows about models. Sent at connect and whenever it changes; kept in memory only, never written. */
export interface ModelSettings {
  /** Who says so: the key is gone when nobody speaks for it any more. */
  source: string;
  /** Nothing is sent while false. */
  isAllowed: boolean;
  /** Summaries of sessions that fell idle without a click of their own. */
  isAutomatic: boolean;
  key?: string;
  /** Of an Anthropic-compatible API; empty for the API itself. */
  baseUrl: string;
  /** Model ids; empty for none of that tier. */
  fastModel: string;
  strongModel: string;
  ceilings: Ceilings;
}

export interface SpendStatus {
  /** Whether a call could be made now, and if not why. */
  state: 'ready' | 'off' | 'no_key' | 'wrong_key' | 'no_model';
  fastModel: string;
  strongModel: string;
  /** Host that would be called. */
  host: string;
  ceilings: Ceilings;
  today: Spent;
  month: Spent;
  /** Date of the price table, as `2026-11-22`. */
  pricesOf: string;
  /** Configured models that are not in the table: the dearest price is assumed. */
  unpriced: string[];
  queue: QueueStatus;
}

/** Settled, reserved for calls under way, and of unknown end (at their maximum): all three count. */
export interface Spent {
  settledUsd: number;
  reservedUsd: number;
  unknownUsd: number;
  tokens: number;
  calls: number;
}

/** One call: the ledger, and the list of what left this machine. */
export interface SpendEntry {
  id: string;
  at: number;
  state: 'reserved' | 'sent' | 'settled' | 'released' | 'unknown';
  purpose: 'summary' | 'learning';
  model: string;
  host: string;
  isBatch: boolean;
  sessionId?: SessionId;
  sessionTitle?: string;
  projectName?: string;
  /** Of the request body. */
  bytes: number;
  /** Secrets that were replaced in what was sent: they stayed here. */
  redactions: number;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  /** At its maximum while not settled. */
  usd: number;
}

export interface SpendSums {
  by: 'day' | 'model' | 'purpose' | 'project';
  rows: { value: string; usd: number; tokens: number; calls: number }[];
}

export interface BackfillRequest {
  scope?: Scope;
  /** Newest first. */
  maxSessions?: number;
  /** By the Message Batches API: half the price, done within a day. */
  isBatch: boolean;
}

export interface BackfillEstimate {
  sessions: number;
  inputTokens: number;
  /** At most. */
  outputTokens: number;
  /** As it will likely be, and as it is reserved. */
  likelyUsd: number;
  maxUsd: number;
  /** How many fit under today's ceilings at their maximum. */
  fits: number;
  pricesOf: string;
}

export interface SpendApi {
  configureModel(settings: ModelSettings): Promise<void>;
  spend(): Promise<SpendStatus>;
  /** Newest first. */
  spendEntries(cursor?: string): Promise<Page<SpendEntry>>;
  /** Of the last `days`, today included. */
  spendSums(by: SpendSums['by'], days: number): Promise<SpendSums>;
  estimateBackfill(request: BackfillRequest): Promise<BackfillEstimate>;
  /**
   * Queues a paid summary for every session of the estimate. @throws MemoryError `no_model` with the state as `reason`
   * when none could be asked. A session that waits already waits once.
   */
  startBackfill(request: BackfillRequest): Promise<QueueStatus>;
  /** Takes paid tasks that wait out of the queue. */
  cancelBackfill(): Promise<QueueStatus>;
  /**
   * One session, by the model for what matters. Resolves when it is queued, before all others. @throws MemoryError
   * `no_model`, `not_found`
   */
  summarizeByModel(sessionId: SessionId): Promise<QueueStatus>;
  queue(): Promise<QueueStatus>;
  /** Those that failed, died or are of unknown end first. */
  listTasks(cursor?: string): Promise<Page<TaskInfo>>;
  /** One that is under way is left alone. @throws MemoryError `not_found` when it is done or dropped. */
  retryTask(id: number): Promise<void>;
  /** @throws MemoryError `busy` while it is under way. */
  dropTask(id: number): Promise<void>;
  /** Survives restarts. */
  setQueuePaused(isPaused: boolean): Promise<void>;
}

export const spendMethods = [
  'configureModel',
  'spend',
  'spendEntries',
  'spendSums',
  'estimateBackfill',
  'startBackfill',
  'cancelBackfill',
  'summarizeByModel',
  'queue',
  'listTasks',
  'retryTask',
  'dropTask',
  'setQueuePaused',
] as const satisfies readonly (keyof SpendApi)[];
