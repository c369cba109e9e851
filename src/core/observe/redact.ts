/**
 * `redact` is the only function that makes `Redacted` text, and the store accepts nothing else. Secrets become
 * `[REDACTED:kind:hash]`. The hash is keyed per store: equal secrets have equal marks, but nobody can look up a secret
 * by its hash. `<private>` spans are dropped. Ids that are only compared do not come here: they are keyed.
 */
import { isUtf8 } from 'node:buffer';
import { createHmac, createSecretKey } from 'node:crypto';
import type { OwnRules } from '../../protocol/redaction';
import { oneLine } from '../../protocol/text';
import { isJson } from '../lib/json';
import type { Redacted, RedactedBytes } from '../lib/redacted';
import { findSecrets, hideMarks, mergeFindings, widenToRuns } from './find-secrets';
import { LinesAhead } from './line-thread';
import type { LineThread } from './line-thread';
import { LineView } from './line-view';
import type { OwnFinder } from './own-rules';
import type { Finding } from './secrets/finding';

export type { Redacted, RedactedBytes };

interface RedactionReport {
  texts: Redacted[];
  /** Number of secrets replaced, per text. */
  redactions: number[];
  /** Number of private spans dropped, per text. */
  privates: number[];
}

/** Redacts texts; the result has one for each, in order. */
export type Seal = (texts: readonly string[]) => Promise<Redacted[]>;

export interface RedactedLine {
  bytes: RedactedBytes;
  /**
   * Set when something was replaced: keyed hash of the original line, by which the original can be proved later.
   * Without the key the secret cannot be guessed from it.
   */
  originalHash: string | undefined;
  redactions: number;
  privates: number;
}

export interface Redactor {
  /** Redacts all texts of a batch at once: the rules are much faster on one long text than on many short ones. */
  redact(texts: readonly string[]): Promise<RedactionReport>;
  /**
   * Redacts lines of a transcript, including their line ends. A line without secrets keeps every byte; one with secrets
   * is still valid JSON.
   */
  redactLines(lines: readonly Uint8Array[]): Promise<RedactedLine[]>;
  /**
   * Begins to redact lines that `redactLines` will be asked for, in another thread if there is one. The lines are known
   * by the object that holds their bytes.
   */
  begin(lines: readonly Uint8Array[]): void;
  /** From now on these are applied as well. @param own finds what `rules` describe; undefined when that is nothing */
  setOwnRules(own: OwnFinder | undefined, rules: OwnRules): void;
  /** Keyed hash of bytes that may contain a secret; only this store can compute it. */
  readonly prove: (bytes: Uint8Array) => string;
}

/** Bytes passed to secretlint at once: about 20 ms, so that the worker stays responsive. */
const lintBytes = 512 * 1024;
/** After this many rounds, a run of letters that still contains secrets is replaced as a whole. */
const maxRounds = 8;
/** For shorter texts searching is faster than the cache. */
const rememberedLength = 80;
const emptyText = '' as Redacted;

