/** Port of a paid remote model. The keeper implements it; the core knows neither the client library nor the network. */
import type { TokenUsage } from '../../lib/prices';

export interface ModelQuestion {
  model: string;
  system: string;
  text: string;
  /** JSON schema of the answer. */
  schema: Readonly<Record<string, unknown>>;
  /** Longest answer, thinking included. */
  maxTokens: number;
  /** True when the model accepts `effort`; it is set to low. */
  hasEffort: boolean;
}

export interface ModelAnswer {
  /** JSON, unless the model ignored the schema. */
  text: string;
  usage: TokenUsage;
  requestId: string;
  /** `end_turn`, `max_tokens`, `refusal` or another word of the API. */
  stopReason: string;
}

export type BatchAnswer =
  | { id: string; answer: ModelAnswer }
  | { id: string; failure: 'errored' | 'expired' | 'canceled'; isFinal: boolean };

/** `data` of its MemoryErrors. `none`: refused before anything was charged. `unknown`: it may have been charged. */
export interface ModelFailure {
  charged: 'none' | 'unknown';
  /** The API's error type, or our name for a network error; never text that was sent. */
  reason: string;
  kind: 'busy' | 'wrong_key' | 'rejected' | 'unreachable' | 'cut';
  retryAfterMs?: number;
}

export interface LanguageModel {
  /** Asks once. @throws MemoryError with a ModelFailure */
  ask(question: ModelQuestion, signal: AbortSignal): Promise<ModelAnswer>;
  /** Tokens of a text as a message to a model; free of charge. @throws MemoryError with a ModelFailure */
  countTokens(model: string, text: string, signal: AbortSignal): Promise<number>;
  /** Submits a batch; returns its id. @throws MemoryError with a ModelFailure */
  submitBatch(questions: readonly { id: string; question: ModelQuestion }[], signal: AbortSignal): Promise<string>;
  /** Answers of a batch; undefined while it is in progress. @throws MemoryError with a ModelFailure */
  fetchBatch(batchId: string, signal: AbortSignal): Promise<BatchAnswer[] | undefined>;
}

export interface ModelAccess {
  key: string;
  /** Empty for Anthropic's API. */
  baseUrl: string;
}

export type ConnectModel = (access: ModelAccess) => Promise<LanguageModel>;
