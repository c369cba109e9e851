/** Types for learnings and their evidence. Shares and confidences are 0 to 1, times epoch milliseconds. */
import type { Learning } from './model';
import type { Evidence } from './summary';

/**
 * `proposed`: found by rules or a model, not reviewed. `accepted`: written or accepted by a person. `rejected`: by a
 * person; not proposed again. `superseded`: contradicted by another learning, or merged with it.
 */
export const learningStates = ['proposed', 'accepted', 'rejected', 'superseded'] as const;
export type LearningState = (typeof learningStates)[number];

/**
 * Who wrote the words. After an edit by a person: `person`. `claude`: Claude Code asked for it to be remembered while it
 * worked; `model`: a model that was asked for a summary.
 */
export type LearningOrigin = 'person' | 'rules' | 'model' | 'claude';

/** Something that does not work, and under what condition. Never shown as a fact. */
export interface DeadEnd {
  /** Fails when … */
  when: string;
  /** … because … ; empty when unknown. */
  because: string;
  /** … instead … ; empty when nothing else was found. */
  instead: string;
}

/** How fast the strength of an unused memory decreases: see core/index/memory-kinds.ts. */
export const memoryKinds = ['working', 'episodic', 'semantic', 'procedural'] as const;
export type MemoryKind = (typeof memoryKinds)[number];

/**
 * `line`: where it was said or done. `survival`: share of the edited lines that are still in HEAD. `verification`: a
 * check failed before and passed after. `reaction`: what the person said next. `revert`: undone later.
 * `reconfirmation`: found again in a later session. `presence`: whether a cited file or symbol still exists.
 */
export type EvidenceKind = 'line' | 'survival' | 'verification' | 'reaction' | 'revert' | 'reconfirmation' | 'presence';

export interface LearningEvidence {
  id: number;
  kind: EvidenceKind;
  speaks: 'for' | 'against' | 'neither';
  /** English, with {0} placeholders for `args`: the key of its translation. */
  message: string;
  args: (string | number)[];
  /** For `survival`: the share. */
  value?: number;
  /** Lines to show: for `verification` the failed and the passed run, for `survival` the edits. */
  lines: Evidence[];
  at: number;
}

/** An event in the history of a learning; the list is oldest first. */
export interface TrailEntry {
  at: number;
  by: LearningOrigin;
  action:
    | 'proposed'
    | 'accepted'
    | 'rejected'
    | 'reopened'
    | 'edited'
    | 'merged'
    | 'superseded'
    | 'stale'
    | 'fresh'
    | 'promoted';
  /**
   * For a merge or supersession the title of the other learning; for staleness the reason; for a confidence both values
   * as text.
   */
  note: string;
}

/** Proposals that came after a certain one, and the number of the last learning, from which the next ones count. */
export interface NewProposals {
  count: number;
  newest: number;
}

/** A learning with all evidence for and against it. */
export interface LearningProof {
  learning: Learning;
  evidence: LearningEvidence[];
  trail: TrailEntry[];
  /** The learning that replaced it. */
  supersededBy?: Learning;
}

/** A file for Claude Code that contains the chosen learnings, to be shown as a diff. */
export interface Promotion {
  /** The whole file; the text outside the markers is unchanged. */
  text: string;
  /** Number of learnings in the file now, and of those left out because they are stale, a dead end, or not accepted. */
  added: number;
  leftOut: number;
  /** Number of the chosen that may not go into a file that others read, because of their class; absent when none. */
  held?: number;
  /** Number of the chosen that were left out because they stand in a file that Claude Code gives by itself. */
  standing: number;
  /** Names of the projects that the chosen ones in the file are from, without those it is for; sorted. */
  others: string[];
}

/** All messages of evidence; each is the key of its translation. */
export const evidenceMessages = {
  told: 'You said so.',
  done: 'Done in this session.',
  met: 'Met in this session.',
  explained: 'Explained in this session.',
  redGreen: '{0} failed before and passed after.',
  passed: '{0} passed.',
  failedThenOther: '{0} failed, then this worked: {1}',
  flaky: '{0} failed and passed with nothing changed between: flaky.',
  stillRed: '{0} failed before and after.',
  accepted: 'You agreed: “{0}”',
  corrected: 'You corrected it: “{0}”',
  undone: 'You had it undone: “{0}”',
  otherwise: 'You said otherwise later.',
  survival: '{0} of {1} edited lines are still in HEAD.',
  undoneLater: 'Edited back later.',
  thrownAway: 'Thrown away by {0}',
  revertCommit: 'Reverted by a commit: {0}',
  again: 'Met again in a later session.',
  togetherAgain: 'Changed together here too.',
  there: '{0} is still there.',
  gone: '{0} is no longer there.',
} as const;
