/**
 * One line of a transcript as the rules for secrets must see it: with its JSON strings decoded, each on a line of its own, and
 * as it must be kept: what is found goes out of the strings it stands in, and every other byte stays. Works on half lines and
 * several objects in one line too, since it only looks for strings, never for a whole document.
 */
import type { Finding } from './secret-rules';

interface Piece {
  /** A JSON string, or what stands between two. */
  isString: boolean;
  /** As it stands in the line; a string without its quotes. */
  raw: string;
  /** As the rules see it: a string decoded. */
  text: string;
  isChanged: boolean;
}

interface Cut {
  start: number;
  end: number;
  by: string;
}

const jsonNumber = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** Put around a string in the view: its own quotes, so that `"password": "…"` is still known, and a line break, where rules that read to the end of a line stop. */
const opening = '"';
const closing = '"\n';

export class LineView {
  readonly #pieces: Piece[];

  constructor(line: string) {
    this.#pieces = splitStrings(line);
  }

  /** What the rules look at. */
  get view(): string {
    return this.#pieces.map(({ isString, text }) => (isString ? opening + text + closing : text)).join('');
  }

  /** Strings of at least this many letters. */
  *longStrings(least: number): Generator<string> {
    for (const { isString, text } of this.#pieces) if (isString && text.length >= least) yield text;
  }

  /** Changes every string; `change` answers the same text to leave it. The number of strings changed. */
  changeStrings(change: (text: string) => string): number {
    let count = 0;
    for (const piece of this.#pieces) {
      if (!piece.isString) continue;
      const text = change(piece.text);
      if (text === piece.text) continue;
      Object.assign(piece, { text, isChanged: true });
      count++;
    }
    return count;
  }

  /** Takes out what was found, ranges in `view`, sorted and apart from each other. A range over several strings leaves its mark in the first. */
  replace(findings: readonly Finding[], mark: (finding: Finding, secret: string) => string): void {
    const view = this.view;
    let next = 0;
    let at = 0;
    const isMarked = new Set<Finding>();
    for (const piece of this.#pieces) {
      const start = at + (piece.isString ? opening.length : 0);
      const end = start + piece.text.length;
      at = piece.isString ? end + closing.length : end;
      while (next < findings.length && (findings[next] as Finding).end <= start) next++;
      const cuts: Cut[] = [];
      for (let index = next; index < findings.length; index++) {
        const finding = findings[index] as Finding;
        if (finding.start >= end) break;
        const range = { start: Math.max(finding.start, start) - start, end: Math.min(finding.end, end) - start };
        // Brackets and commas between two strings are nobody's secret.
        if (!piece.isString && !/[\w]/.test(piece.text.slice(range.start, range.end))) continue;
        const by = isMarked.has(finding) ? '' : mark(finding, finding.end <= end ? view.slice(Math.max(finding.start, start), finding.end) : view.slice(finding.start, finding.end));
        isMarked.add(finding);
        cuts.push(piece.isString ? { ...range, by } : cutLiteral(piece.text, range, by));
      }
      if (cuts.length > 0) Object.assign(piece, { text: cut(piece.text, cuts), isChanged: true });
    }
  }

  toText(): string {
    return this.#pieces.map(({ isString, isChanged, raw, text }) => (isString ? (isChanged ? JSON.stringify(text) : `"${raw}"`) : isChanged ? text : raw)).join('');
  }
}

/** A number in JSON becomes a string, or the line could not be read any more. */
function cutLiteral(text: string, { start, end }: { start: number; end: number }, by: string): Cut {
  let from = start;
  let to = end;
  while (from > 0 && /[\w.+-]/.test(text.charAt(from - 1))) from--;
  while (to < text.length && /[\w.+-]/.test(text.charAt(to))) to++;
  return jsonNumber.test(text.slice(from, to)) ? { start: from, end: to, by: JSON.stringify(by) } : { start, end, by };
}

function cut(text: string, cuts: readonly Cut[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, by } of cuts) {
    if (end <= at) continue;
    result += text.slice(at, Math.max(at, start)) + by;
    at = end;
  }
  return result + text.slice(at);
}

function splitStrings(line: string): Piece[] {
  const pieces: Piece[] = [];
  const between = (raw: string) => {
    if (raw !== '') pieces.push({ isString: false, raw, text: raw, isChanged: false });
  };
  let at = 0;
  for (;;) {
    const open = line.indexOf('"', at);
    const close = open < 0 ? -1 : endOfString(line, open + 1);
    // A string that never ends is text like any other.
    if (close < 0) {
      between(line.slice(at));
      return pieces;
    }
    between(line.slice(at, open));
    const raw = line.slice(open + 1, close);
    pieces.push({ isString: true, raw, text: decode(raw), isChanged: false });
    at = close + 1;
  }
}

/** The next quote that no backslash escapes. */
function endOfString(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 1)) {
    let slashes = 0;
    while (at - 1 - slashes >= from && line.charCodeAt(at - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

function decode(raw: string): string {
  if (!raw.includes('\\')) return raw;
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    // No string of JSON's: looked at as it is.
    return raw;
  }
}
