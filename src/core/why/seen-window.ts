/** Pieces of a file of which a reading told at which line they begin, joined to what is known already. */
import type { KnownLine } from './replay';

type Lines = readonly KnownLine[];

/** At which line pieces begin, from 0, while that is known. */
export class Places {
  #first = new WeakMap<Lines, number>();
  readonly #ends = new WeakSet<Lines>();

  of(chunk: Lines): number | undefined {
    return this.#first.get(chunk);
  }

  isEnd(chunk: Lines): boolean {
    return this.#ends.has(chunk);
  }

  set(chunk: Lines, first: number, isEnd: boolean): void {
    this.#first.set(chunk, first);
    if (isEnd) this.#ends.add(chunk);
  }

  /** Lines were put in somewhere, and it is not known before or behind which pieces. */
  forget(): void {
    this.#first = new WeakMap();
  }

  /** A piece grew: those behind it begin later. */
  shift(chunk: Lines, chunks: readonly Lines[], by: number): void {
    const own = this.of(chunk);
    if (by === 0) return;
    if (own === undefined) {
      if (chunks.length > 1) this.forget();
      return;
    }
    for (const other of chunks) {
      const first = this.of(other);
      if (first !== undefined && first > own) this.#first.set(other, first + by);
    }
  }
}

interface Window {
  lines: KnownLine[];
  first: number;
  isEnd: boolean;
}

/** Lines at the edges of a window by which it is found in a piece that was changed since. */
const edge = 3;

/** The pieces with what was read, joined where they touch. A piece that the reading contradicts goes, as far as that. */
export function withWindow(
  chunks: readonly KnownLine[][],
  places: Places,
  window: Window,
): { chunks: KnownLine[][]; isWhole: boolean; hasChanged: boolean } {
  let { lines, first, isEnd } = window;
  let hasChanged = false;
  const rest: KnownLine[][] = [];
  const text = `\n${textOf(lines)}\n`;
  for (const chunk of chunks) {
    const at = places.of(chunk);
    if (at === undefined) {
      if (!text.includes(`\n${textOf(chunk)}\n`)) rest.push(chunk);
      continue;
    }
    if (at > first + lines.length || at + chunk.length < first) {
      rest.push(chunk);
      continue;
    }
    const [from, to] = [first - at, first + lines.length - at];
    const isSame = chunk.slice(Math.max(0, from), Math.max(0, to)).every((line, index) => {
      const other = lines[index + Math.max(0, -from)];
      return other === undefined || other.text === line.text;
    });
    const [head, tail] = isSame
      ? [chunk.slice(0, Math.max(0, from)), chunk.slice(Math.max(0, to))]
      : aroundWindow(chunk, lines);
    if (!isSame) hasChanged = true;
    isEnd ||= places.isEnd(chunk) && (tail.length > 0 || at + chunk.length === first + lines.length);
    if (head.length > 0) first = isSame ? at : first - head.length;
    lines = [...head, ...lines, ...tail];
  }
  const isWhole = first === 0 && isEnd;
  const joined = lines;
  places.set(joined, first, isEnd);
  if (isWhole) return { chunks: [joined], isWhole, hasChanged };
  const order = (chunk: Lines) => places.of(chunk) ?? Number.MAX_SAFE_INTEGER;
  return { chunks: [...rest, joined].sort((a, b) => order(a) - order(b)), isWhole, hasChanged };
}

/** What of a piece stands before and behind a window that shows it changed. Nothing where its edges are not found once. */
function aroundWindow(chunk: readonly KnownLine[], lines: readonly KnownLine[]): [KnownLine[], KnownLine[]] {
  if (lines.length < 2 * edge) return [[], []];
  const top = placeOf(chunk, lines.slice(0, edge));
  const bottom = placeOf(chunk, lines.slice(-edge));
  return [top < 0 ? [] : chunk.slice(0, top), bottom < 0 || bottom < top ? [] : chunk.slice(bottom + edge)];
}

function placeOf(chunk: readonly KnownLine[], wanted: readonly KnownLine[]): number {
  let found = -1;
  for (let at = 0; at + wanted.length <= chunk.length; at++) {
    if (!wanted.every(({ text }, index) => chunk[at + index]!.text === text)) continue;
    if (found >= 0) return -1;
    found = at;
  }
  return found;
}

const textOf = (lines: Lines): string => lines.map(({ text }) => text).join('\n');
