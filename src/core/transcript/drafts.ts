/** Drafts: what lines of a transcript become before they are observed as rows. */
import type { MessageNote, ModelTokens } from './schema';

interface DraftBase {
  /** Identity of the row in all files. */
  uid: string;
  turn: number;
  at: number;
  cwd: string;
  agentId?: string;
  /** Index of its line in the batch, for the ledger. */
  line: number;
}

export interface MessageDraft extends DraftBase {
  kind: 'message';
  role: 'user' | 'assistant' | 'system';
  note: MessageNote;
  text: string;
  hash: string;
  model: string;
  /** Id of the first answer to a human prompt: old clients copy prompts with new uuids, but answers keep their ids. */
  answerKey?: string;
}

export interface CallDraft extends DraftBase {
  kind: 'call';
  toolUseId: string;
  tool: string;
  input: Readonly<Record<string, unknown>>;
  model?: string;
}

export interface ResultDraft {
  kind: 'result';
  toolUseId: string;
  isError: boolean;
  text: string;
  details: unknown;
  spillPath?: string;
  at: number;
  turn: number;
  agentId?: string;
  cwd: string;
  line: number;
}

export interface UsageDraft<Text extends string = string> {
  kind: 'usage';
  message: string;
  model: Text;
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  cacheWriteHour: number;
  /** Epoch milliseconds, from the line. */
  at: number;
}

/** The client's own sum of the session, of each model. */
export interface CostDraft<Text extends string = string> {
  kind: 'cost';
  models: readonly ModelTokens<Text>[];
  at: number;
}

export interface TitleDraft {
  kind: 'title';
  title: string;
  rank: number;
  leafUuid?: string;
}

/** The answer to a prompt that was read earlier. */
export interface AnsweredDraft {
  kind: 'answered';
  uid: string;
  answerKey: string;
}

/** What became of a queued prompt that was stored by itself in an earlier batch. */
export type QueueDraft =
  /** It was written as a line, whose message is `by`, or taken back. */
  | { kind: 'withdrawn'; uid: string; by?: string }
  /** No line of it came: it is a prompt of this turn. */
  | { kind: 'placed'; uid: string; turn: number };

export type Draft =
  | MessageDraft
  | CallDraft
  | ResultDraft
  | UsageDraft
  | TitleDraft
  | AnsweredDraft
  | QueueDraft
  | CostDraft;
