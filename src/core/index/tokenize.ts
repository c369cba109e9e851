/**
 * One tokenizer for both indexes, so that one finds what the other finds.
 *
 * Words are lower-cased and stemmed; identifiers and paths are kept whole and in parts (`readFile` → readfile, read,
 * file); text of scripts without spaces (Chinese, Thai, Khmer) becomes overlapping pairs, which find words without a
 * dictionary. Letters that Unicode can write in several ways have one spelling; an emoji is a word. Stop words are
 * removed from queries only: in an index they cost little, and "to be or not to be" may be all a person remembers.
 */
import { stemmer } from 'stemmer';
import { trimEndOf } from '../../protocol/text';
import { composed, withoutVariation } from '../lib/text';

export interface Token {
  term: string;
  /** UTF-16 offsets in the text. */
  start: number;
  end: number;
}

const maxTokenLength = 80;
const maxStemLength = 24;

/** A flag, or a picture with its colour and all that joiners tie to it: one sign to the eye. */
const picture = String.raw`\p{Extended_Pictographic}[\ufe0e\ufe0f]?\p{Emoji_Modifier}?`;
const emoji = String.raw`(?:\p{Regional_Indicator}{2}|${picture}(?:\u200d${picture})*)`;
// A word may contain joiners (a.b, a/b, a-b, a_b, a::b, @scope/name), but not at its ends.
const wordPattern = new RegExp(`${emoji}|[\\p{L}\\p{M}\\p{N}_]+(?:[./\\\\:@#$-]+[\\p{L}\\p{M}\\p{N}_]+)*`, 'gu');
const isEmoji = new RegExp(`^${emoji}$`, 'u');
/** The same for ASCII text: several times as fast without Unicode tables. */
const asciiPattern = /[A-Za-z0-9_]+(?:[./\\:@#$-]+[A-Za-z0-9_]+)*/g;
const asciiText = /^[\x00-\x7f]*$/;
const asciiWord = /^[\x20-\x7e]+$/;
const hasAscii = /[\x20-\x7e]/;
/** Scripts that write without spaces between words. Katakana and Hangul have their marks; Korean has few spaces. */
const unspaced =
  '\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{Script=Hangul}ー々\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}' +
  '\\p{Script=Myanmar}\\p{Script=Tibetan}\\p{Script=Javanese}\\p{Script=Balinese}\\p{Script=Sundanese}\\p{Script=Tai_Tham}' +
  '\\p{Script=Tai_Le}\\p{Script=New_Tai_Lue}\\p{Script=Tai_Viet}\\p{Script=Cham}\\p{Script=Buginese}\\p{Script=Yi}';
const unspacedLetter = `(?=[\\p{L}\\p{N}])[${unspaced}]`;
const unspacedRun = new RegExp(`(?:${unspacedLetter}\\p{M}*)+`, 'gu');
const loneLetter = new RegExp(`^${unspacedLetter}\\p{M}*$`, 'u');
const letterWithMarks = /\P{M}\p{M}*|\p{M}+/gu;
/** The same for any spelling: the vowels and ends of a Korean syllable that is written in parts belong to its beginning. */
const cluster = /\P{M}[\p{M}\u1160-\u11ff\uff9e\uff9f]*|\p{M}+/gu;
const partPattern = /[\p{Lu}]+(?![\p{Ll}])|[\p{Lu}]?[\p{Ll}\p{M}]+|[\p{Lo}\p{Lm}\p{Lt}]+|\p{N}+/gu;
const hasJoint = /[^\p{L}\p{M}\p{N}]|[\p{Ll}\p{N}]\p{Lu}|\p{L}\p{N}|\p{N}\p{L}|\p{Lu}\p{Lu}\p{Ll}/u;
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
    else if (isEmoji.test(word)) visit(emojiTerm(word), start, start + word.length);
    else tokenizeAnySpelling(word, start, visit);
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

/** Colours are no other word. */
const emojiTerm = (word: string): string => withoutVariation(word).replace(/(?<=.)\p{Emoji_Modifier}/gu, '');

function tokenizeAnySpelling(
  word: string,
  offset: number,
  visit: (term: string, start: number, end: number) => void,
): void {
  const plain = withoutVariation(composed(word));
  if (plain === word) {
    tokenizeMixed(word, offset, visit);
    return;
  }
  const places = placesOf(word, plain);
  tokenizeMixed(plain, 0, (term, start, end) => {
    const from = places?.starts[start] ?? 0;
    const to = places?.ends[end - 1] ?? word.length;
    visit(term, offset + from, offset + to);
  });
}

/** Where each unit of the plain spelling stands in the word; undefined when its letters cannot be told apart. */
function placesOf(word: string, plain: string): { starts: number[]; ends: number[] } | undefined {
  const starts: number[] = [];
  const ends: number[] = [];
  let joined = '';
  for (const match of word.matchAll(cluster)) {
    const letters = withoutVariation(composed(match[0]));
    for (let unit = 0; unit < letters.length; unit++) {
      starts.push(match.index);
      ends.push(match.index + match[0].length);
    }
    joined += letters;
  }
  return joined === plain ? { starts, ends } : undefined;
}

function tokenizeMixed(word: string, offset: number, visit: (term: string, start: number, end: number) => void): void {
  let last = 0;
  unspacedRun.lastIndex = 0;
  for (let match = unspacedRun.exec(word); match; match = unspacedRun.exec(word)) {
    if (match.index > last) tokenizeSpaced(word.slice(last, match.index), offset + last, visit);
    const letters = match[0];
    visitPairs(letters, offset + match.index, visit);
    last = match.index + letters.length;
  }
  if (last < word.length) tokenizeSpaced(word.slice(last), offset + last, visit);
}

/**
 * A part between two scripts has no joiners at its ends. A run that is too long for a word and has no ASCII is text of a
 * script that is not listed above.
 */
function tokenizeSpaced(piece: string, start: number, visit: (term: string, start: number, end: number) => void): void {
  const word = trimEndOf(piece, './\\:@#$-');
  const lead = /^[./\\:@#$-]*/.exec(word)?.[0].length ?? 0;
  const inner = word.slice(lead);
  if (inner === '') return;
  if (inner.length <= maxTokenLength || hasAscii.test(inner)) tokenizeWord(inner, start + lead, visit);
  else visitPairs(inner, start + lead, visit);
}

/** True for a single letter of a script without spaces, with its marks. */
export const isLoneLetter = (term: string): boolean => loneLetter.test(term);

/** Overlapping pairs of letters with their marks; a single letter stays. */
function visitPairs(letters: string, offset: number, visit: (term: string, start: number, end: number) => void): void {
  let before = -1;
  let end = 0;
  for (const match of letters.matchAll(letterWithMarks)) {
    const start = match.index;
    end = start + match[0].length;
    if (before >= 0) visitShort(letters, before, end, offset, visit);
    else if (end === letters.length) visitShort(letters, start, end, offset, visit);
    before = start;
  }
}

/** Marks without end are no letter that somebody types. */
function visitShort(
  letters: string,
  start: number,
  end: number,
  offset: number,
  visit: (term: string, start: number, end: number) => void,
): void {
  if (end - start <= maxTokenLength) visit(letters.slice(start, end).toLowerCase(), offset + start, offset + end);
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
