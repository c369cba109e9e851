/** A file as its edits tell it: which lines it should have, and which edit wrote each. */
import { formOf, tellingOf } from './line-forms';
import { netAfterEdit, netAfterOthers } from './net-lines';
import type { NetLine } from './net-lines';
import { keptLines } from './pair-lines';
import type { Pairs } from './pair-lines';
import { Places, withWindow } from './seen-window';
import { documentOf, standingOf } from './stand';

/** One change of a file, in the order of time. */
export interface Change {
  before: string;
  after: string;
  /** `whole`: the text is the whole file. `part`: it replaces a part. `seen`: `after` was read, and nothing changed. */
  reach: 'whole' | 'part' | 'seen';
  /** Of a whole file: there was none before. */
  isNew: boolean;
  /** Edits of one session share it. */
  session: number;
  /** Of what was read: number of its first line, from 0, and whether the file ends with it. */
  window?: { first: number; isEnd: boolean };
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
  /** Kept when the replay is asked what all changes did together. */
  net?: NetLine;
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
  #isSure = true;
  #isBaseKnown = true;
  readonly #places = new Places();
  readonly #texts = new WeakMap<KnownLine[], string>();
  /** Lines that were taken out, by form: put back in they are what they were. */
  readonly #out = new Map<string, { line: KnownLine; session: number }>();

  /**
   * @param sessions of each change, by its number
   * @param isNet also keeps what stood there before all changes
   */
  constructor(
    private readonly sessions: readonly number[],
    private readonly isNet = false,
  ) {}

  get chunks(): readonly (readonly KnownLine[])[] {
    return this.#chunks;
  }

  /** The one piece is the file from its beginning to its end. */
  get isWhole(): boolean {
    return this.#isWhole && this.#chunks.length === 1;
  }

  /** Since the file was last known whole, each change found its text in it: nobody else has changed it, as far as is known. */
  get isSure(): boolean {
    return this.#isSure;
  }

  /** What stood there before the changes is known, as far as they replaced it. */
  get isBaseKnown(): boolean {
    return this.#isBaseKnown;
  }

  /** The last piece reaches to the end of the file; the first begins it. */
  get ends(): { isFirst: boolean; isLast: boolean } {
    const [first, last] = [this.#chunks[0], this.#chunks.at(-1)];
    return {
      isFirst: this.isWhole || (first !== undefined && this.#places.of(first) === 0),
      isLast: this.isWhole || (last !== undefined && this.#places.isEnd(last)),
    };
  }

  /** Returns how many lines with text it put in. */
  apply(change: Change, number: number): number {
    this.#put = 0;
    if (change.reach === 'whole') this.#write(change, number);
    else if (change.reach === 'seen') this.#see(change);
    else this.#edit(change, number);
    return this.#put;
  }

  #see({ after, window: { first, isEnd } = { first: 0, isEnd: true } }: Change): void {
    const isAll = first === 0 && isEnd;
    const [only] = this.#chunks;
    const texts = after.split('\n');
    if (this.isWhole && only && isSameFrom(only, first, texts) && (!isEnd || only.length === first + texts.length)) {
      if (isAll) this.#isSure = true;
      return;
    }
    if (isAll) {
      this.#chunks = [this.#asWas(after, this.#chunks.flat(), this.isWhole)];
      this.#isWhole = true;
      this.#isSure = true;
      this.#places.set(this.#chunks[0]!, 0, true);
      return;
    }
    if (this.isWhole && only) this.#places.set(only, 0, true);
    const lines = this.#asWas(after, this.#chunks.flat(), false);
    const found = withWindow(this.#chunks, this.#places, { lines, first, isEnd });
    this.#chunks = found.chunks;
    this.#isWhole = found.isWhole;
    this.#isSure = found.isWhole && !found.hasChanged;
  }

  #write({ before, after, isNew, session }: Change, number: number): void {
    const pieces = after.split(cutMark);
    const isCut = pieces.length > 1 || cutMark.test(before);
    const known = this.#chunks.flat();
    const isWhole = this.isWhole;
    if (!isNew && (before === '' || isCut) && !isWhole) this.#isBaseKnown = false;
    this.#isSure = true;
    let old: KnownLine[];
    if (before !== '' && !isCut) old = this.#asWas(before, known, isWhole);
    else if (this.isNet && isWhole) old = known;
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
    if (cutMark.test(before) || cutMark.test(after)) {
      this.#isSure = false;
      this.#isBaseKnown = false;
      return;
    }
    if (before !== '' && this.#replaceExactly(before, after, number, session)) return;
    const [old, now] = [before === '' ? [] : before.split('\n'), after.split('\n')];
    // The text is not there as the edit has it: somebody else has changed the file.
    this.#isSure = false;
    const place = old.length > 0 ? this.#placeOf(old) : undefined;
    if (place) {
      const { chunk, from, to } = place;
      const was = this.#asWas(before, chunk.slice(from, to), true);
      this.#splice(chunk, from, to, this.#changed(was, now, number, session));
      return;
    }
    const was = old.map((text) => unknownLine(text));
    this.#chunks.push(this.#changed(was, now, number, session));
    if (was.length !== now.length) this.#places.forget();
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
    if (this.isNet) return netAfterOthers(known, document);
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
    const net = this.isNet ? netAfterEdit(old, texts) : undefined;
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
    if (net) for (const [at, line] of lines.entries()) lines[at] = { ...line, net: net[at]! };
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
    this.#places.shift(chunk, this.#chunks, lines.length - (to - from));
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

const isSameFrom = (lines: readonly KnownLine[], first: number, texts: readonly string[]): boolean =>
  texts.every((text, at) => lines[first + at]?.text === text);

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
