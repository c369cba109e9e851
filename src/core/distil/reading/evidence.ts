/** Quotes of rows, on which every claim rests. */
import { firstLetters, shortenAtWord } from '../../../protocol/text';
import type { CallLine, SessionLine } from '../../store/tables/session-lines';
import type { LineQuote, QuotedClaim } from '../../store/tables/summaries';

/** Longest quote and longest sentence in letters. */
export const maxQuote = 300;
export const maxSentence = 240;

/** A sentence of a summary as one plain line. */
export const sentenceOf = (text: string, most = maxSentence): string =>
  shortenAtWord(text.replace(/`+|\*\*/g, ''), most);

/** A quote of a row; too long a quote is cut to its beginning. */
export function quoteFrom({ uid, turn, at }: SessionLine, words: string): LineQuote {
  return { uid, turn, at, quote: firstLetters(words.trim(), maxQuote).trimEnd() };
}

export function claimFrom(line: SessionLine, text: string, words: string): QuotedClaim {
  return { text: sentenceOf(text), evidence: [quoteFrom(line, words)] };
}

/** True when one of the row's texts contains these words literally. */
export function standsIn(line: SessionLine, quote: string): boolean {
  if (quote === '') return false;
  return line.kind === 'said' ? line.text.includes(quote) : [...textsOf(line)].some((text) => text.includes(quote));
}

function* textsOf(line: CallLine): Generator<string> {
  yield line.headline;
  yield line.input;
  yield line.output;
  yield* line.files;
  for (const { file, before, after } of line.diffs) {
    yield file;
    yield before;
    yield after;
  }
}

/** Length as a reader perceives it: a Chinese character counts like several letters. */
export const weigh = (text: string): number =>
  text.length + 2 * (text.match(/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/g)?.length ?? 0);
