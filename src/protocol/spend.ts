/**
 * Words about work in the background, models that cost money, and what left this machine. Money is US dollars, times
 * epoch milliseconds.
 */
import type { SessionId } from './model';
import type { Ceilings } from './questions/spend';

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
