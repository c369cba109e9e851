/** Drafts: what lines of a transcript become before they are observed as rows. */
import type { KeyedName } from '../lib/keyed-name';
import type { Redacted } from '../lib/redacted';
import type { MessageNote, ModelTokens } from './schema';

interface DraftBase {
  /** Identity of the row in all files. */
  uid: KeyedName;
  turn: number;
  at: number;
  cwd: Redacted | '';
  agentId?: Redacted | 'sidechain';
  /** Index of its line in the batch, for the ledger. */
  line: number;
}

export interface MessageDraft extends DraftBase {
  kind: 'message';
  role: 'user' | 'assistant' | 'system';
  note: MessageNote;
  text: string;
  hash: KeyedName;
  model: string;
  /** Id of the first answer to a human prompt: old clients copy prompts with new uuids, but answers keep their ids. */
  answerKey?: KeyedName;
  /** The form it has in rows that were stored before hashes were keyed. */
  olderAnswerKey?: KeyedName;
}

export interface CallDraft extends DraftBase {
  kind: 'call';
  toolUseId: KeyedName;
  tool: string;
  input: Readonly<Record<string, unknown>>;
  model?: string;
}

export interface ResultDraft {
  kind: 'result';
  /** Identity of the row that the result makes when its call is missing. */
  orphanUid: KeyedName;
  toolUseId: KeyedName;
  isError: boolean;
  text: string;
  details: unknown;
  spillPath?: string;
  at: number;
  turn: number;
  agentId?: Redacted | 'sidechain';
  cwd: Redacted | '';
  line: number;
}

export interface UsageDraft<Text extends string = string> extends ModelTokens<Text> {
  kind: 'usage';
  message: KeyedName;
  /** Tokens of the text on the line, estimated, when the answer had not ended yet; else 0. */
  said: number;
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
  leafUuid?: KeyedName;
}

/** The answer to a prompt that was read earlier. */
export interface AnsweredDraft {
  kind: 'answered';
  uid: KeyedName;
  answerKey: KeyedName;
}

/** What became of a queued prompt that was stored by itself in an earlier batch. */
export type QueueDraft =
  /** It was written as a line, whose message is `by`, or taken back. */
  | { kind: 'withdrawn'; uid: KeyedName; by?: KeyedName }
  /** No line of it came: it is a prompt of this turn. */
  | { kind: 'placed'; uid: KeyedName; turn: number };

export type Draft =
  | MessageDraft
  | CallDraft
  | ResultDraft
  | UsageDraft
  | TitleDraft
  | AnsweredDraft
  | QueueDraft
  | CostDraft;
