/** A person's own rules of redaction as one function: patterns, words, and kinds of personal data. */
import type { OwnRules } from '../../protocol/redaction';
import { createPatternFinder } from './own-patterns';
import { createWordFinder } from './own-words';
import type { Finding } from './secrets/finding';
import { findPersonal } from './secrets/personal';

export interface OwnFinder {
  /** The findings of each text; they may overlap. */
  find(texts: readonly string[]): Finding[][];
  /** Names of patterns that took too long and are not applied any more. */
  readonly slow: ReadonlySet<string>;
  /** Leaves out patterns that took too long elsewhere, by their names. */
  leaveOut(names: readonly string[]): void;
}

/** @param rules with patterns that were judged; undefined when there is nothing to look for */
export function createOwnFinder({ patterns, words, kinds }: OwnRules): OwnFinder | undefined {
  if (patterns.length === 0 && words.length === 0 && kinds.length === 0) return undefined;
  const byPattern = createPatternFinder(patterns);
  const byWord = createWordFinder(words);
  return {
    slow: byPattern.slow,
    leaveOut: (names) => byPattern.leaveOut(names),
    find(texts) {
      const found = byPattern.find(texts);
      texts.forEach((text, index) => found[index]?.push(...byWord(text), ...findPersonal(text, kinds)));
      return found;
    },
  };
}
