/** Types for summaries of sessions. Every sentence names the lines it rests on. Times are epoch milliseconds. */
import type { SessionId } from './model';
import type { RowKey } from './row-key';

/** A line of a transcript and the words in it that are evidence. */
export interface Evidence {
  /** Absent when the row was deleted. */
  key?: RowKey;
  sessionId: SessionId;
  turn: number;
  at: number;
  /** Literal text of the row, 1 to 300 letters. */
  quote: string;
}

/** A sentence and its evidence, at least one line. */
export interface Claim {
  /** One line of plain text. */
  text: string;
  evidence: Evidence[];
}

export interface FileWork {
  /** As in the tool call. */
  path: string;
  edits: number;
  /** Created in this session. */
  isNew: boolean;
  /** The newest edit. */
  evidence: Evidence[];
}

export interface ErrorMet {
  /** The line of the error. */
  text: string;
  /** How often it occurred. */
  times: number;
  /** Its first occurrence. */
  evidence: Evidence[];
  /** What solved it: the edits between the last failed and the first passed check. Absent when unknown. */
  fix?: Claim;
}

export type CheckKind = 'test' | 'build' | 'lint';

export interface CommandRun {
  /** The command on one line. */
  command: string;
  runs: number;
  failures: number;
  /** Result of the last run; `unknown` when neither exit status nor output tells. */
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
  /** From 1, per session. The local summary keeps its version when it is made again. */
  version: number;
  source: SummarySource;
  /** Empty for a local summary. */
  model: string;
  /** True for the version that is shown. */
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
  /** What remained to be done. */
  openEnds: Claim[];
  keyPoints: Claim[];
  /** Number of a model's sentences that were left out because their quotes are not in the transcript. */
  droppedClaims: number;
  /** 0 to 1: share of the required parts that are present, each with evidence. */
  quality: number;
  /** US dollars; 0 for a local summary. */
  costUsd: number;
  /** Estimated tokens of the session and of the summary. */
  rawTokens: number;
  tokens: number;
  createdAt: number;
}

export type SummaryVersion = Pick<
  SessionSummary,
  'id' | 'version' | 'source' | 'model' | 'isPublished' | 'quality' | 'costUsd' | 'createdAt'
>;

/** The question for a model of the editor. All its text is redacted. */
export interface SummaryQuestion {
  sessionId: SessionId;
  /** Instructions, and the session. */
  system: string;
  text: string;
  /** Longest answer in tokens. */
  maxTokens: number;
  /** Last row of the session in the question; returned with the answer. */
  lastSequence: number;
}
