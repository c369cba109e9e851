/** Where a text stands in code: a name as a whole name, outside of comments and strings unless it is one. */
import type { Code } from './code';
import { endingOf } from './code';
import type { Span } from './found';

/** Written in comments only. */
const ofComments =
  /^(?:@ts-|eslint-|oxlint-|biome-|prettier-|istanbul |c8 |noqa|type: ?ignore|TODO|FIXME|HACK|XXX|#|\/\/|\/\*|--)/;
/** Types that are words of other things too: they count where a type stands. */
const typeWords: ReadonlySet<string> = new Set(['any', 'unknown', 'object']);
const typed = new Set(['ts', 'tsx', 'mts', 'cts', 'vue', 'svelte']);
const nameLetter = /[\p{L}\p{N}_$]/u;

/** Places of a literal text. */
export function textsIn(file: string, code: Code, subject: string): Span[] {
  const text = ofComments.test(subject) ? code.raw : /["'\x60]|\s\S+\s/.test(subject) ? code.withStrings : code.bare;
  const isType = typeWords.has(subject) && typed.has(endingOf(file));
  const found: Span[] = [];
  for (let from = text.indexOf(subject); from >= 0; from = text.indexOf(subject, from + subject.length)) {
    const to = from + subject.length;
    if (isWhole(text, from, to, subject) && (!isType || isTypePlace(text, from, to))) found.push({ from, to });
  }
  return found;
}

function isWhole(text: string, from: number, to: number, subject: string): boolean {
  const [before, after] = [text[from - 1] ?? ' ', text[to] ?? ' '];
  if (nameLetter.test(subject[0] ?? '')) {
    // `other.print` is another one, and `-var` is an option.
    if (nameLetter.test(before) || before === '.' || before === '-' || before === '@') return false;
  }
  if (!nameLetter.test(subject.at(-1) ?? '')) return true;
  return !nameLetter.test(after) && after !== '-';
}

/** A type stands behind a colon, a bracket or a bar, or behind `as`. */
const isTypePlace = (text: string, from: number, to: number): boolean =>
  !/^\s*[.(]/.test(text.slice(to, to + 40)) &&
  /(?:[:<|&,]|\bas|\bextends|\bsatisfies|=>)\s*$/.test(text.slice(Math.max(0, from - 40), from));
