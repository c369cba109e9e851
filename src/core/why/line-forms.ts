/** In which form lines are compared: what a formatter changes does not count. */

/** Words that say nothing about which line it is, in many languages. */
const everyday = new Set(
  (
    'return if else elif try catch except finally const let var import from export default function func fn def async await ' +
    'new null nil none true false undefined err error self this class public private protected static void int string str ' +
    'bool boolean number end begin break continue pass for while in of do switch case package use using namespace struct ' +
    'type interface enum impl pub mut then fi done echo exit print throw raise throws final override not and or is as with ' +
    'yield lambda range len ok describe it test expect require module div span br main exception errors console log length ' +
    'push result value data args fmt object array'
  ).split(' '),
);

/** Letters of words of its own that a line needs to be told from others, and to be told alone. */
const telling = 6;
const strong = 14;

/** The line without spaces, commas, semicolons and brackets of calls; with one sort of quotes. */
export const formOf = (line: string): string => line.replace(/[\s,;()\\]+/g, '').replace(/['`]/g, '"');

/** How much a line says by itself. 0: nothing; 1: enough among its neighbours; 2: enough alone. */
export type Telling = 0 | 1 | 2;

const known = new Map<string, Telling>();
const maxKnown = 50_000;

export function tellingOf(line: string): Telling {
  const kept = known.get(line);
  if (kept !== undefined) return kept;
  const words = new Set((line.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !everyday.has(word.toLowerCase())));
  let letters = 0;
  for (const word of words) letters += Math.min(word.length, 12);
  const found = letters < telling ? 0 : letters >= strong && words.size > 1 ? 2 : 1;
  if (known.size >= maxKnown) known.clear();
  known.set(line, found);
  return found;
}

/** As stored in place of a secret. */
const mark = /\[REDACTED:[\w-]+(?::[\w-]+)?\]/;
export const isMarked = (line: string): boolean => line.includes('[REDACTED:');

/** Whether a line without its secrets is this one: all that stands around the marks stands there too, in order. */
export function isMasked(masked: string, line: string): boolean {
  const parts = masked.split(mark).map(formOf);
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  const form = formOf(line);
  if (parts.length < 2 || parts.join('').length < telling) return false;
  if (!form.startsWith(first) || !form.endsWith(last) || form.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = form.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= form.length - last.length;
}
