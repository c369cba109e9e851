/**
 * The door into the store: `redact` is the only function that makes `Redacted` text, and the store accepts nothing else.
 * Secrets become `[REDACTED:kind:hash]`; the hash is keyed per store, so equal secrets can still be told to be equal,
 * and nobody else can look one up. `<private>` spans are dropped. Structural fields (ids, times) never pass here.
 */
import { createHmac } from 'node:crypto';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { findOwnSecrets } from './secret-rules';
import type { Finding } from './secret-rules';

declare const redacted: unique symbol;
export type Redacted = string & { readonly [redacted]: true };

export interface RedactionReport {
  texts: Redacted[];
  /** Secrets replaced, per text. */
  redactions: number[];
  /** Private spans dropped, per text. */
  privates: number[];
}

export interface Redactor {
  /** All texts of a batch at once: the rules cost far less on one long text than on many short ones. */
  redact(texts: readonly string[]): Promise<RedactionReport>;
}

/** Lint this much at once: about 20 ms, so the worker stays answerable. */
const lintBytes = 512 * 1024;
/** After so many rounds a run that still shows secrets goes as a whole. */
const mostRounds = 8;
const separator = '\n\u0001\n';
const preset = { id: '@secretlint/secretlint-rule-preset-recommend', rule: creator, options: {} };
const emptyText = '' as Redacted;

export function createRedactor(options: { salt: string }): Redactor {
  const mark: Mark = ({ kind }, secret) => `[REDACTED:${kind}:${createHmac('sha256', options.salt).update(secret).digest('hex').slice(0, 8)}]`;
  return {
    async redact(texts) {
      const report: RedactionReport = { texts: [], redactions: [], privates: [] };
      for (const group of groupBySize(texts.map(dropPrivate))) {
        const cleaned = await replaceSecrets(group.map(({ text }) => text), mark);
        group.forEach(({ privates }, index) => {
          report.texts.push(cleaned.texts[index] as Redacted);
          report.redactions.push(cleaned.redactions[index] ?? 0);
          report.privates.push(privates);
        });
      }
      return report;
    },
  };
}

type Mark = (finding: Finding, secret: string) => string;

/** A secret that another one touches shows its beginning only when that one is gone: so what was changed is looked at again. */
async function replaceSecrets(texts: readonly string[], mark: Mark): Promise<{ texts: string[]; redactions: number[] }> {
  const result = { texts: [...texts], redactions: texts.map(() => 0) };
  let open = [...texts.keys()];
  for (let round = 0; round < mostRounds && open.length > 0; round++) {
    const findings = await findSecrets(open.map((index) => hideMarks(result.texts[index] ?? '')));
    const changed: number[] = [];
    open.forEach((index, at) => {
      const merged = merge(findings[at] ?? []);
      if (merged.length === 0) return;
      const found = round < mostRounds - 1 ? merged : widenToRuns(result.texts[index] ?? '', merged);
      result.texts[index] = replace(result.texts[index] ?? '', found, mark);
      result.redactions[index] = (result.redactions[index] ?? 0) + found.length;
      changed.push(index);
    });
    open = changed;
  }
  return result;
}

/** JSON whose strings all came through the door is safe as a whole. */
export function redactedJson(value: readonly Redacted[] | readonly Readonly<Record<string, Redacted>>[]): Redacted {
  return JSON.stringify(value) as Redacted;
}

/** A part of redacted text. A cut through a mark leaves a harmless stump. */
export function sliceRedacted(text: Redacted, start: number, end: number): Redacted {
  return text.slice(start, end) as Redacted;
}

export function foldRedacted(text: Redacted): Redacted {
  return text.replace(/\s+/g, ' ').trim() as Redacted;
}

export function joinRedacted(parts: readonly Redacted[], by: '\n' | ' ' | '\n\n' | ''): Redacted {
  return parts.filter((part) => part !== '').join(by) as Redacted;
}

/** Words of our own making need no redaction; literals only. */
export function literal<const Text extends string>(text: string extends Text ? never : Text): Redacted {
  return text as unknown as Redacted;
}

export const noText: Redacted = emptyText;

/** Drops `<private>…</private>`; a span that is not closed goes on to the end, when it was opened on a line of its own. */
export function dropPrivate(text: string): { text: string; privates: number } {
  const [open, close] = ['<private>', '</private>'];
  const lastClose = text.lastIndexOf(close);
  let privates = 0;
  let rest = '';
  let at = 0;
  for (let from = text.indexOf(open); from >= 0; from = text.indexOf(open, at)) {
    const to = from < lastClose ? text.indexOf(close, from) + close.length : text.length;
    const line = from < lastClose ? from : startOfLine(text, from);
    // Named in the middle of a sentence and never closed: it is only spoken of.
    if (line === undefined) {
      rest += text.slice(at, from + open.length);
      at = from + open.length;
      continue;
    }
    rest += text.slice(at, Math.max(at, line));
    at = to;
    privates++;
  }
  return { text: rest + text.slice(at), privates };
}