export function createRedactor({ salt, thread }: { salt: string; thread?: LineThread | undefined }): Redactor {
  const key = createSecretKey(Buffer.from(salt));
  const keyed = (data: string | Uint8Array) => createHmac('sha256', key).update(data).digest('hex');
  const mark: Mark = ({ kind }, secret) => `[REDACTED:${kind}:${keyed(secret).slice(0, 8)}]`;
  // Texts without secrets. Most texts of rows are strings of lines that were searched just before, so half of the work
  // is saved.
  let clean = new Set<string>();
  let own: OwnFinder | undefined;
  const ahead = thread && new LinesAhead(thread, (slow) => own?.leaveOut(slow));
  const redactHere = async (lines: readonly Uint8Array[], found: Set<string>): Promise<RedactedLine[]> => {
    const report: RedactedLine[] = [];
    for (const group of groupBySize(lines, ({ length }) => length)) {
      const views = group.map(viewOfLine);
      const redactions = await replaceSecrets(
        views.map(({ line }) => line),
        mark,
        own,
      );
      group.forEach((bytes, index) => {
        const { line, privates, encoding } = views[index] as ViewOfLine;
        const isSame = privates === 0 && redactions[index] === 0;
        if (isSame && encoding === 'utf8') for (const text of line.longStrings(rememberedLength)) found.add(text);
        report.push({
          bytes: (isSame
            ? bytes
            : Buffer.from(line.toText(encoding === 'latin1'), encoding)) as Uint8Array as RedactedBytes,
          originalHash: isSame ? undefined : keyed(bytes),
          redactions: redactions[index] ?? 0,
          privates,
        });
      });
    }
    return report;
  };
  return {
    prove: keyed,
    begin: (lines) => ahead?.begin(lines),
    setOwnRules(finder, rules) {
      ahead?.setRules(rules);
      own = finder;
      // Nobody knows whether these are clean by the new rules. What is being searched by the old ones fills the old set.
      clean = new Set();
    },
    async redact(texts) {
      const report: RedactionReport = { texts: [], redactions: [], privates: [] };
      // Looked up before the first await: during it, other lines may replace the content of the cache.
      const known = texts.map((text) => clean.has(text));
      if (known.includes(true)) {
        const rest = await this.redact(texts.filter((_, index) => known[index] !== true));
        let next = 0;
        for (const [index, text] of texts.entries()) {
          const isClean = known[index] === true;
          report.texts.push(isClean ? (text as Redacted) : (rest.texts[next] as Redacted));
          report.redactions.push(isClean ? 0 : (rest.redactions[next] ?? 0));
          report.privates.push(isClean ? 0 : (rest.privates[next] ?? 0));
          if (!isClean) next++;
        }
        return report;
      }
      for (const group of groupBySize(texts.map(dropPrivate), ({ text }) => text.length)) {
        const views = group.map(({ text }) => new PlainView(text));
        const redactions = await replaceSecrets(views, mark, own);
        group.forEach(({ privates }, index) => {
          report.texts.push((views[index] as PlainView).view as Redacted);
          report.redactions.push(redactions[index] ?? 0);
          report.privates.push(privates);
        });
      }
      return report;
    },
    async redactLines(lines) {
      clean.clear();
      const found = clean;
      const begun = (await ahead?.take(lines)) ?? [];
      const here = await redactHere(
        lines.filter((_, index) => !begun[index]),
        found,
      );
      let next = 0;
      return lines.map((bytes, index): RedactedLine => {
        const answer = begun[index];
        if (!answer) return here[next++] as RedactedLine;
        if (answer.line) return answer.line;
        if (isUtf8(bytes))
          for (const text of new LineView(textOf(bytes, 'utf8')).longStrings(rememberedLength)) found.add(text);
        return { bytes: bytes as RedactedBytes, originalHash: undefined, redactions: 0, privates: 0 };
      });
    },
  };
}

type Mark = (finding: Finding, secret: string) => string;

/** A text in which secrets are found and replaced. */
interface View {
  readonly view: string;
  /** Ranges in `view`, sorted and not overlapping. Returns the number of marks. */
  replace(findings: readonly Finding[], mark: Mark): number;
}

class PlainView implements View {
  constructor(public view: string) {}

  replace(findings: readonly Finding[], mark: Mark): number {
    this.view = replace(this.view, findings, mark);
    return findings.length;
  }
}

const textOf = (bytes: Uint8Array, encoding: 'utf8' | 'latin1'): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(encoding);

interface ViewOfLine {
  line: LineView;
  privates: number;
  encoding: 'utf8' | 'latin1';
}

