/** A file as its edits tell it: which lines it should have, and which edit wrote each. */
import { formOf, tellingOf } from './line-forms';
import { keptLines } from './pair-lines';
import type { Pairs } from './pair-lines';
import { documentOf, standingOf } from './stand';

/** One change of a file, in the order of time. */
export interface Change {
  before: string;
  after: string;
  /** `whole`: the text is the whole file. `part`: it replaces a part. */
  reach: 'whole' | 'part';
  /** Of a whole file: there was none before. */
  isNew: boolean;
  /** Edits of one session share it. */
  session: number;
}

/** What stood in a place before, and which change wrote that. */
interface Replaced {
  by: number;
  lines: readonly string[];
  /** The change that took it out. */
  outBy: number;
}

export interface KnownLine {
  text: string;
  form: string;
  /** Number of the change that wrote it; -1 when it is not known, as for what a person wrote. */
  by: number;
  was: readonly Replaced[];
}

/** Written into a text by the store where it has cut it. */
const cutMark = /\n{0,2}\[… shortened …\]\n{0,2}/;
const maxWas = 4;
const maxWasLines = 8;
/** An edit is looked for in the lines around those of it that are known again; more than this is another place. */
const maxSpread = 3;
const nothing: readonly Replaced[] = [];

export class ReplayedFile {
  /** Pieces whose order is not known; the last is the latest. */
  #chunks: KnownLine[][] = [];
  #put = 0;
  #isWhole = false;
  readonly #texts = new WeakMap<KnownLine[], string>();
  /** Lines that were taken out, by form: put back in they are what they were. */
  readonly #out = new Map<string, { line: KnownLine; session: number }>();

  /** @param sessions of each change, by its number */
  constructor(private readonly sessions: readonly number[]) {}

  get chunks(): readonly (readonly KnownLine[])[] {
    return this.#chunks;
  }

  /** The one piece is the file from its beginning to its end. */
  get isWhole(): boolean {
    return this.#isWhole && this.#chunks.length === 1;
  }

  /** Returns how many lines with text it put in. */
  apply(change: Change, number: number): number {
    this.#put = 0;
    if (change.reach === 'whole') this.#write(change, number);
    else this.#edit(change, number);
    return this.#put;
  }

