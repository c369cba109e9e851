/** Splits a text into pieces that a small model can read whole, cut at paragraphs, sentences or words. */
import { wholeLetter } from '../../protocol/text';

/** Letters of a piece: about 200 words, the length that models of this size were trained on. */
const maxPieceLength = 1000;
/** The first pages usually say what a text is about; later ones seldom do. */
const maxPieces = 4;
/** A Chinese or Japanese letter takes the tokens of several Latin ones. */
const wideLetter = /[\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFF00-\uFFEF]/g;
const wideWeight = 4;
/** Shorter texts are not embedded. */
const shortest = 2;

/** At most four pieces in order; none for a text that is too short. The same text always gives the same pieces. */
export function chunksOf(text: string): string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (rest !== '' && pieces.length < maxPieces) {
    const most = lettersThatFit(rest);
    const end = rest.length <= most ? rest.length : cutBefore(rest, most);
    const piece = rest.slice(0, end).trim();
    if (piece.length >= shortest && /[\p{L}\p{N}]/u.test(piece)) pieces.push(piece);
    rest = rest.slice(end).trimStart();
  }
  return pieces;
}

function lettersThatFit(text: string): number {
  const head = text.slice(0, maxPieceLength);
  const wide = (head.match(wideLetter) ?? []).length;
  return Math.floor(maxPieceLength / (1 + ((wideWeight - 1) * wide) / Math.max(1, head.length)));
}

/**
 * The last end of a paragraph, a sentence or a word in the second half of the piece; else exactly `most`, but not
 * inside a surrogate pair.
 */
function cutBefore(text: string, most: number): number {
  const head = text.slice(0, most);
  for (const pattern of [/\n\s*\n/g, /[.!?](?=\s)|[。！？]|\n/g, /\s/g]) {
    const last = [...head.matchAll(pattern)].at(-1);
    if (last && last.index + last[0].length > most / 2) return last.index + last[0].length;
  }
  return wholeLetter(text, most);
}
