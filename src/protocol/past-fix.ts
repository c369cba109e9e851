/** An error that was fixed before, as a head shows it. */
import type { SessionId } from './model';
import type { RowKey } from './row-key';

export interface PastFix {
  /** Names the fix for `refusePastFix`. */
  id: string;
  sessionId: SessionId;
  title: string;
  turn: number;
  /** When the check passed, in epoch milliseconds. */
  at: number;
  /** `same`: the same error with the same names. */
  match: 'same' | 'alike';
  /** How sure it is that the cause is the same, 0 to 1. */
  likeness: number;
  /** The line that the tool wrote then. */
  error: string;
  /** In the order they were made; at least one. */
  edits: PastEdit[];
}

export interface PastEdit {
  /** Of the row; `index` is the diff's number in it. */
  key: RowKey;
  index: number;
  file: string;
  /** Lines that are in one side only, without blank ones. */
  added: string[];
  removed: string[];
}
