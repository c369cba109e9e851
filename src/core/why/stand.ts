/** Which lines of a document are lines of a file as its edits tell it. Rather none than a wrong one. */
import { formOf, isMarked, isMasked, tellingOf } from './line-forms';
import type { Telling } from './line-forms';
import { grow, noPairs } from './pair-lines';
import type { Pairs } from './pair-lines';
import type { KnownLine } from './replay';

export interface Standing {
  /** Undefined when the line is not one of the file's. */
  lines: (KnownLine | undefined)[];
  /** 1 where a formatter has broken or joined lines. */
  reflowed: Uint8Array;
}

/** A document with what is compared of it. */
export interface DocumentLines {
  texts: readonly string[];
  forms: readonly string[];
  telling: readonly Telling[];
}

export const documentOf = (texts: readonly string[]): DocumentLines => ({
  texts,
  forms: texts.map(formOf),
  telling: texts.map(tellingOf),
});

const maxRounds = 4;
/** Lines of an edit of which one may stand alone. */
const fewLines = 2;

export interface StandingOptions {
  /** The lines come from another file: then only what stands together counts. */
  isElsewhere?: boolean;
  /** Both are whole: what is the same from their beginnings and from their ends on is the same. */
  areWhole?: boolean;
}

export function standingOf(
  chunks: readonly (readonly KnownLine[])[],
  document: DocumentLines,
  { isElsewhere = false, areWhole = false }: StandingOptions = {},
): Standing {
  const known: KnownLine[] = [];
  // Between two pieces stands a line that is none of the document's.
  for (const chunk of chunks) known.push(...chunk, { text: '', form: `\0${known.length}`, by: -1, was: [] });
  const forms = known.map(({ form }) => form);
  const pairs = noPairs(known.length, document.forms.length);
  unmask(known, forms, document);
  if (areWhole) {
    grow(forms, document.forms, pairs, -1, -1, 1);
    // The last known line is the one behind the last piece.
    grow(forms, document.forms, pairs, forms.length - 1, document.forms.length, -1);
  }
  const all: Window = [0, forms.length, 0, document.forms.length];
  anchor(forms, document, pairs, all);
  // These stand once in the whole file; those that are found later stand once in a gap only.
  const isAnchor = pairs.of.map((at) => (at === -1 ? 0 : 1));
  spread(forms, document.forms, pairs);
  for (let round = 0; round < maxRounds; round++) {
    let found = 0;
    for (const window of gapsOf(pairs, forms.length, document.forms.length))
      found += anchor(forms, document, pairs, window);
    if (found === 0) break;
    spread(forms, document.forms, pairs);
  }
  const isOfOne = (lines: readonly number[]) => new Set(lines.map((line) => known[pairs.of[line]!]!.by)).size === 1;
  const isMostOf = (line: number) => {
    const { by } = known[pairs.of[line]!]!;
    return by !== -1 && known.filter((each) => each.by === by && tellingOf(each.text) > 0).length <= fewLines;
  };
  dropUnsupported(document, pairs, (line) => isAnchor[line] === 1 && isMostOf(line), isOfOne, isElsewhere);
  return {
    lines: document.forms.map((_, at) => (pairs.of[at] === -1 ? undefined : known[pairs.of[at]!])),
    reflowed: pairs.reflowed,
  };
}

type Window = [fromKnown: number, toKnown: number, fromLine: number, toLine: number];

/** A line that lost a secret stands for the only line of the document that it may be. */
function unmask(known: readonly KnownLine[], forms: string[], { texts, forms: own }: DocumentLines): void {
  const masked = known.flatMap(({ text }, at) => (isMarked(text) ? [at] : []));
  for (const at of masked.slice(0, 200)) {
    const found = texts.flatMap((text, line) => (isMasked(known[at]!.text, text) ? [line] : []));
    if (found.length === 1) forms[at] = own[found[0]!]!;
  }
}

