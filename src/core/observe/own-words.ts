/** Finds a person's own words in texts: whole words, whatever their case and however Unicode spells them. */
import { regex } from '../lib/regex';
import { foldLetters } from '../lib/text';
import type { Finding } from './secrets/finding';

/** A folded text, and where each of its letters stands in the text; absent when they are equal. */
interface Folded {
  text: string;
  places?: Uint32Array;
}

// oxlint-disable-next-line no-control-regex -- all of ASCII
const ascii = /^[\x00-\x7f]*$/;
/** A letter with what belongs to it: accents, and the parts of a Korean syllable. */
const cluster = regex('g')`[\u1100-\u115f][\u1160-\u11ff]*
    |[^][\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u3099\u309a\u1ab0-\u1aff\u20d0-\u20f0\udc00-\udfff]*`;
/** Scripts that put no blanks between words: the end of a word is seen nowhere. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const letter = /[\p{L}\p{N}\p{M}]/u;

export type FindWords = (text: string) => Finding[];

export function createWordFinder(words: readonly string[]): FindWords {
  const folded = [...new Set(words.map((word) => foldLetters(word).trim()).filter((word) => word !== ''))];
  if (folded.length === 0) return () => [];
  const singles = folded.filter((word) => !/\s/.test(word));
  const phrases = folded
    .filter((word) => /\s/.test(word))
    .map((word) => new RegExp(word.split(/\s+/).map(escapeSigns).join('\\s{1,20}'), 'g'));
  const findIn = (text: string, { text: read, places }: Folded): Finding[] => {
    const found: Finding[] = [];
    const add = (start: number, end: number) => {
      if (!isWhole(read, start, end)) return;
      found.push({
        kind: 'own-word',
        start: places ? (places[start] ?? 0) : start,
        end: places ? (places[end] ?? text.length) : end,
      });
    };
    for (const word of singles)
      for (let at = read.indexOf(word); at >= 0; at = read.indexOf(word, at + 1)) add(at, at + word.length);
    for (const phrase of phrases)
      for (const { 0: value, index } of read.matchAll(phrase)) add(index, index + value.length);
    return found;
  };
  return (text) => {
    const quick = quickFold(text);
    if (quick === undefined) return findIn(text, slowFold(text));
    const found = findIn(text, { text: quick });
    // One letter may have become longer by folding and another one shorter: then the places are those of other letters.
    const isRight = found.every(({ start, end }) => foldLetters(text.slice(start, end)) === quick.slice(start, end));
    return isRight ? found : findIn(text, slowFold(text));
  };
}

const escapeSigns = (word: string): string => word.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);

/** No letter goes on at either end, unless its script has no blanks. */
function isWhole(text: string, start: number, end: number): boolean {
  const isOpen = (inside: string, outside: string) =>
    outside === '' || !letter.test(inside) || !letter.test(outside) || unspaced.test(inside) || unspaced.test(outside);
  const before = letterBefore(text, start);
  // A literal `\n` in code ends with a letter that belongs to the sign before it.
  const isEscaped = /[nrt]/.test(before) && text[start - 2] === '\\';
  return (isEscaped || isOpen(letterAt(text, start), before)) && isOpen(letterBefore(text, end), letterAt(text, end));
}

const letterAt = (text: string, at: number): string =>
  at < text.length ? String.fromCodePoint(text.codePointAt(at) ?? 0) : '';

function letterBefore(text: string, at: number): string {
  if (at <= 0) return '';
  const isPair = at > 1 && /[\udc00-\udfff]/.test(text.charAt(at - 1));
  return text.slice(isPair ? at - 2 : at - 1, at);
}

/** Undefined when folding moves letters. */
function quickFold(text: string): string | undefined {
  if (ascii.test(text)) return text.toLowerCase();
  const folded = foldLetters(text);
  return folded.length === text.length ? folded : undefined;
}

function slowFold(text: string): Folded {
  let folded = '';
  const places: number[] = [];
  for (const { 0: letters, index } of text.matchAll(cluster)) {
    const part = foldLetters(letters);
    for (let at = 0; at < part.length; at++) places.push(index);
    folded += part;
  }
  places.push(text.length);
  return { text: folded, places: Uint32Array.from(places) };
}
