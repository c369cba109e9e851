/** An answer from memory: sentences that each rest on a row, or the word that memory has none. Times are epoch milliseconds. */
import type { ProjectRef, SessionId } from './model';
import type { RowKey } from './row-key';

/** Who said it: a person, Claude, a tool call, or a learning that a person accepted. */
export type AnswerVoice = 'user' | 'assistant' | 'tool' | 'learning';

/** A row that a sentence rests on. */
interface AnswerSource {
  key: RowKey;
  voice: AnswerVoice;
  /** Absent for a learning without a session. */
  sessionId?: SessionId;
  /** Of the session, or of the learning. */
  title: string;
  turn?: number;
  project?: ProjectRef;
  at: number;
  /** Stands in the row as it is. */
  quote: string;
}

export interface AnswerSentence extends AnswerSource {
  /** One line of plain text: of the row itself, or of a model that was checked against it. */
  text: string;
  /** A later session changed what this says; its sentence stands before this one. */
  amendedBy?: { sessionId: SessionId; title: string; turn: number; at: number };
  isAmending?: true;
}

/** Why there is no answer. `no_subject`: the question has no word that says what it is about. */
type NoAnswer = 'not_in_memory' | 'no_subject';

export interface MemoryAnswer {
  /** The amendment before what it amends; empty when memory has no answer. */
  sentences: AnswerSentence[];
  /** Set when there are no sentences. */
  none?: NoAnswer;
  /** Words of the question that no text in memory has, as they were written. */
  unknownWords: string[];
  /** Sessions that were looked through. */
  sessions: number;
  tookMs: number;
}

/** Why a sentence of a model was struck out. `quote`: it stands nowhere; `words`: the row does not say it. */
export type StruckWhy = 'quote' | 'number' | 'name' | 'words' | 'negation';

/** What a model made of the rows; sentences that no row supports are told apart. */
export interface ModelAnswer {
  sentences: AnswerSentence[];
  struck: { text: string; why: StruckWhy }[];
  model: string;
  host: string;
  usd: number;
}

/** Tokens of English that a model is sent at most, with the question. */
export const sentTokens = 8_000;