/** Pairs lines that stand once on both sides of a window and say which they are. */
function anchor(forms: readonly string[], document: DocumentLines, pairs: Pairs, [a0, a1, b0, b1]: Window): number {
  const places = new Map<string, number>();
  for (let at = b0; at < b1; at++) {
    if (pairs.of[at] !== -1 || document.telling[at] === 0) continue;
    const form = document.forms[at]!;
    places.set(form, places.has(form) ? -1 : at);
  }
  if (places.size === 0) return 0;
  const knownAt = new Map<string, number>();
  for (let at = a0; at < a1; at++) {
    const form = forms[at]!;
    if (pairs.taken[at] === 1 || !places.has(form)) continue;
    knownAt.set(form, knownAt.has(form) ? -1 : at);
  }
  let found = 0;
  for (const [form, at] of knownAt) {
    const line = places.get(form)!;
    if (at < 0 || line < 0) continue;
    pairs.of[line] = at;
    pairs.taken[at] = 1;
    found++;
  }
  return found;
}

function spread(forms: readonly string[], own: readonly string[], pairs: Pairs): void {
  for (let line = 0; line < own.length; line++) {
    const at = pairs.of[line]!;
    if (at === -1) continue;
    if (line + 1 < own.length && pairs.of[line + 1] === -1) grow(forms, own, pairs, at, line, 1);
    if (line > 0 && pairs.of[line - 1] === -1) grow(forms, own, pairs, at, line, -1);
  }
}

/** Stretches without pairs on both sides, between two pairs that are in order. */
function gapsOf(pairs: Pairs, known: number, lines: number): Window[] {
  const gaps: Window[] = [];
  let [a, b] = [-1, -1];
  for (let line = 0; line <= lines; line++) {
    const at = line === lines ? known : pairs.of[line]!;
    if (at === -1) continue;
    if (at > a + 1 && line > b + 1) gaps.push([a + 1, at, b + 1, line]);
    [a, b] = [at, line];
  }
  return gaps;
}

/** What is sure stands together with other lines of the file, or in its place among them. */
function dropUnsupported(
  { forms, telling }: DocumentLines,
  pairs: Pairs,
  /** A line that is enough alone though it says little: it stands once, and its edit put in little else. */
  isAlone: (line: number) => boolean,
  /** One edit put them in, or nobody is known to. */
  isOfOne: (lines: readonly number[]) => boolean,
  isElsewhere: boolean,
): void {
  const lines = forms.flatMap((form, at) => (form === '' ? [] : [at]));
  const isNext = (one: number, other: number) => {
    const [a, b] = [pairs.of[one]!, pairs.of[other]!];
    return a !== -1 && b !== -1 && b >= a && b - a <= 3;
  };
  for (let from = 0; from < lines.length;) {
    if (pairs.of[lines[from]!] === -1) {
      from++;
      continue;
    }
    let to = from + 1;
    while (to < lines.length && isNext(lines[to - 1]!, lines[to]!)) to++;
    const run = lines.slice(from, to);
    const said = run.filter((at) => telling[at]! > 0);
    const strong = run.filter((at) => telling[at] === 2);
    const isInPlace = inPlace(pairs, lines, from, to);
    const isSure = isElsewhere
      ? said.length >= 3 && strong.length > 0
      : (said.length >= 2 && (strong.length > 0 || said.length > 2 || isOfOne(said))) ||
        (isInPlace && said.some((at) => telling[at] === 2 || isAlone(at)));
    // A bracket above the first line that says something may close what a person wrote.
    const least = strong.length > 0 ? 2 : 1;
    const first = run.findIndex((at) => telling[at]! >= least);
    for (const at of isSure ? run.slice(0, from === 0 ? 0 : first) : run) pairs.of[at] = -1;
    from = to;
  }
}

/** The nearest paired lines before and behind have their places before and behind. */
function inPlace(pairs: Pairs, lines: readonly number[], from: number, to: number): boolean {
  let [before, behind] = [from - 1, to];
  while (before >= 0 && pairs.of[lines[before]!] === -1) before--;
  while (behind < lines.length && pairs.of[lines[behind]!] === -1) behind++;
  const first = pairs.of[lines[from]!]!;
  const last = pairs.of[lines[to - 1]!]!;
  return (
    (before < 0 || pairs.of[lines[before]!]! < first) && (behind >= lines.length || pairs.of[lines[behind]!]! > last)
  );
}
