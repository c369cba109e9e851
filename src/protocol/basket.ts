/** The context basket: memory that a person puts together by hand and gives to Claude or into a file. */
import type { DataClass } from './classes';
import type { GivenKind } from './given';
import type { SessionId } from './model';
import { parseRowKey } from './row-key';
import type { RowKey, RowRef } from './row-key';

/** What an entry is: a row as it was said or done, one sentence of a session, or the whole of something. */
export type BasketKind = 'prompt' | 'answer' | 'note' | 'tool' | 'sentence' | 'session' | 'summary' | 'learning';

/** A reference, never a text: it is read anew whenever it is shown or given, so it is redacted and up to date. */
export interface BasketEntry {
  /** As `parseBasketRef` reads it. */
  ref: string;
  /** Tokens that it may have; `usualMost` when absent. */
  most?: number;
}

export interface BasketItem {
  /** Stays the same when the rows are built anew. Row keys become such a reference when they are asked for. */
  ref: string;
  /** Under which pages show it; absent for a sentence. */
  key?: BasketKey;
  kind: BasketKind;
  /** The name of the tool, or of what the sentence says (`decision`). */
  detail?: string;
  /** One line of what it says. */
  line: string;
  /** The beginning of what is given of it. */
  preview: string;
  /** Absent for a learning that a person wrote. */
  session?: { id: SessionId; title: string; turn?: number };
  project?: string;
  /** Epoch milliseconds. */
  at: number;
  /** Estimate of what is given of it, and of all of it. */
  tokens: number;
  whole: number;
  /** Absent below `confidential`. */
  class?: DataClass;
  /** A later session says otherwise. */
  amendedBy?: { sessionId: SessionId; title: string; at: number };
}

export interface PackedBasket {
  /** In the order of `text`, each once. */
  items: BasketItem[];
  /** References that lead to nothing: what they named was forgotten, deleted or has changed. */
  gone: string[];
  /** References to what is there, and is not given because of its class; absent when there are none. */
  held?: string[];
  /** Between the lines of our mark; empty without items. */
  text: string;
  /** Estimate for `text`. */
  tokens: number;
}

/** Tokens as a model counts them, of the whole text as one message. */
export interface ExactTokens {
  tokens: number;
  model: string;
  /** Who counted. */
  host: string;
}

export const maxBasketItems = 100;
/** Tokens: of an entry unless a person says otherwise, and of any. */
export const usualMost = 1_000;
export const highestMost = 20_000;
export const lowestMost = 20;

/** Key of something that a page shows: a row, a learning, a session, or the summary of one. */
export type BasketKey = RowKey | `m${SessionId}`;

export const summaryKeyOf = (id: SessionId): BasketKey => `m${id}`;

export type BasketRef =
  | RowRef
  | { kind: 'uid'; uid: string }
  | { kind: 'summary'; id: SessionId }
  /** `mark` is a keyed name of its text: a summary that is made anew has other sentences. */
  | { kind: 'sentence'; id: SessionId; says: GivenKind; turn: number; mark: string };

export const uidRef = (uid: string): string => `u${uid}`;

export const sentenceRef = (id: SessionId, says: GivenKind, turn: number, mark: string): string =>
  `c${id}/${says}/${turn}/${mark}`;

const sentence = /^c([\w.:@#-]+)\/(decision|fix|done|open|said)\/(\d+)\/([\w-]+)$/;

/** Undefined when the text is no reference. */
export function parseBasketRef(ref: string): BasketRef | undefined {
  const name = ref.slice(1);
  if (name === '') return undefined;
  if (ref.startsWith('u')) return { kind: 'uid', uid: name };
  if (ref.startsWith('m')) return { kind: 'summary', id: name };
  const [, id, says, turn, mark] = sentence.exec(ref) ?? [];
  if (id !== undefined && says !== undefined && mark !== undefined)
    return { kind: 'sentence', id, says: says as GivenKind, turn: Number(turn), mark };
  return parseRowKey(ref);
}
