/** What of learnings is watched: proposals of rules, and what a person said about them. */
import { createHash } from 'node:crypto';
import { pathInside } from '../../protocol/paths';
import type { Predicate, Watch, WatchFault } from '../../protocol/watch';
import type { CheckableLearning, StoredWatch } from '../store/tables/watches';
import { createChecker } from './check';
import type { Checker } from './check';
import { readDecision } from './read-decision';

const keyOf = ({ kind, subject, instead, files, isRegex }: Predicate): string =>
  JSON.stringify([kind, subject, instead, files, isRegex]);

export const watchIdOf = (learningId: string, predicate: Predicate): string =>
  `${learningId}:${createHash('sha256').update(keyOf(predicate)).digest('hex').slice(0, 16)}`;

/** Id of the learning in that of a watch. */
export const learningOfWatch = (id: string): string => id.slice(0, id.lastIndexOf(':'));

/** What a person said comes first; refused ones are left out. */
export function watchesOf(learning: CheckableLearning, isSlow: (id: string) => boolean): Watch[] {
  const stored = learning.watches.map((each) => watchOf(learning, each, isSlow));
  const known = new Set(stored.map(({ id }) => id));
  // What failed once is no rule about code.
  const proposed = learning.isDeadEnd ? [] : readDecision(learning);
  return [
    ...stored.filter(({ state }) => state !== 'refused'),
    ...proposed
      .map((predicate) => ({ predicate, id: watchIdOf(learning.id, predicate) }))
      .filter(({ id }) => !known.has(id))
      .map(({ predicate, id }): Watch => ({ ...headOf(learning), id, predicate, state: 'proposed', exceptions: 0 })),
  ];
}

export function watchOf(
  learning: CheckableLearning,
  { predicate, state, exceptions }: StoredWatch,
  isSlow: (id: string) => boolean,
): Watch {
  const id = watchIdOf(learning.id, predicate);
  const fault: WatchFault | undefined = isSlow(id) ? 'slow' : learning.isStale ? 'stale' : undefined;
  return { ...headOf(learning), id, predicate, state, exceptions: exceptions.length, ...(fault && { fault }) };
}

const headOf = ({ id, title, project }: CheckableLearning): Pick<Watch, 'learning'> => ({
  learning: { id, title, project },
});

/**
 * The path by which a learning's globs know a file: from the root of its project, or from the folder of the workspace, which may
 * be a worktree of it. Undefined when the file is in another project.
 */
export function pathFor(learning: CheckableLearning, file: string, root: string | undefined): string | undefined {
  const own = learning.project?.root;
  if (own !== undefined) {
    const inside = pathInside(own, file);
    if (inside !== undefined) return inside;
    // The folder of the workspace has several projects, and the file is in another one.
    if (root === undefined || pathInside(root, own) !== undefined) return undefined;
  }
  return root === undefined ? undefined : pathInside(root, file);
}

/** Checkers are kept: a pattern is compiled once. */
export class Checkers {
  readonly #known = new Map<string, Checker>();
  readonly #slow = new Map<string, number>();

  of(id: string, predicate: Predicate): Checker {
    const known = this.#known.get(id);
    if (known) return known;
    if (this.#known.size > 500) this.#known.clear();
    const checker = createChecker(predicate);
    this.#known.set(id, checker);
    return checker;
  }

  /** Once may be a busy machine. */
  readonly isSlow = (id: string): boolean => (this.#slow.get(id) ?? 0) > 1;

  noteSlow(id: string): void {
    this.#slow.set(id, (this.#slow.get(id) ?? 0) + 1);
  }
}
