/** Whether memory helps: what prompts would have been given, or were given, against what their sessions then did. */
import type { GivenPart } from './given';
import type { ProjectRef, SessionId } from './model';
import type { RowKey } from './row-key';

/**
 * Where pieces come from. `amendment`: a session that amends what the prompt is about; it is counted for itself, whatever
 * its pieces are, and is never muted, because what it amends would then be given as if it still held.
 */
export const giveSources = ['learning', 'summary', 'said', 'amendment'] as const;
export type GiveSource = (typeof giveSources)[number];
export const mutableSources = ['learning', 'summary', 'said'] as const;
export type MutableSource = (typeof mutableSources)[number];

/**
 * `helped`: a piece was used. `unused`: something was given and nothing of it was used, a false fire. `missed`: nothing was
 * given though memory knew how an error that the session then met had been fixed. `silent`: nothing was given or missed.
 */
export const verdicts = ['helped', 'unused', 'missed', 'silent'] as const;
export type Verdict = (typeof verdicts)[number];

/** How a session used a piece: it touched a file, ran a command, met an error, or was told the same by the person. */
export type UseKind = 'file' | 'command' | 'error' | 'told';

/** A share of counted cases. `low` and `high`: its 95 % interval by Wilson's formula, 0 and 1 without cases. */
export interface Precision {
  used: number;
  of: number;
  low: number;
  high: number;
}

export interface SourceReport {
  source: GiveSource;
  /** Of the prompts that it gave something for, those where some of it was used. */
  precision: Precision;
  /** Below the person's bar with enough prompts: nothing of it is given for prompts. */
  isMuted: boolean;
  /** The person said that it stays. */
  isKept: boolean;
}

/** Numbers of prompts and tokens. */
export interface ShadowCounts {
  looked: number;
  /** Prompts for which there was something to give, and how many of them it helped. */
  precision: Precision;
  missed: number;
  tokens: number;
}

export interface ProjectShadow extends ShadowCounts {
  project: ProjectRef;
  sources: SourceReport[];
}

export interface ShadowReport {
  /** Would have been given: nothing of it reached a session. */
  shadow: ShadowCounts;
  /** Really given, by the hook. */
  given: ShadowCounts;
  /** Both together, those with the most prompts first. */
  projects: ProjectShadow[];
  /** Of 100 prompts, below which a source mutes itself; 0: never. */
  bar: number;
  /** Prompts that a source must have given something for before the bar counts. */
  enough: number;
  /** Sessions that were not looked through yet. */
  waiting: number;
}

/** One prompt, and what became of what it was given. */
export interface ShadowExample {
  /** Of the prompt; absent when its row is gone. */
  key?: RowKey;
  sessionId: SessionId;
  title: string;
  turn: number;
  /** Its beginning. */
  prompt: string;
  at: number;
  verdict: Verdict;
  isGiven: boolean;
  tokens: number;
  /** For `missed`: what memory knew. */
  items: ExamplePart[];
}

export interface ExamplePart extends GivenPart {
  source: GiveSource;
  /** The row that used it. */
  use?: { kind: UseKind; key?: RowKey; turn?: number; text: string };
}

/** What a person said about giving, the newest first. */
export interface GiveChoices {
  never: GivenPart[];
  sessions: { sessionId: SessionId; title?: string }[];
}
