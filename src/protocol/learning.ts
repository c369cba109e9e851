/** Words about what was learnt, with its proof. Shares and confidences are 0 to 1, times epoch milliseconds. */
import type { Learning } from './model';
import type { Evidence } from './summary';

/**
 * `proposed`: found by rules or worded by a model, nobody has looked at it. `accepted`: a person wrote it or said yes.
 * `rejected`: a person said no; it is not proposed again. `superseded`: another learning says otherwise, or was merged
 * with it.
 */
export const learningStates = ['proposed', 'accepted', 'rejected', 'superseded'] as const;
export type LearningState = (typeof learningStates)[number];

/** Who worded it. What a person edited is a person's. */
export type LearningOrigin = 'person' | 'rules' | 'model';

/** Something that does not work, and when: never a fact. */
export interface DeadEnd {
  /** Fails when … */
  when: string;
  /** … because … ; empty when nobody said. */
  because: string;
  /** … instead … ; empty when nothing else was found. */
  instead: string;
}

/** How fast something fades that is not used: see core/index/memory-kinds.ts. */
export const memoryKinds = ['working', 'episodic', 'semantic', 'procedural'] as const;
export type MemoryKind = (typeof memoryKinds)[number];

/**
 * `line`: where it was said or done. `survival`: share of the edited lines that still stand in HEAD. `verification`: a
 * check was red before and green after. `reaction`: what the person said next. `revert`: undone later.
 * `reconfirmation`: met again in a later session. `presence`: whether a file or symbol it names is still there.
 */
export type EvidenceKind = 'line' | 'survival' | 'verification' | 'reaction' | 'revert' | 'reconfirmation' | 'presence';

export interface LearningEvidence {
  id: number;
  kind: EvidenceKind;
  speaks: 'for' | 'against' | 'neither';
  /** English, with {0} placeholders for `args`: the key of its translation. */
  message: string;
  args: (string | number)[];
  /** Of a survival: the share. */
  value?: number;
  /** One click away: of a verification the red run and the green one, of a survival the edits. */
  lines: Evidence[];
  at: number;
}

/** What happened to a learning, oldest first. */
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
   * Title of the other learning of a merge or supersession; the reason of a staleness; the confidence before and after,
   * as text.
   */
  note: string;
}

/** A learning with all that speaks for and against it. */
export interface LearningProof {
  learning: Learning;
  evidence: LearningEvidence[];
  trail: TrailEntry[];
  /** What took its place. */
  supersededBy?: Learning;
}

/** A file for Claude Code with chosen learnings in it, to be shown as a diff. */
export interface Promotion {
  /** The whole file: everything outside the markers is as it was. */
  text: string;
  /**
   * Learnings that are in it now, and those left out because they are stale, a dead end of its own, or not accepted.
   */
  added: number;
  leftOut: number;
}

/** Everything evidence can say: keys of the words in the heads. */
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
