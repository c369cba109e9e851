/**
 * One line of a transcript in two forms: the view for the rules, with JSON strings decoded, each on a line of its own;
 * and the line itself, in which findings are replaced inside their strings while every other byte stays. Only strings
 * are recognised, so incomplete lines and several objects in one line work too.
 */
import { invisible } from './clean';
import type { Finding } from './secrets/finding';

interface Piece {
  /** A JSON string, or the text between two strings. */
  isString: boolean;
  /** As in the line; a string without its quotes. */
  raw: string;
  /** As the rules see it; a string is decoded. */
  text: string;
  isChanged: boolean;
}

interface Cut {
  start: number;
  end: number;
  by: string;
}

/** A range of the view and the positions of its letters in its piece. */
interface Window {
  piece: Piece;
  /** Offset in the view. */
  start: number;
  text: string;
  /** Offset in the piece of each letter and of the end; absent when they are equal. */
  places?: Uint32Array;
}

const jsonNumber = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/**
 * Whether a text is JSON syntax between strings, which is never a part of a secret that spans several of them. Values are
 * separated: where they need not be, a run of digits could be read in exponentially many ways.
 */
export const isOnlyJson = (text: string): boolean =>
  /^[\s,:[\]{}]*(?:(?:-?\d[\d.eE+-]*|true|false|null)(?:[\s,:[\]{}]+|$))*$/.test(text);
/**
 * Added around each string in the view: quotes, so that `"password": "…"` is recognised, and a line break, because some
 * rules read to the end of a line. A text of several lines or columns is no value of a name; its quotes stand on lines of
 * their own, so that its first and last line are read as they are in a file.
 */
const quotes = { opening: '"', closing: '"\n' };
const blockQuotes = { opening: '"\n', closing: '\n"\n' };
const isBlock = (text: string): boolean => /[\n\t]/.test(text);
/** A sentence is shown again without quotes, because rules for prose begin at the beginning of a line. */
const isSentence = (text: string): boolean => text.length <= maxSentence && text.includes(' ') && !isBlock(text);
const maxSentence = 1000;

export class LineView {
  readonly #pieces: Piece[];

  constructor(line: string) {
    this.#pieces = splitStrings(line);
  }

  /** The text for the rules: every string decoded, and again without colour codes, which may interrupt a key. */
  get view(): string {
    return this.#build().view;
  }

  /** Strings of at least `least` letters. */
  *longStrings(least: number): Generator<string> {
    for (const { isString, text } of this.#pieces) if (isString && text.length >= least) yield text;
  }

  /** Replaces strings by what `change` returns; returns the number of strings that changed. */
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

  /**
   * Replaces findings, given as sorted ranges of `view` that do not overlap. A finding that spans several strings
   * leaves its mark in the first. Returns the number of marks: what the view shows twice is found twice.
   */
  replace(findings: readonly Finding[], mark: (finding: Finding, secret: string) => string): number {
    const { view, windows } = this.#build();
    const cuts = new Map<Piece, Cut[]>();
    const isMarked = new Set<Finding>();
    let next = 0;
    for (const { piece, start, text, places } of windows) {
      const end = start + text.length;
      while (next < findings.length && (findings[next] as Finding).end <= start) next++;
      for (let index = next; index < findings.length; index++) {
        const finding = findings[index] as Finding;
        if (finding.start >= end) break;
        const range = { start: Math.max(finding.start, start) - start, end: Math.min(finding.end, end) - start };
        const isInside = finding.start >= start && finding.end <= end;
        if (!piece.isString && !isInside && isOnlyJson(text.slice(range.start, range.end))) continue;
        const by = isMarked.has(finding)
          ? ''
          : mark(
              finding,
              view.slice(finding.start, isInside ? finding.end : Math.max(finding.start, Math.min(finding.end, end))),
            );
        isMarked.add(finding);
        const inPiece = places ? { start: places[range.start] ?? 0, end: (places[range.end - 1] ?? 0) + 1 } : range;
        const list = cuts.get(piece) ?? [];
        list.push(piece.isString ? { ...inPiece, by } : cutLiteral(piece.text, inPiece, by));
        cuts.set(piece, list);
      }
    }
    let marks = 0;
    for (const [piece, list] of cuts) {
      Object.assign(piece, { text: cut(piece.text, list), isChanged: true });
      marks += new Set(list.filter(({ by }) => by !== '').map(({ start }) => start)).size;
    }
    return marks;
  }

  /** @param isLatin1 the bytes are not UTF-8, so all other letters are written as escapes */
  toText(isLatin1 = false): string {
    const quote = (text: string) =>
      isLatin1
        ? JSON.stringify(text).replace(
            /[\u0100-\uFFFF]/g,
            (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
          )
        : JSON.stringify(text);
    return this.#pieces
      .map(({ isString, isChanged, raw, text }) =>
        isString ? (isChanged ? quote(text) : `"${raw}"`) : isChanged ? text : raw,
      )
      .join('');
  }

  #build(): { view: string; windows: Window[] } {
    const windows: Window[] = [];
    let view = '';
    const show = (piece: Piece, text: string, places?: Uint32Array) => {
      const isQuoted = piece.isString || places !== undefined;
      const { opening, closing } = isBlock(text) ? blockQuotes : quotes;
      if (isQuoted) view += opening;
      windows.push({ piece, start: view.length, text, ...(places && { places }) });
      view += text;
      if (isQuoted) view += closing;
    };
    for (const piece of this.#pieces) {
      show(piece, piece.text);
      if (piece.isString && isSentence(piece.text)) {
        windows.push({ piece, start: view.length, text: piece.text });
        view += `${piece.text}\n`;
      }
      const plain = withoutInvisible(piece.text);
      if (plain) show(piece, plain.text, plain.places);
    }
    return { view, windows };
  }
}

/** The text without invisible characters and the offset of each letter; undefined when it has none. */
function withoutInvisible(text: string): { text: string; places: Uint32Array } | undefined {
  if (text.search(invisible) < 0) return undefined;
  const places = new Uint32Array(text.length);
  let plain = '';
  let at = 0;
  const keep = (to: number) => {
    for (let index = at; index < to; index++) places[plain.length + index - at] = index;
    plain += text.slice(at, to);
  };
  for (const match of text.matchAll(invisible)) {
    keep(match.index);
    at = match.index + match[0].length;
  }
  keep(text.length);
  return { text: plain, places };
}

/** A secret that is a number is replaced by a quoted string, so that the line stays valid JSON. */
function cutLiteral(text: string, { start, end }: { start: number; end: number }, by: string): Cut {
  let from = start;
  let to = end;
  while (from > 0 && /[\w.+-]/.test(text.charAt(from - 1))) from--;
  while (to < text.length && /[\w.+-]/.test(text.charAt(to))) to++;
  return jsonNumber.test(text.slice(from, to)) ? { start: from, end: to, by: JSON.stringify(by) } : { start, end, by };
}

/** A secret found with and without colour codes gives two equal cuts, but leaves one mark. */
function cut(text: string, cuts: readonly Cut[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, by } of [...cuts].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (end <= at) continue;
    result += start >= at ? text.slice(at, start) + by : '';
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
    // A string without an end is treated as plain text.
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

/** Offset of the next quote without a backslash before it. */
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
    // Not a valid JSON string: searched as it is.
    return raw;
  }
}
