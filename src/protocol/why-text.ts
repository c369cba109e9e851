/** Which part of a document is sent with the question why lines of it are as they are. */
import { MemoryError } from './errors';
import { maxWhyLines, maxWhyText } from './why-limits';

/** Lines from 0, both included. */
export interface LineRange {
  from: number;
  to: number;
}

/**
 * The lines `from` to `to` (from 0) with as many lines around them as may be sent. Undefined when the lines alone are too
 * long.
 */
export function textAround(
  lines: readonly string[],
  from: number,
  to: number,
  most = maxWhyText,
): { text: string; firstLine: number } | undefined {
  let [first, last] = [Math.max(0, from), Math.min(lines.length - 1, to)];
  let left = most;
  for (let at = first; at <= last; at++) left -= lines[at]!.length + 1;
  if (left < 0) return undefined;
  for (let isGrowing = true; isGrowing;) {
    isGrowing = false;
    for (const next of [first - 1, last + 1]) {
      const line = lines[next];
      if (line === undefined || line.length + 1 > left) continue;
      left -= line.length + 1;
      if (next < first) first = next;
      else last = next;
      isGrowing = true;
    }
  }
  return { text: lines.slice(first, last + 1).join('\n'), firstLine: first };
}

/** `src/cart.ts:12`, `src/cart.ts:12-20` or `src/cart.ts:12:3`: a file and lines of it, which are counted from 1. */
export function placeIn(place: string): { file: string; lines?: LineRange } {
  const match = /:([1-9]\d{0,7})(?:-([1-9]\d{0,7})|:\d{1,7})?$/.exec(place);
  const file = place.slice(0, match?.index);
  if (!match || file === '' || file.endsWith(':')) return { file: place };
  const from = Number(match[1]) - 1;
  return { file, lines: { from, to: Math.max(from, Number(match[2] ?? match[1]) - 1) } };
}

/**
 * What is asked about lines of a file on the disk.
 *
 * @param text undefined when it cannot be read
 * @throws MemoryError `not_found`, `invalid_input` when there are no such lines, or too many
 */
export function whyQueryOf(
  file: string,
  text: string | undefined,
  from: number,
  to: number,
): { file: string; text: string; firstLine: number; from: number; to: number } {
  if (text === undefined)
    throw new MemoryError('not_found', `${file.slice(-200)} cannot be read, so it has no line ${from + 1} now.`);
  const lines = text.split(/\r?\n/);
  if (from >= lines.length) throw new MemoryError('invalid_input', `${file.slice(-200)} has no line ${from + 1}.`);
  const last = Math.min(to, lines.length - 1);
  if (lines.slice(from, last + 1).every((line) => line.trim() === ''))
    throw new MemoryError('invalid_input', `Line ${from + 1} is empty. Name a line with some text.`);
  const part = last - from < maxWhyLines ? textAround(lines, from, last) : undefined;
  if (!part) throw new MemoryError('invalid_input', `At most ${maxWhyLines} lines can be asked about.`);
  return { file, ...part, from, to: last };
}
