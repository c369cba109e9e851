/** Decisions that keep an eye on the code: what can be checked of a learning, and where an edit contradicts it. */
import type { ProjectRef } from './model';

/**
 * What must not be: an `import` of a module, a `dependency` in a manifest, a `command` in scripts and CI, a `text` in code.
 */
export const predicateKinds = ['import', 'dependency', 'command', 'text'] as const;
export type PredicateKind = (typeof predicateKinds)[number];

export interface Predicate {
  kind: PredicateKind;
  /** The module, package, command or text; a regular expression with `isRegex`. */
  subject: string;
  /** What stands there instead; empty when nothing does. */
  instead: string;
  /** A glob from the root of the project; empty for all files of this kind. */
  files: string;
  /** Of a text only. */
  isRegex: boolean;
}

/**
 * `proposed`: rules read it in the learning. `on`: a person confirmed it, only then is anything checked. `off`: confirmed
 * once and switched off. `refused`: not to be proposed again.
 */
export type WatchState = 'proposed' | 'on' | 'off' | 'refused';

/** Why a confirmed one is not checked: it took too long, or its learning is outdated. */
export type WatchFault = 'slow' | 'stale';

export interface Watch {
  /** Derived from learning and predicate. */
  id: string;
  learning: { id: string; title: string; project: ProjectRef | null };
  predicate: Predicate;
  state: WatchState;
  /** Places that a person said it does not apply to. */
  exceptions: number;
  fault?: WatchFault;
}

/** A place where a file contradicts a learning. Lines and columns from 0, columns in UTF-16 units. */
export interface Contradiction {
  watch: Watch;
  line: number;
  from: number;
  to: number;
  /** The edit that follows the decision; absent when it is not clear. */
  follow?: { line: number; from: number; toLine: number; to: number; text: string };
}

/** Letters of a file that is looked at; a longer one is left alone. */
export const maxWatchedText = 1_000_000;
