/** Values that a name before them gives away. */
import type { Finding } from './finding';
import { accentedWord, classOfName, nativeWord, tellingWord } from './names';
import { Reader } from './reader';
import { ways } from './ways';

const hasAccent = /[\u00C0-\u024F]/;
const hasNative = /[\u0400-\uFFFF]/;
const maxName = 80;
/** As much of the line before a name as its ways look at. */
const maxBefore = 200;
/** Before `pass`, which is a verb behind other words. */
const ownerOfPass =
  /^(?:user|default|admin|root|db|database|login|ftp|smtp|mail|wifi|redis|mysql|postgres|rabbitmq|mongo)$/i;
/** Behind a name in code no value follows these. */
const isEndOfCode = /^(?:[).}?!&+/%]|;\s)/;
/** Where the value stands before its name, or in another bracket. */
const isSentence = /\buse\s|\binsert\s/i;
const nameRest = /[\w.$\p{Ll}-]{0,80}/uy;

export function findNamedValues(text: string): Finding[] {
  const reader = new Reader(text);
  const accented = hasAccent.test(text) ? [accentedWord] : [];
  for (const words of [tellingWord, ...accented, ...(hasNative.test(text) ? [nativeWord] : [])]) {
    words.lastIndex = 0;
    for (let match = words.exec(text); match; match = words.exec(text)) {
      const end = readName(reader, match.index, match[0]);
      words.lastIndex = Math.max(end, words.lastIndex);
    }
  }
  return reader.found;
}

/** Reads what follows the name with a telling word in it; returns where the search goes on. */
function readName(reader: Reader, index: number, word: string): number {
  const { text } = reader;
  const isNative = (word.codePointAt(0) ?? 0) > 0x2e80;
  let end = index + word.length;
  const least = end;
  if (!isNative && reader.isBehind(nameRest, end)) end = reader.at;
  while (end > least && /[.$-]/.test(text.charAt(end - 1))) end--;
  // `secret key base`
  if (text.startsWith(' base', end)) end += 5;
  const start = isNative ? index : startOfName(text, index);
  // In an address `key` alone says enough.
  const name = /[?&]/.test(text.charAt(start - 1))
    ? text.slice(start - 1, end)
    : withWordBefore(text, text.slice(start, end), start);
  const nameClass = classOfName(name);
  if (!nameClass || isVerb(text, name, end)) return end;
  const before = text.slice(Math.max(0, start - maxBefore), start);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  if (isEndOfCode.test(text.slice(end, end + 2)) && !isSentence.test(line)) return end;
  const place = { named: { name, start, nameClass }, end, line, isNative };
  ways.some((way) => way(reader, place));
  return end;
}

function startOfName(text: string, index: number): number {
  let start = index;
  while (start > 0 && index - start < maxName && /[\w.$-]/.test(text.charAt(start - 1))) start--;
  return start;
}

/** `API key` and `secret access key` are names of two words. */
function withWordBefore(text: string, name: string, start: number): string {
  if (!/^(?:key|token|code|phrase|pass)s?$/i.test(name) || text.charAt(start - 1) !== ' ') return name;
  let from = start - 1;
  while (from > 0 && start - from < 20 && /[A-Za-z]/.test(text.charAt(from - 1))) from--;
  const word = text.slice(from, start - 1);
  return /^pass$/i.test(name) && !ownerOfPass.test(word) ? name : `${word}_${name}`;
}

/** `pass` alone is a verb too, and the word of tests that went well. */
const isVerb = (text: string, name: string, end: number): boolean =>
  /(?:^|\.)pass$/i.test(name) &&
  !/[/-]$/.test(text.slice(Math.max(0, end - name.length - 1), end - name.length)) &&
  !/^(?:\s{0,3}=|\\*["'`]\s{0,3}[:=,])/.test(text.slice(end, end + 8));