  #write({ before, after, isNew, session }: Change, number: number): void {
    const pieces = after.split(cutMark);
    const isCut = pieces.length > 1 || cutMark.test(before);
    const known = this.#chunks.flat();
    const isWhole = this.isWhole;
    let old: KnownLine[];
    if (before !== '' && !isCut) old = this.#asWas(before, known, isWhole);
    else if (isNew) old = [];
    // What stood there is not known: what is new now may have been there.
    else old = this.#asWas(pieces.join('\n'), known, isWhole);
    if (isCut && !isNew) {
      this.#isWhole = false;
      this.#chunks = pieces.map((piece) => this.#asWas(piece, known, false));
      return;
    }
    this.#chunks = [];
    this.#isWhole = true;
    let rest = old;
    for (const piece of pieces) {
      const texts = piece.split('\n');
      this.#chunks.push(this.#changed(rest, texts, number, session));
      rest = [];
    }
  }

  #edit({ before, after, session }: Change, number: number): void {
    if (cutMark.test(before) || cutMark.test(after)) return;
    if (before !== '' && this.#replaceExactly(before, after, number, session)) return;
    const [old, now] = [before === '' ? [] : before.split('\n'), after.split('\n')];
    const place = old.length > 0 ? this.#placeOf(old) : undefined;
    if (place) {
      const { chunk, from, to } = place;
      const was = this.#asWas(before, chunk.slice(from, to), true);
      this.#splice(chunk, from, to, this.#changed(was, now, number, session));
      return;
    }
    const was = old.map((text) => unknownLine(text));
    this.#chunks.push(this.#changed(was, now, number, session));
  }

  /** The text stands in the file as the edit has it; where it stands more than once, all are replaced. */
  #replaceExactly(before: string, after: string, number: number, session: number): boolean {
    let isFound = false;
    for (const chunk of this.#chunks) {
      const text = this.#textOf(chunk);
      let at = text.lastIndexOf(before);
      while (at >= 0) {
        isFound = true;
        const from = linesBefore(text, at);
        const to = from + linesBefore(before, before.length) + 1;
        const head = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
        const end = at + before.length;
        const lineEnd = text.indexOf('\n', end);
        const tail = text.slice(end, lineEnd < 0 ? text.length : lineEnd);
        const now = (head + after + tail).split('\n');
        this.#splice(chunk, from, to, this.#changed(chunk.slice(from, to), now, number, session));
        if (at === 0) break;
        at = text.lastIndexOf(before, at - 1);
      }
    }
    return isFound;
  }

  /** Where most of these lines stand that stand once in a piece of the file. */
  #placeOf(old: readonly string[]): { chunk: KnownLine[]; from: number; to: number } | undefined {
    const wanted = new Set(old.filter((text) => tellingOf(text) > 0).map(formOf));
    if (wanted.size === 0) return undefined;
    let best: { chunk: KnownLine[]; from: number; to: number } | undefined;
    let most = 0;
    for (const chunk of this.#chunks) {
      const places = new Map<string, number>();
      for (const [at, { form }] of chunk.entries()) if (wanted.has(form)) places.set(form, places.has(form) ? -1 : at);
      const found = [...places.values()].filter((at) => at >= 0).sort((a, b) => a - b);
      if (found.length === 0 || found.length < most) continue;
      const [from, to] = [found[0]!, found.at(-1)! + 1];
      if (to - from > old.length * maxSpread + 4) continue;
      most = found.length;
      best = { chunk, from, to };
    }
    return best;
  }

  /** A text that is known to have stood there: lines that are known stay what they are, the others are nobody's. */
  #asWas(text: string, known: readonly KnownLine[], areWhole: boolean): KnownLine[] {
    const document = documentOf(text.split('\n'));
    return standingOf([known], document, { areWhole }).lines.map((line, at) => {
      const own = document.texts[at]!;
      return line ? { ...line, text: own, form: document.forms[at]! } : unknownLine(own);
    });
  }

  #changed(old: readonly KnownLine[], texts: readonly string[], number: number, session: number): KnownLine[] {
    const pairs = keptLines(
      old.map(({ form }) => form),
      texts.map(formOf),
    );
    const gone = old.filter((_, at) => pairs.taken[at] === 0);
    for (const line of gone) if (tellingOf(line.text) > 0) this.#out.set(line.form, { line, session });
    this.#disown(gone, session);
    const isSure = supported(texts, pairs, old.length);
    const lines = texts.map((text, at): KnownLine => {
      // A bracket that seems to have stayed in what was written anew may be the old one or not.
      if (pairs.of[at] !== -1)
        return isSure[at] === 1 ? { ...old[pairs.of[at]!]!, text, form: formOf(text) } : unknownLine(text);
      const form = formOf(text);
      const back = tellingOf(text) > 0 ? this.#out.get(form) : undefined;
      // Moved, or put back: a line of another session's that Claude wrote before is written again.
      if (back && (back.line.by === -1 || back.session === session)) return { ...back.line, text };
      return { text, form, by: number, was: nothing };
    });
    noteReplaced(old, lines, pairs, number);
    letGoWithNeighbours(lines, pairs, number);
    this.#put += lines.filter(({ by, form }) => by === number && form !== '').length;
    return lines;
  }

  /** A line that was put in and then taken out elsewhere in the session was moved, not written. */
  #disown(gone: readonly KnownLine[], session: number): void {
    const forms = new Map(gone.filter(({ text }) => tellingOf(text) > 0).map((line) => [line.form, line]));
    if (forms.size === 0) return;
    for (const chunk of this.#chunks)
      for (const [at, line] of chunk.entries()) {
        const moved = forms.get(line.form);
        if (!moved || moved === line || line.by === -1 || moved.by >= line.by) continue;
        if (this.sessions[line.by] === session) chunk[at] = { ...line, by: moved.by, was: moved.was };
      }
  }

  #splice(chunk: KnownLine[], from: number, to: number, lines: readonly KnownLine[]): void {
    const next = [...chunk.slice(0, from), ...lines, ...chunk.slice(to)];
    chunk.length = 0;
    for (const line of next) chunk.push(line);
    this.#texts.delete(chunk);
  }

  #textOf(chunk: KnownLine[]): string {
    const known = this.#texts.get(chunk);
    if (known !== undefined) return known;
    const text = chunk.map((line) => line.text).join('\n');
    this.#texts.set(chunk, text);
    return text;
  }
}

