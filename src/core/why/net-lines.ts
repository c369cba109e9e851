/**
 * What all changes of a file did together. Each line knows whether they put it in and what they took out around it, so that the
 * file without them can be told. What others changed in between stands on both sides.
 */
import { keptLines } from './pair-lines';
import type { KnownLine } from './replay';
import type { DocumentLines } from './stand';

export interface NetLine {
  /** The changes put it in. */
  isPut?: true;
  /** Lines taken out directly before it. */
  cut?: readonly string[];
  /** Lines taken out behind it, when it is the last of its piece. */
  behind?: readonly string[];
}

const noLines: readonly string[] = [];
const nothing: NetLine = {};

/** The piece as it would be without the changes. */
export const withoutChanges = (lines: readonly KnownLine[]): string[] => lines.flatMap(baseOf);

function baseOf({ text, net }: KnownLine): readonly string[] {
  if (!net) return [text];
  return [...(net.cut ?? noLines), ...(net.isPut ? noLines : [text]), ...(net.behind ?? noLines)];
}

const netOf = (isPut: boolean, cut: readonly string[], behind: readonly string[]): NetLine =>
  !isPut && cut.length === 0 && behind.length === 0
    ? nothing
    : { ...(isPut && { isPut }), ...(cut.length > 0 && { cut }), ...(behind.length > 0 && { behind }) };

/** For each line of the new text. Compared to the letter: an indentation is a change too. */
export function netAfterEdit(old: readonly KnownLine[], texts: readonly string[]): NetLine[] {
  const kept = sameLines(
    old.map(({ text }) => text),
    texts,
  );
  let next = 0;
  const gone = (to: number): string[] => {
    const lines = old.slice(next, Math.max(next, to)).flatMap(baseOf);
    next = Math.max(next, to);
    return lines;
  };
  return texts.map((_, at) => {
    const from = kept[at]!;
    if (from === -1) {
      const to = kept.find((each, index) => index > at && each !== -1) ?? old.length;
      return netOf(true, gone(to), noLines);
    }
    const { isPut, cut = noLines, behind = noLines } = old[from]!.net ?? nothing;
    const all = [...gone(from), ...cut];
    next = from + 1;
    const isLast = at === texts.length - 1;
    return netOf(isPut === true, all, [...behind, ...(isLast ? gone(old.length) : noLines)]);
  });
}

/** Lines that stand in both, the empty one behind a last line break left out. */
export function countKept(before: readonly string[], after: readonly string[]): number {
  const kept = sameLines(before, after).filter((from) => from !== -1);
  const isEndKept = after.at(-1) === '' && before.at(-1) === '' && kept.at(-1) === before.length - 1;
  return kept.length - (isEndKept ? 1 : 0);
}

/** For each later line the number of the same earlier one, rising, or -1. */
function sameLines(before: readonly string[], after: readonly string[]): number[] {
  const { of } = keptLines(before, after);
  let last = -1;
  return after.map((text, at) => {
    const from = of[at]!;
    if (from <= last || before[from] !== text) return -1;
    last = from;
    return from;
  });
}

/** The file as it was seen again: what others put in or took out, they did with and without the changes. */
export function netAfterOthers(known: readonly KnownLine[], { texts, forms }: DocumentLines): KnownLine[] {
  const { of } = keptLines(
    known.map(({ form }) => form),
    forms,
  );
  const lines: KnownLine[] = texts.map((text, at) => {
    const place = of[at] ?? -1;
    const from = place === -1 ? undefined : known[place];
    const form = forms[at]!;
    if (!from) return { text, form, by: -1, was: [] };
    // A line that was broken into several keeps what was taken out before it once.
    const net = from.net?.isPut ? { isPut: true as const } : nothing;
    return { ...from, text, form, net };
  });
  carry(known, of, lines);
  return lines;
}

/** What the changes took out stays taken out, also where the line behind it is gone. */
function carry(known: readonly KnownLine[], of: Int32Array, lines: KnownLine[]): void {
  const firstAt = new Map<number, number>();
  for (const [at, from] of of.entries()) if (from !== -1 && !firstAt.has(from)) firstAt.set(from, at);
  let open: string[] = [];
  for (const [from, { net }] of known.entries()) {
    const at = firstAt.get(from);
    open.push(...(net?.cut ?? noLines));
    if (at !== undefined && open.length > 0) {
      const line = lines[at]!;
      lines[at] = { ...line, net: { ...line.net, cut: [...(line.net?.cut ?? noLines), ...open] } };
      open = [];
    }
    open.push(...(net?.behind ?? noLines));
  }
  const last = lines.at(-1);
  if (open.length > 0 && last) lines[lines.length - 1] = { ...last, net: { ...last.net, behind: open } };
}