/** Where the line of `from` begins, its line break included, when only blanks stand before `from`. */
function startOfLine(text: string, from: number): number | undefined {
  let at = from;
  while (at > 0 && (text[at - 1] === ' ' || text[at - 1] === '\t')) at--;
  if (at === 0) return 0;
  return text[at - 1] === '\n' ? at - 1 : undefined;
}

/**
 * Marks of an earlier pass look like `token:value` themselves. Same length, so that ranges stay true. A transcript can hold
 * text of a mark's form too: a kind that is a secret itself hides nothing.
 */
const hideMarks = (text: string): string =>
  text.replace(/\[REDACTED:([a-z][a-z0-9-]{1,40}):[0-9a-f]{8}\]/g, (mark, kind: string) => (findOwnSecrets(kind).length > 0 ? mark : '['.repeat(mark.length)));

/** Findings of each text, from one pass over all of them. */
async function findSecrets(texts: readonly string[]): Promise<Finding[][]> {
  const findings = texts.map(findOwnSecrets);
  const joined = texts.join(separator);
  const starts: number[] = [];
  let at = 0;
  for (const text of texts) {
    starts.push(at);
    at += text.length + separator.length;
  }
  const crossed = new Set<number>();
  for (const found of await lint(joined)) {
    const first = indexAt(starts, found.start);
    const last = indexAt(starts, Math.max(found.start, found.end - 1));
    // A rule that spans lines may reach from one text into another: those are looked at alone.
    if (first !== last) for (let index = first; index <= last; index++) crossed.add(index);
    else findings[first]?.push(clip(found, starts[first] ?? 0, (texts[first] ?? '').length));
  }
  for (const index of crossed) findings[index]?.push(...(await lint(texts[index] ?? '')));
  return findings;
}

async function lint(content: string): Promise<Finding[]> {
  const result = await lintSource({
    // Text in a transcript must not be able to switch the rules off. Same length, so that ranges stay true.
    source: { filePath: 'memory.txt', content: content.replaceAll('secretlint-disable', 'secretlint_disable'), ext: '.txt', contentType: 'text' },
    options: { config: { rules: [preset] }, noPhysicFilePath: true },
  });
  return result.messages.map(({ ruleId, range: [start, end] }) => ({ kind: ruleId.split('rule-').at(-1) ?? 'secret', start, end }));
}

function* groupBySize<Item extends { text: string }>(items: readonly Item[]): Generator<Item[]> {
  let group: Item[] = [];
  let size = 0;
  for (const item of items) {
    if (size + item.text.length > lintBytes && group.length > 0) {
      yield group;
      group = [];
      size = 0;
    }
    group.push(item);
    size += item.text.length;
  }
  if (group.length > 0) yield group;
}

/** Index of the last start that is not after `position`. */
function indexAt(starts: readonly number[], position: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

const clip = ({ kind, start, end }: Finding, offset: number, length: number): Finding => ({ kind, start: start - offset, end: Math.min(end - offset, length) });

/** Overlapping findings become one. */
function merge(findings: Finding[]): Finding[] {
  const merged: Finding[] = [];
  for (const each of findings.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last && each.start < last.end) last.end = Math.max(last.end, each.end);
    else merged.push({ ...each });
  }
  return merged;
}

/** Findings grown to the whole run of letters they stand in. */
export function widenToRuns(text: string, findings: readonly Finding[]): Finding[] {
  const isSpace = (at: number) => /\s/.test(text.charAt(at));
  const wide: Finding[] = [];
  let done = 0;
  for (const { kind, start, end } of findings) {
    if (end <= done) continue;
    let from = Math.max(start, done);
    while (from > done && !isSpace(from - 1)) from--;
    done = end;
    while (done < text.length && !isSpace(done)) done++;
    wide.push({ kind, start: from, end: done });
  }
  return wide;
}

function replace(text: string, findings: readonly Finding[], mark: Mark): string {
  let result = '';
  let at = 0;
  for (const each of findings) {
    result += text.slice(at, each.start) + mark(each, text.slice(each.start, each.end));
    at = each.end;
  }
  return result + text.slice(at);
}