function viewOfLine(bytes: Uint8Array): ViewOfLine {
  // latin1 keeps any bytes, and secrets look the same in it.
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1';
  let text = textOf(bytes, encoding);
  let privates = 0;
  // In text that is not JSON, a private span may reach over quotes.
  if (text.includes('<private>') && !isJson(text)) ({ text, privates } = dropPrivate(text));
  const line = new LineView(text);
  line.changeStrings((each) => {
    if (!each.includes('<private>')) return each;
    const dropped = dropPrivate(each);
    privates += dropped.privates;
    return dropped.text;
  });
  return { line, privates, encoding };
}

/**
 * Replaces secrets; returns the number of them in each view. A secret next to another one may be recognised only after
 * the other was replaced, so changed views are searched again.
 */
async function replaceSecrets(views: readonly View[], mark: Mark, own?: OwnFinder): Promise<number[]> {
  const redactions = views.map(() => 0);
  let open = [...views.keys()];
  for (let round = 0; round < maxRounds && open.length > 0; round++) {
    const texts = open.map((index) => (views[index] as View).view);
    const findings = await findSecrets(texts.map(hideMarks), own);
    const changed: number[] = [];
    open.forEach((index, at) => {
      const merged = mergeFindings(findings[at] ?? []);
      if (merged.length === 0) return;
      const found = round < maxRounds - 1 ? merged : widenToRuns(texts[at] ?? '', merged);
      redactions[index] = (redactions[index] ?? 0) + (views[index] as View).replace(found, mark);
      changed.push(index);
    });
    open = changed;
  }
  return redactions;
}

/** JSON whose texts are all redacted; numbers and booleans contain no text. */
export type RedactedTree =
  | Redacted
  | number
  | boolean
  | null
  | readonly RedactedTree[]
  | { readonly [name: string]: RedactedTree };

/** JSON is safe when all its strings are redacted. */
export function redactedJson(value: RedactedTree): Redacted {
  return JSON.stringify(value) as Redacted;
}

/** A part of redacted text. A cut through a mark leaves a harmless rest. */
export function sliceRedacted(text: Redacted, start: number, end: number): Redacted {
  return text.slice(start, end) as Redacted;
}

export function foldRedacted(text: Redacted): Redacted {
  return oneLine(text) as Redacted;
}

export function joinRedacted(parts: readonly Redacted[], by: '\n' | ' ' | '\n\n' | ''): Redacted {
  return parts.filter((part) => part !== '').join(by) as Redacted;
}

/** Marks our own words as redacted; accepts literals only. */
export function literal<const Text extends string>(text: string extends Text ? never : Text): Redacted {
  return text as unknown as Redacted;
}

export const noText: Redacted = emptyText;

/** Drops `<private>…</private>`. A span without an end goes to the end of the text if its tag begins a line. */
export function dropPrivate(text: string): { text: string; privates: number } {
  const [open, close] = ['<private>', '</private>'];
  const lastClose = text.lastIndexOf(close);
  let privates = 0;
  let rest = '';
  let at = 0;
  for (let from = text.indexOf(open); from >= 0; from = text.indexOf(open, at)) {
    const to = from < lastClose ? text.indexOf(close, from) + close.length : text.length;
    const line = from < lastClose ? from : startOfLine(text, from);
    // Inside a sentence and never closed: the tag is only mentioned.
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

/** Start of the line of `from`, including its line break, when only blanks precede `from`; else undefined. */
function startOfLine(text: string, from: number): number | undefined {
  let at = from;
  while (at > 0 && (text[at - 1] === ' ' || text[at - 1] === '\t')) at--;
  if (at === 0) return 0;
  return text[at - 1] === '\n' ? at - 1 : undefined;
}

function* groupBySize<Item>(items: readonly Item[], sizeOf: (item: Item) => number): Generator<Item[]> {
  let group: Item[] = [];
  let size = 0;
  for (const item of items) {
    if (size + sizeOf(item) > lintBytes && group.length > 0) {
      yield group;
      group = [];
      size = 0;
    }
    group.push(item);
    size += sizeOf(item);
  }
  if (group.length > 0) yield group;
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
