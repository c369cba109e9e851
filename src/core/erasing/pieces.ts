/**
 * Pieces of texts, by which it is seen later whether one of them is left: stretches of a text, and ends of its long words
 * as the index has them. Only marks of them are kept.
 */
import { indexText, jointLetter } from '../index/tokenize';
import { pieceLengths } from '../lib/byte-finder';

const [stretch, wordEnd] = pieceLengths;
/** More of one row proves nothing more; a database breaks a long text at the ends of its pages. */
const mostStretches = 8;
const mostWords = 6;
const bytesApart = 48;
/** A line of dashes or blanks stands anywhere. */
const leastLetters = 5;
/** Longest text of which words are taken. */
const maxWordText = 64 * 1024;

/** Bytes that have another form within JSON, or none. */
const isPlain = (byte: number): boolean => byte >= 0x20 && byte !== 0x22 && byte !== 0x5c && byte !== 0x7f;

/** Pieces of the texts of one row, at most `most`. */
export function piecesOf(texts: readonly string[], most: number): Uint8Array[] {
  const pieces = new Map<string, Uint8Array>();
  for (const text of texts) {
    const bytes = Buffer.from(text);
    const steps = Math.min(mostStretches, Math.max(1, Math.ceil(bytes.length / bytesApart)));
    for (let step = 0; step < steps; step++) {
      const piece = stretchFrom(bytes, Math.floor((step * bytes.length) / steps));
      if (piece) pieces.set(piece.toString('latin1'), piece);
    }
    for (const word of longWords(text)) pieces.set(word.toString('latin1'), word);
  }
  const all = [...pieces.values()];
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, at) => all[Math.floor((at * all.length) / most)]!);
}

/** The first stretch at or behind `from` that reads the same wherever it is written. */
function stretchFrom(bytes: Buffer, from: number): Buffer | undefined {
  let start = from;
  for (let at = from; at < bytes.length; at++) {
    if (!isPlain(bytes[at]!)) start = at + 1;
    else if (at + 1 - start >= stretch) {
      const piece = bytes.subarray(start, at + 1);
      if (new Set(piece).size >= leastLetters) return piece;
      start++;
    }
  }
  return undefined;
}

function longWords(text: string): Buffer[] {
  const read = text.slice(0, maxWordText);
  const written = read.toLowerCase();
  const words = new Set(indexText(read).split(' '));
  return (
    [...words]
      // A stem that is not written so ("quarri") stands in the index for other words too, whose texts do not have it.
      .filter((word) => word.length >= wordEnd && !word.includes(jointLetter) && written.includes(word))
      .toSorted((one, other) => other.length - one.length)
      .slice(0, mostWords)
      .map((word) => Buffer.from(word))
      .map((bytes) => bytes.subarray(bytes.length - wordEnd))
  );
}
