/**
 * One tokenizer for both indexes, so that one finds what the other finds.
 *
 * Words are lower-cased and stemmed; identifiers and paths are kept whole and in parts (`readFile` → readfile, read,
 * file); CJK text becomes overlapping pairs, which find words without a dictionary. Stop words are removed from queries
 * only: in an index they cost little, and "to be or not to be" may be all a person remembers.
 */
import { stemmer } from 'stemmer';

export interface Token {
  term: string;
  /** UTF-16 offsets in the text. */
  start: number;
  end: number;
}

const maxTokenLength = 80;
const maxStemLength = 24;

// A word may contain joiners (a.b, a/b, a-b, a_b, a::b, @scope/name), but not at its ends.
const wordPattern = /[\p{L}\p{M}\p{N}_]+(?:[./\\:@#$-]+[\p{L}\p{M}\p{N}_]+)*/gu;
/** The same for ASCII text: several times as fast without Unicode tables. */
const asciiPattern = /[A-Za-z0-9_]+(?:[./\\:@#$-]+[A-Za-z0-9_]+)*/g;
const asciiText = /^[\x00-\x7f]*$/;
const asciiWord = /^[\x20-\x7e]+$/;
const cjkRun = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー々]+/gu;
const partPattern = /[\p{Lu}]+(?![\p{Ll}])|[\p{Lu}]?[\p{Ll}\p{M}]+|[\p{Lo}\p{Lm}\p{Lt}]+|\p{N}+/gu;
const hasJoint = /[^\p{L}\p{M}\p{N}]|[\p{Ll}\p{N}]\p{Lu}|\p{L}\p{N}|\p{N}\p{L}|\p{Lu}{2,}\p{Ll}/u;
const joints = /[^\p{L}\p{M}\p{N}]+/gu;
/** Replaces joiners in a whole identifier. It is a letter, so FTS4's simple tokenizer does not split the term. */
export const jointLetter = 'ˑ';

/** Words too common to rank by. */
export const stopWords: ReadonlySet<string> = new Set(
  (
    'a an the is are was were be been being do does did have has had of in on at to for with and or ' +
    'not what when where who whom which why how ' +
    'that this these those it its as by from about would could should will can his her their he she ' +
    'they you your my me i we our us s t so if then ' +
    'than there here into out up down just also am'
  ).split(' '),
);

/** Visits every token of a text in order; the parts of an identifier follow the whole. */
export function tokenize(text: string, visit: (term: string, start: number, end: number) => void): void {
  const isAscii = asciiText.test(text);
  const pattern = isAscii ? asciiPattern : wordPattern;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const word = match[0];
    const start = match.index;
    if (isAscii || asciiWord.test(word)) tokenizeWord(word, start, visit);
    else tokenizeMixed(word, start, visit);
  }
}

/** The terms of a text for FTS4, in order, separated by spaces. */
export function indexText(text: string): string {
  const terms: string[] = [];
  // A back-fill spends most of its time here, so words and parts are taken without positions.
  if (asciiText.test(text)) for (const word of text.match(asciiPattern) ?? []) terms.push(expansionOf(word).terms);
  else tokenize(text, (term) => terms.push(term));
  return terms.filter((term) => term !== '').join(' ');
}

export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  tokenize(text, (term, start, end) => tokens.push({ term, start, end }));
  return tokens;
}

function tokenizeMixed(word: string, offset: number, visit: (term: string, start: number, end: number) => void): void {
  let last = 0;
  cjkRun.lastIndex = 0;
  for (let match = cjkRun.exec(word); match; match = cjkRun.exec(word)) {
    if (match.index > last) tokenizeWord(word.slice(last, match.index), offset + last, visit);
    const letters = match[0];
    visitPairs(letters, offset + match.index, visit);
    last = match.index + letters.length;
  }
  if (last < word.length) tokenizeWord(word.slice(last), offset + last, visit);
}

/** True for a single letter of a script without spaces. */
export const isLoneLetter = (term: string): boolean =>
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]$/u.test(term);

/** Overlapping pairs of letters; a single letter stays. Letters outside the BMP take two UTF-16 units. */
function visitPairs(letters: string, offset: number, visit: (term: string, start: number, end: number) => void): void {
  const step = (at: number) => ((letters.codePointAt(at) ?? 0) > 0xff_ff ? 2 : 1);
  let next = step(0);
  if (next === letters.length) visit(letters, offset, offset + next);
  for (let at = 0; next < letters.length;) {
    const end = next + step(next);
    visit(letters.slice(at, end), offset + at, offset + end);
    at = next;
    next = end;
  }
}

interface Part {
  term: string;
  start: number;
  end: number;
}

interface Expansion {
  parts: readonly Part[];
  /** The terms of all parts, separated by spaces. */
  terms: string;
}

/**
 * A cache of limited size in two generations: entries in use move to the newer one. Emptying a full cache at once cost
 * half of all look-ups.
 */
let expansions = new Map<string, Expansion>();
let olderExpansions = new Map<string, Expansion>();
const maxExpansions = 20_000;
const maxCachedLength = 60;

function expansionOf(word: string): Expansion {
  const known = expansions.get(word);
  if (known) return known;
  let expansion = olderExpansions.get(word);
  if (!expansion) {
    const parts = expand(word);
    expansion = { parts, terms: parts.map(({ term }) => term).join(' ') };
    if (word.length > maxCachedLength) return expansion;
  }
  if (expansions.size >= maxExpansions) {
    olderExpansions = expansions;
    expansions = new Map();
  }
  expansions.set(word, expansion);
  return expansion;
}

function tokenizeWord(word: string, offset: number, visit: (term: string, start: number, end: number) => void): void {
  for (const part of expansionOf(word).parts) visit(part.term, offset + part.start, offset + part.end);
}

/** The terms of one word: itself, or the whole identifier and its parts. */
function expand(word: string): Part[] {
  if (!hasJoint.test(word)) {
    // Longer runs are hashes, base64 or data, which nobody types; they would fill the index.
    return word.length <= maxTokenLength ? [{ term: stem(word.toLowerCase()), start: 0, end: word.length }] : [];
  }
  const parts: Part[] = [];
  if (word.length <= maxTokenLength) {
    const whole = word.replace(joints, jointLetter).toLowerCase();
    if (whole !== jointLetter) parts.push({ term: whole, start: 0, end: word.length });
  }
  for (const match of word.matchAll(partPattern)) {
    if (match[0].length <= maxTokenLength)
      parts.push({ term: stem(match[0].toLowerCase()), start: match.index, end: match.index + match[0].length });
  }
  return parts;
}

const stemmable = /^[a-z]{4,}$/;

function stem(word: string): string {
  return word.length <= maxStemLength && stemmable.test(word) ? stemmer(word) : word;
}
