/** Cuts lines to a number of tokens. Both ends stay: a session ends with what came of it, an output with its error. */
import { wholeLetter } from '../../protocol/text';
import { tokensOfBytes } from '../../protocol/tokens';

/** Stands for lines that are left out. */
export const gap = '  […]';
/** Share of the room that the beginning gets. */
const headShare = 0.7;
const fits = (text: string, most: number): boolean => tokensOfBytes(Buffer.byteLength(text) + 1) <= most;

/** Whole lines where possible; the first one is cut within when there is no room for it. */
export function cutLines(text: string, most: number): string {
  if (fits(text, most)) return text;
  const lines = text.split('\n');
  let room = Math.floor(most * 3.5) - Buffer.byteLength(gap) - 2;
  const take = (order: readonly string[], share: number): string[] => {
    const taken: string[] = [];
    let left = share;
    for (const line of order) {
      const bytes = Buffer.byteLength(line) + 1;
      if (bytes > left) break;
      left -= bytes;
      room -= bytes;
      taken.push(line);
    }
    return taken;
  };
  const head = take(lines, room * headShare);
  if (head.length === 0) return `${firstBytes(lines[0] ?? '', room - 1)}…`;
  const tail = take(lines.slice(head.length).toReversed(), room).toReversed();
  return [...head, gap, ...tail].join('\n');
}

/** The beginning of a line with at most this many bytes. */
function firstBytes(line: string, most: number): string {
  let [low, high] = [0, Math.min(line.length, Math.max(0, most))];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (Buffer.byteLength(line.slice(0, middle)) <= most) low = middle;
    else high = middle - 1;
  }
  return line.slice(0, wholeLetter(line, low)).trimEnd();
}
