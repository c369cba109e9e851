/** Memory that is given back: chosen for a need, within a number of tokens, each line with where it comes from. */
import type { ProjectRef, SessionId } from './model';
import type { RowKey } from './row-key';

/**
 * What a piece says: `learning`: accepted by a person. `decision`, `fix`, `done`, `open`: from the summary of a session;
 * an open end was not done. `said`: a sentence of a prompt or an answer.
 */
export type GivenKind = 'learning' | 'decision' | 'fix' | 'done' | 'open' | 'said';

export interface GivenItem {
  /** Names the piece as long as its session or learning is unchanged: `session/kind/number` or `learning/id`. */
  id: string;
  kind: GivenKind;
  /** One line of plain text. */
  text: string;
  /** Absent for a learning that a person wrote. */
  sessionId?: SessionId;
  /** Of its session, or of the learning. */
  title: string;
  /** Where it stands in its session: a turn, and the row of a sentence of the summary. */
  turn?: number;
  key?: RowKey;
  /** Absent when it applies to all projects. */
  project?: ProjectRef;
  /** Epoch milliseconds. */
  at: number;
  /** 0 to 1: how much it is worth for the need. */
  value: number;
  /** Estimate, with what the line needs around its text. */
  tokens: number;
  /** A later session says otherwise. */
  amendedBy?: { sessionId: SessionId; title: string; at: number };
  /** It amends another session that the need is about. */
  isAmending?: true;
}

/** Empty when nothing is worth giving. */
export interface Packed {
  /** In the order of `text`. */
  items: GivenItem[];
  /** Ready to be handed over as it is; empty without items. */
  text: string;
  /** Estimate for `text`; never more than asked for. */
  tokens: number;
  /** Number of pieces that were worth giving but had no room. */
  leftOut: number;
}

/** How something was given. */
export type GivenSource = 'session-start' | 'prompt' | 'hand' | 'mcp';

/** Something that was given. */
export interface GivenRecord {
  no: number;
  /** The session that got it, when it is known, and its title, when it is in memory. */
  sessionId?: SessionId;
  title?: string;
  source: GivenSource;
  tokens: number;
  items: GivenPart[];
  at: number;
}

/** A part of what was given, as it reads now. */
export interface GivenPart {
  /** A piece, or a row that a model asked for. */
  id: string;
  sessionId?: SessionId;
  /** Of its session or learning; like the text it is absent when that is no longer in memory. */
  title?: string;
  text?: string;
  turn?: number;
  key?: RowKey;
  kind?: GivenKind;
  /** A person said that it must not be given again. */
  isNever?: true;
}
