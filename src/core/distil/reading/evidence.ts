/** Words that stand in a row: what every claim rests on. */
import type { CallLine, SessionLine } from '../../store/tables/session-lines';
import type { LineQuote, QuotedClaim } from '../../store/tables/summaries';

/** Longest quote and longest sentence, in letters. */
export const maxQuote = 300;
export const maxSentence = 240;

/** The beginning of a text, no letter cut in half. */
export function firstLetters(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, /[\uD800-\uDBFF]/.test(text.charAt(most - 1)) ? most - 1 : most);
}

/** One line of plain words, with an ellipsis when it had to be cut. */
export function oneLine(text: string, most = maxSentence): string {
  const line = text
    .replace(/`+|\*\*/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (line.length <= most) return line;
  const cut = firstLetters(line, most - 1);
  const space = cut.lastIndexOf(' ');
  return `${(space > most * 0.7 ? cut.slice(0, space) : cut).replace(/[\s,;:([{“"'-]+$/, '')}…`;
}

/** A quote of a row; what is longer than a quote may be is quoted by its beginning. */
export function quoteFrom({ uid, turn, at }: SessionLine, words: string): LineQuote {
  return { uid, turn, at, quote: firstLetters(words.trim(), maxQuote).trimEnd() };
}

export function claimFrom(line: SessionLine, text: string, words: string): QuotedClaim {
  return { text: oneLine(text), evidence: [quoteFrom(line, words)] };
}

/** True when these words stand literally in one of the row's texts. */
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

/** Length as a reader feels it: a Chinese character says as much as a few letters. */
export const weigh = (text: string): number =>
  text.length + 2 * (text.match(/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/g)?.length ?? 0);
