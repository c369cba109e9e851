/**
 * Finds what a person's own patterns describe. They are judged before they come here; the time box is for the case that
 * the judgement was wrong: a pattern that exceeds it finds nothing more until the memory is opened again.
 */
import type { OwnPattern } from '../../protocol/redaction';
import { runWithin } from '../lib/run-within';
import type { Finding } from './secrets/finding';

/** Milliseconds for one pattern on the texts of one batch, at most 512 Ki characters. A linear one takes a hundredth. */
const mostMs = 2_000;
/** More from one pattern in one text are as good as none: it describes everything. */
const mostFound = 100_000;

export interface PatternFinder {
  /** The findings of each text. */
  find(texts: readonly string[]): Finding[][];
  /** Names of patterns that took too long. */
  readonly slow: ReadonlySet<string>;
  /** Leaves out patterns that took too long elsewhere, by their names. */
  leaveOut(names: readonly string[]): void;
}

/** The kind in the mark: `own-ticket` for a pattern called "Ticket". */
export function kindOfPattern(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, 30)
    .replace(/-$/, '');
  return `own-${plain === '' ? 'pattern' : plain}`;
}

const compilePattern = ({ pattern, flags = '' }: OwnPattern): RegExp =>
  new RegExp(pattern, `${flags.replaceAll(/[gy]/g, '')}g`);

/** @param patterns valid ones */
export function createPatternFinder(patterns: readonly OwnPattern[], ms = mostMs): PatternFinder {
  const compiled = patterns.map((each) => ({
    name: each.name,
    kind: kindOfPattern(each.name),
    regex: compilePattern(each),
  }));
  const slow = new Set<string>();
  return {
    slow,
    leaveOut(names) {
      for (const name of names) slow.add(name);
    },
    find(texts) {
      const found = texts.map((): Finding[] => []);
      for (const { name, kind, regex } of compiled) {
        if (slow.has(name)) continue;
        const isDone = runWithin(ms, () => {
          texts.forEach((text, index) => {
            let count = 0;
            for (const { 0: value, index: start } of text.matchAll(regex)) {
              if (value !== '') found[index]?.push({ kind, start, end: start + value.length });
              if (++count > mostFound) break;
            }
          });
        });
        if (!isDone) slow.add(name);
      }
      return found;
    },
  };
}
