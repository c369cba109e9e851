/** Why lines of a file are as they are, as a head shows it. */
import type { SessionId } from './model';
import type { RowKey } from './row-key';

/**
 * `never`: no turn in memory changed the file. `others`: a person or a program wrote it. `before`: it stood there before
 * the turn that put it in, which only moved it. `common`: it says nothing, and neither do the lines around it.
 */
export type WhyNot = 'never' | 'others' | 'before' | 'common';

export interface Why {
  /** Turns that wrote lines that were asked about, those with most of them first. */
  turns: WroteLines[];
  /** Lines that were asked about and that no turn is known to have written, by number from 0. Blank ones are left out. */
  unknown: { line: number; why: WhyNot }[];
  /** Turns in memory that changed the file at all. */
  changes: number;
}

/** A call that changed a file. */
export interface MadeEdit {
  sessionId: SessionId;
  title: string;
  turn: number;
  /** Epoch milliseconds. */
  at: number;
  /** Of the row; `index` is the diff's number in it. */
  key: RowKey;
  index: number;
}

export interface WroteLines extends MadeEdit {
  tool: string;
  /** As the edit named it: another name than today's when the file was renamed or the lines were moved. */
  file: string;
  /** What the person asked in that turn; absent when a turn has no words of a person. */
  asked?: { key: RowKey; text: string };
  /** Numbers from 0, rising. */
  lines: number[];
  /** `same`: as it was written. `reformatted`: broken, joined or set otherwise. `moved`: written in another file. */
  form: 'same' | 'reformatted' | 'moved';
  /** Of the lines that the edit put in, how many are in the text that was given. */
  standing: { lines: number; of: number };
  /** What earlier edits had put there and later ones replaced, the latest first. */
  tried: TriedLines[];
  /** Later turns that wrote lines next to these, in the order of time. */
  since: MadeEdit[];
  /** The first commit of the file after the edit, and how many followed; absent when git was not asked or knows none. */
  commit?: { subject: string; at: number; more: number };
}

export interface TriedLines extends MadeEdit {
  /** At most eight of them. */
  lines: string[];
  /** Words of the person that took it back, literally. */
  rejected?: string;
}
