/**
 * A model far away that answers for money. Implemented by the keeper; the core knows neither its library nor the
 * network.
 */
import type { TokenUsage } from '../../lib/prices';

export interface ModelQuestion {
  model: string;
  system: string;
  text: string;
  /** JSON schema of the answer. */
  schema: Readonly<Record<string, unknown>>;
  /** Of the answer, thinking included. */
  maxTokens: number;
  /** Of a model that takes it: think little. */
  hasEffort: boolean;
}

export interface ModelAnswer {
  /** JSON, if the model did as it was told. */
  text: string;
  usage: TokenUsage;
  requestId: string;
  /** `end_turn`, `max_tokens`, `refusal` or another word of the API. */
  stopReason: string;
}

export type BatchAnswer =
  | { id: string; answer: ModelAnswer }
  | { id: string; failure: 'errored' | 'expired' | 'canceled'; isFinal: boolean };

/**
 * What the data of its MemoryErrors says. `none`: it was turned away before anything was charged. `unknown`: it may
 * have been charged.
 */
export interface ModelFailure {
  charged: 'none' | 'unknown';
  /** As the API says it, or a word for what was met on the way: never a word of what was sent. */
  reason: string;
  kind: 'busy' | 'wrong_key' | 'rejected' | 'unreachable' | 'cut';
  retryAfterMs?: number;
}

export interface LanguageModel {
  /** Asks once. @throws MemoryError with a ModelFailure */
  ask(question: ModelQuestion, signal: AbortSignal): Promise<ModelAnswer>;
  /** Hands in a batch and answers its name. @throws MemoryError with a ModelFailure */
  submitBatch(questions: readonly { id: string; question: ModelQuestion }[], signal: AbortSignal): Promise<string>;
  /** Undefined while it is under way. @throws MemoryError with a ModelFailure */
  fetchBatch(batchId: string, signal: AbortSignal): Promise<BatchAnswer[] | undefined>;
}

export interface ModelAccess {
  key: string;
  /** Empty for the API itself. */
  baseUrl: string;
}

export type ConnectModel = (access: ModelAccess) => Promise<LanguageModel>;
