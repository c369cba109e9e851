/** Words about what became of a session. Every sentence names the lines it rests on. Times are epoch milliseconds. */
import type { SessionId } from './model';
import type { RowKey } from './row-key';

/** A line of a transcript, with the words in it that something rests on. */
export interface Evidence {
  /** Absent when the row is no longer in memory. */
  key?: RowKey;
  sessionId: SessionId;
  turn: number;
  at: number;
  /** Literally as it stands in the row, 1 to 300 letters. */
  quote: string;
}

/** A sentence and what it rests on: one line at least. */
export interface Claim {
  /** One line of plain text. */
  text: string;
  evidence: Evidence[];
}

export interface FileWork {
  /** As the tool call named it. */
  path: string;
  edits: number;
  /** Written in this session for the first time. */
  isNew: boolean;
  /** The newest edit. */
  evidence: Evidence[];
}

export interface ErrorMet {
  /** The error's own line. */
  text: string;
  /** How often it was met. */
  times: number;
  /** Where it was met first. */
  evidence: Evidence[];
  /** What made it go away: the edits between its last red and its first green. Absent while nothing is known. */
  fix?: Claim;
}

export type CheckKind = 'test' | 'build' | 'lint';

export interface CommandRun {
  /** One line, as it was run. */
  command: string;
  runs: number;
  failures: number;
  /** Of the last run; `unknown` when neither exit status nor output tells. */
  outcome: 'passed' | 'failed' | 'unknown';
  check?: CheckKind;
  /** The last run. */
  evidence: Evidence[];
}

/**
 * `local`: by rules, without a model. `model`: by the Messages API. `editor`: by a model of the editor, after a
 * person's click.
 */
export type SummarySource = 'local' | 'model' | 'editor';

export interface SessionSummary {
  id: number;
  sessionId: SessionId;
  /** 1 and up, by session. The local one is made anew in its place while the session grows. */
  version: number;
  source: SummarySource;
  /** Empty for a local one. */
  model: string;
  /** The one that is shown. */
  isPublished: boolean;
  /** The session has grown since. */
  isBehind: boolean;
  title: string;
  asked: Claim[];
  done: Claim[];
  decisions: Claim[];
  files: FileWork[];
  errors: ErrorMet[];
  commands: CommandRun[];
  /** What was left to do. */
  openEnds: Claim[];
  keyPoints: Claim[];
  /** Sentences of a model whose quotes do not stand in the transcript: left out. */
  droppedClaims: number;
  /** 0 to 1: how much of what must be in a summary is there, each with its line. */
  quality: number;
  /** US dollars; 0 for a local one. */
  costUsd: number;
  /** Estimated tokens of the session as it was read, and of the summary. */
  rawTokens: number;
  tokens: number;
  createdAt: number;
}

export type SummaryVersion = Pick<
  SessionSummary,
  'id' | 'version' | 'source' | 'model' | 'isPublished' | 'quality' | 'costUsd' | 'createdAt'
>;

/** What a model of the editor is to be asked. All text of it passed redaction. */
export interface SummaryQuestion {
  sessionId: SessionId;
  /** Instructions, and the session. */
  system: string;
  text: string;
  /** Of the answer, at most. */
  maxTokens: number;
  /** How much of the session is in it; handed back with the answer, which is about no more than that. */
  lastSequence: number;
}
