/** What is known of a file, in the order of time: edits, and what was read of it. */
import type { ReadCall, SessionTime } from '../store/tables/file-evidence';
import type { MadeChange } from './changes';
import type { Change } from './replay';

export interface Evidence extends Change, SessionTime {
  /** The edit; absent for a reading. */
  made?: MadeChange;
}

/** A client reads so many lines when it is not told how many. */
const usualLines = 2000;
/** Longer lines are cut by the client. */
const maxLine = 2000;

export function evidenceOf(changes: readonly MadeChange[], reads: readonly ReadCall[]): Evidence[] {
  const edits = changes.map((made): Evidence => {
    const { session, turn, sequence, at } = made.call;
    const { before, after, reach, isNew } = made;
    return { before, after, reach, isNew, session, turn, sequence, at, made };
  });
  // Edits of one call keep their order.
  return [...edits, ...reads.flatMap(seenOf)].sort(
    (a, b) => a.at - b.at || a.session - b.session || a.sequence - b.sequence,
  );
}

function seenOf({ input, output, session, turn, sequence, at }: ReadCall): Evidence[] {
  const read = numberedLines(output);
  if (!read || read.lines.some((line) => line.length >= maxLine)) return [];
  const { first, lines } = read;
  const asked = /^limit: (\d+)$/m.exec(input)?.[1];
  const isEnd = lines.length < (asked === undefined ? usualLines : Number(asked));
  const window = { first: first - 1, isEnd };
  return [{ before: '', after: lines.join('\n'), reach: 'seen', isNew: false, window, session, turn, sequence, at }];
}

/** Lines as the client numbers them; what stands behind the last is a word of the client's. */
function numberedLines(output: string): { first: number; lines: string[] } | undefined {
  const lines: string[] = [];
  let first = 0;
  for (const line of output.split('\n')) {
    const match = /^ {0,9}(\d{1,9})[→\t](.*)$/.exec(line);
    if (!match) break;
    const number = Number(match[1]);
    if (lines.length === 0) first = number;
    // A line of the file that looks numbered itself.
    else if (number !== first + lines.length) break;
    lines.push(match[2] ?? '');
  }
  return lines.length > 0 && first > 0 ? { first, lines } : undefined;
}
