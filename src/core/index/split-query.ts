/** Splits a query into words, "phrases" and `name:value` filters, each with its position in the typed text. */
import { codeWordOf } from './code-words';
import { isCommandOption } from './command-options';

export const filterNames = ['project', 'type', 'tool', 'branch', 'file', 'tag', 'is', 'on', 'after', 'before'] as const;
export type FilterName = (typeof filterNames)[number];
export const dateFilters: ReadonlySet<FilterName> = new Set<FilterName>(['on', 'after', 'before']);

/** A range of the text, in UTF-16 units. */
interface Place {
  start: number;
  end: number;
}

export interface FilterValue extends Place {
  text: string;
}

interface PieceBase extends Place {
  isNegated: boolean;
  /** Position of a quote without an end. */
  openQuote?: number;
}

export interface WordPiece extends PieceBase {
  kind: 'word';
  /** As typed, including a leading dash. */
  text: string;
  /** Set for `name:value` when the name is not a filter. */
  name?: Place & { text: string };
}

interface PhrasePiece extends PieceBase {
  kind: 'phrase';
  text: string;
}

export interface FilterPiece extends PieceBase {
  kind: 'filter';
  name: FilterName;
  values: FilterValue[];
  /** Offset of the first value. */
  valuesAt: number;
}

export type Piece = WordPiece | PhrasePiece | FilterPiece;

const isFilterName = (name: string): name is FilterName => (filterNames as readonly string[]).includes(name);

/** The pieces in order, separated by spaces. Any text is accepted. */
export function splitQuery(text: string): Piece[] {
  const pieces: Piece[] = [];
  const spaces = /\s*/y;
  for (let at = 0; ;) {
    spaces.lastIndex = at;
    spaces.exec(text);
    at = spaces.lastIndex;
    if (at >= text.length) return settleDashes(pieces);
    const piece = readPhrase(text, at) ?? readFilter(text, at) ?? readWord(text, at);
    // Empty quotes search for nothing.
    if (piece.kind !== 'phrase' || piece.text.trim() !== '') pieces.push(piece);
    at = piece.end;
  }
}

/**
 * A dash excludes a word only after something that was asked for, and not where it is part of a command (`--force`,
 * `git commit -m`). All other words with a dash are words.
 */
function settleDashes(pieces: Piece[]): Piece[] {
  const before: string[] = [];
  let isAsked = false;
  for (const [index, piece] of pieces.entries()) {
    const next = pieces[index + 1];
    if (piece.kind === 'word' && piece.isNegated) {
      const text = piece.text.slice(1);
      piece.isNegated =
        isAsked &&
        /^[.@#_]?[\p{L}\p{N}]|^["\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(text) &&
        !isCommandOption({ text, before, next: next?.kind === 'word' ? next.text : undefined });
    } else if (piece.kind === 'phrase' && piece.isNegated) {
      piece.isNegated = isAsked || pieces.some((other) => !other.isNegated);
    }
    if (piece.kind !== 'filter') before.push(piece.text);
    isAsked ||=
      !piece.isNegated &&
      (piece.kind !== 'word' ||
        /[\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(piece.text) ||
        codeWordOf(piece.text) !== undefined);
  }
  return pieces;
}

function readPhrase(text: string, start: number): PhrasePiece | undefined {
  const match = matchAt(/(-?)"([^"]*)"/y, text, start);
  return (
    match && { kind: 'phrase', start, end: start + match[0].length, isNegated: match[1] === '-', text: match[2] ?? '' }
  );
}

function readFilter(text: string, start: number): FilterPiece | undefined {
  const match = matchAt(/(-?)([a-z]+):/iy, text, start);
  const name = match?.[2]?.toLowerCase() ?? '';
  if (!match || !isFilterName(name)) return undefined;
  const piece: FilterPiece = {
    kind: 'filter',
    start,
    end: start + match[0].length,
    isNegated: match[1] === '-',
    name,
    values: [],
    valuesAt: start + match[0].length,
  };
  for (;;) {
    const value = readValue(text, piece.end, name);
    if (value.openQuote !== undefined) piece.openQuote = value.openQuote;
    if (value.text !== '') piece.values.push({ text: value.text, start: piece.end, end: value.end });
    piece.end = value.end;
    if (text[piece.end] !== ',') return piece;
    piece.end++;
  }
}

function readValue(text: string, start: number, name: FilterName): { text: string; end: number; openQuote?: number } {
  const quoted = matchAt(/"([^"]*)"/y, text, start);
  if (quoted) return { text: quoted[1] ?? '', end: start + quoted[0].length };
  // Two words that form one date need no quotes.
  const pair = dateFilters.has(name)
    ? matchAt(/(?:last|this) (?:week|month|year|(?:sun|mon|tues|wednes|thurs|fri|satur)day)(?![^\s,])/iy, text, start)
    : undefined;
  const plain = pair ?? matchAt(/"?[^\s,"]*/y, text, start);
  const raw = plain?.[0] ?? '';
  return { text: raw.replace(/^"/, ''), end: start + raw.length, ...(raw.startsWith('"') && { openQuote: start }) };
}

function readWord(text: string, start: number): WordPiece {
  // Quotes after a name keep its words together, whatever the name is.
  const match = matchAt(/(-?)(?:([a-z]+):(?:"[^"]*"|\S+)|\S+)/iy, text, start);
  const raw = match?.[0] ?? text.slice(start, start + 1);
  const dash = match?.[1] ?? '';
  const name = match?.[2];
  const quote = /^-?"/.exec(raw);
  return {
    kind: 'word',
    start,
    end: start + raw.length,
    isNegated: dash === '-',
    text: raw,
    ...(name !== undefined && {
      name: { text: name, start: start + dash.length, end: start + dash.length + name.length },
    }),
    ...(quote && { openQuote: start + quote[0].length - 1 }),
  };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
