/**
 * Types for the task queue, paid models, and the list of text that left this machine. Money is in US dollars, times in
 * epoch milliseconds.
 */
import type { SessionId } from './model';
import type { Ceilings } from './questions/spend';

export const taskTypes = ['summarize', 'learn', 'embed', 'index', 'cleanup', 'export'] as const;
export type TaskType = (typeof taskTypes)[number];

/**
 * `failed`: is retried at `nextAt`. `dead`: no retries left, or it cannot succeed; a person may retry it. `unknown`: a
 * paid call was sent and its result is unknown; it counts with its maximum and only a person may retry it. Finished
 * tasks are not stored.
 */
export type TaskState = 'pending' | 'running' | 'failed' | 'dead' | 'unknown';

export interface TaskInfo {
  id: number;
  type: TaskType;
  state: TaskState;
  /** Done by a paid model. */
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
  /** Number of tasks finished since the queue was last empty. */
  done: number;
  total: number;
  isPaused: boolean;
  /** `budget`: the next paid task does not fit under a ceiling; local tasks continue. */
  whyPaused?: 'user' | 'importing' | 'budget' | 'no_key';
}

export interface SpendStatus {
  /** Whether a call is possible now, and if not, why. */
  state: 'ready' | 'off' | 'no_key' | 'wrong_key' | 'no_model';
  fastModel: string;
  strongModel: string;
  /** Host that would receive calls. */
  host: string;
  ceilings: Ceilings;
  today: Spent;
  month: Spent;
  /** Date of the price table, e.g. `2026-11-22`. */
  pricesOf: string;
  /** Configured models without a price; the highest price is assumed. */
  unpriced: string[];
  queue: QueueStatus;
}

/** Booked, reserved for open calls, and unknown (with their maximum). All three count against the ceilings. */
export interface Spent {
  settledUsd: number;
  reservedUsd: number;
  unknownUsd: number;
  tokens: number;
  calls: number;
}

/** One call, for the ledger and for the list of text that left this machine. */
export interface SpendEntry {
  id: string;
  at: number;
  state: 'reserved' | 'sent' | 'settled' | 'released' | 'unknown';
  purpose: 'summary' | 'learning' | 'answer';
  model: string;
  host: string;
  isBatch: boolean;
  sessionId?: SessionId;
  sessionTitle?: string;
  projectName?: string;
  /** Size of the request body. */
  bytes: number;
  /** Secrets that were replaced before sending. */
  redactions: number;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  /** The reserved maximum until the real cost is booked. */
  usd: number;
}

export interface SpendSums {
  by: 'day' | 'model' | 'purpose' | 'project';
  rows: { value: string; usd: number; tokens: number; calls: number }[];
}

export interface BackfillEstimate {
  sessions: number;
  inputTokens: number;
  /** Upper limit. */
  outputTokens: number;
  /** Likely cost, and the reserved maximum. */
  likelyUsd: number;
  maxUsd: number;
  /** How many sessions fit under today's ceilings at their maximum. */
  fits: number;
  pricesOf: string;
}