const unknownLine = (text: string): KnownLine => ({ text, form: formOf(text), by: -1, was: nothing });

function linesBefore(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** 1 for lines that stayed together with one that says which it is, or with what lies outside of the change. */
function supported(texts: readonly string[], { of }: Pairs, oldLength: number): Uint8Array {
  const isSure = new Uint8Array(texts.length);
  for (let from = 0; from < texts.length;) {
    let to = from + 1;
    if (of[from] === -1) {
      from = to;
      continue;
    }
    while (to < texts.length && of[to] !== -1 && (of[to] === (of[to - 1] ?? 0) + 1 || of[to] === of[to - 1])) to++;
    const isFirst = from === 0 && of[from] === 0;
    const isLast = to === texts.length && of[to - 1] === oldLength - 1;
    const tells = texts.slice(from, to).map(tellingOf);
    const isSaid = tells.filter((telling) => telling > 0).length > 1 || tells.includes(2);
    const least = tells.includes(2) ? 2 : 1;
    const says = isSaid ? tells.findIndex((telling) => telling >= least) : -1;
    // A bracket above the first line that says something may close what was written anew.
    if (isFirst) isSure.fill(1, from, to);
    else if (says >= 0) isSure.fill(1, from + says, to);
    else if (isLast) isSure.fill(1, to - 1, to);
    from = to;
  }
  return isSure;
}

/** For each run of new lines: what stood there before, when a change wrote that. */
function noteReplaced(old: readonly KnownLine[], lines: KnownLine[], pairs: Pairs, number: number): void {
  for (let at = 0; at < lines.length; at++) {
    if (lines[at]!.by !== number) continue;
    let end = at;
    while (end < lines.length && pairs.of[end] === -1) end++;
    const from = at === 0 ? 0 : pairs.of[at - 1]! + 1;
    const to = end === lines.length ? old.length : pairs.of[end]!;
    const gone = old.slice(from, to).filter((line, index) => pairs.taken[from + index] === 0 && line.form !== '');
    const written = gone.filter(({ by }) => by >= 0);
    const by = written.at(-1)?.by;
    if (by !== undefined) {
      const own = written.filter((line) => line.by === by);
      const replaced = { by, lines: own.slice(0, maxWasLines).map(({ text }) => text), outBy: number };
      const was = [replaced, ...own[0]!.was].slice(0, maxWas);
      for (let line = at; line < end; line++) if (lines[line]!.by === number) lines[line] = { ...lines[line]!, was };
    }
    at = Math.max(at, end - 1);
  }
}

/** Lines that say nothing were moved with the lines around them. */
function letGoWithNeighbours(lines: KnownLine[], pairs: Pairs, number: number): void {
  const isNew = (at: number) => at >= 0 && at < lines.length && pairs.of[at] === -1;
  for (const [at, line] of lines.entries()) {
    if (line.by !== number || tellingOf(line.text) > 0) continue;
    for (const step of [-1, 1]) {
      let near = at + step;
      while (isNew(near) && tellingOf(lines[near]!.text) === 0) near += step;
      if (isNew(near) && lines[near]!.by !== number) {
        lines[at] = { ...line, by: -1, was: nothing };
        break;
      }
    }
  }
}
