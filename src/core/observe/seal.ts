/**
 * Rows → rows that the store accepts. All texts of a batch are redacted together, and only then cut to the stored
 * length: a cut before that could split a secret, and no rule would recognise the parts.
 */
import { wholeLetter } from '../../protocol/text';
import type { CostDraft, UsageDraft } from '../transcript/drafts';
import type { ObservedRow, ToolRow } from './observe';
import { foldRedacted, joinRedacted, literal, noText, sliceRedacted } from './redact';
import type { Redacted, Redactor } from './redact';

export type SealedRow = ObservedRow<Redacted>;

/** What a batch says of tokens: each names a model. */
interface Spent<Text extends string = string> {
  usage: readonly UsageDraft<Text>[];
  cost: CostDraft<Text> | undefined;
}

export interface Sealed extends Spent<Redacted> {
  rows: SealedRow[];
  titles: Redacted[];
  /** Number of secrets replaced in this batch. */
  redactions: number;
  /** Lines with a private span that was dropped. */
  privateLines: Set<number>;
}

/** Longest text stored, in UTF-16 units. The rest is counted and stays in the transcript only. */
export const maxText = 64 * 1024;
const maxInput = 16 * 1024;
const maxDiff = 32 * 1024;
const maxLine = 300;
const previewLength = 240;
/** Longest name of a tool, a model or an agent. */
const maxName = 400;

export async function sealRows(
  rows: readonly ObservedRow[],
  titles: readonly string[],
  redactor: Redactor,
  spent: Spent = { usage: [], cost: undefined },
): Promise<Sealed> {
  const texts: string[] = [];
  const lines: number[] = [];
  // Names of tools, models and agents come from the transcript too and must be redacted. They repeat, so each is
  // redacted once.
  const names = new Set<string>();
  const noteName = (name: string): string => {
    names.add(name);
    return name;
  };
  for (const row of rows) {
    const noteText = (text: string): string => {
      texts.push(text);
      lines.push(lineOf(row));
      return text;
    };
    mapTexts(row, { text: noteText, name: noteName });
  }
  mapModels(spent, noteName);
  const report = await redactor.redact([...texts, ...titles, ...names]);
  let next = 0;
  const namesFrom = texts.length + titles.length;
  const safeNames = new Map(
    [...names].map((name, index) => {
      const safe = report.texts[namesFrom + index] as Redacted;
      return [name, sliceRedacted(safe, 0, wholeLetter(safe, maxName))] as const;
    }),
  );
  const safeName = (name: string): Redacted => safeNames.get(name) ?? noText;
  const sealed = rows.map((row) =>
    cut(mapTexts(row, { text: () => report.texts[next++] as Redacted, name: safeName })),
  );
  return {
    rows: sealed,
    titles: report.texts.slice(next, namesFrom).map((title) => cutLine(foldRedacted(title), maxLine)),
    ...mapModels(spent, safeName),
    redactions: report.redactions.reduce((sum, count) => sum + count, 0),
    privateLines: new Set(lines.filter((_, index) => (report.privates[index] ?? 0) > 0)),
  };
}

/** The text as one line of at most `most` letters. */
export function cutLine(text: Redacted, most: number): Redacted {
  const end = wholeLetter(text, most - 1);
  return text.length <= most ? text : joinRedacted([sliceRedacted(text, 0, end), literal('…')], '');
}

/** Keeps the beginning and the end: requests are at the beginning, errors at the end. */
function shorten(text: Redacted, most: number): { text: Redacted; truncatedBytes: number } {
  if (text.length <= most) return { text, truncatedBytes: 0 };
  const head = sliceRedacted(text, 0, wholeLetter(text, Math.floor(most * 0.75)));
  const tail = sliceRedacted(text, wholeLetter(text, text.length - Math.floor(most * 0.25)), text.length);
  const truncatedBytes = Buffer.byteLength(text) - Buffer.byteLength(head) - Buffer.byteLength(tail);
  return { text: joinRedacted([head, literal('\n[… shortened …]\n'), tail], '\n'), truncatedBytes };
}

function cut(row: SealedRow): SealedRow {
  if (row.kind === 'late_result') return { ...row, own: cutTool(row.own) };
  if (row.kind === 'tool') return cutTool(row);
  const { text, truncatedBytes } = shorten(row.text, maxText);
  return { ...row, text, truncatedBytes: row.truncatedBytes + truncatedBytes };
}

function cutTool(row: ToolRow<Redacted>): ToolRow<Redacted> {
  const { text: output, truncatedBytes } = shorten(row.result.output, maxText);
  const preview = cutLine(foldRedacted(sliceRedacted(output, 0, wholeLetter(output, 2000))), previewLength);
  // Folded only after redaction, because a private span is recognised by the beginning of its line.
  const headline = cutLine(foldRedacted(row.headline), maxLine);
  return {
    ...row,
    headline: headline === '' ? preview : headline,
    input: shorten(row.input, maxInput).text,
    diffs: row.diffs.map(({ file, before, after }) => ({
      file,
      before: shorten(before, maxDiff).text,
      after: shorten(after, maxDiff).text,
    })),
    result: { ...row.result, output, truncatedBytes: row.result.truncatedBytes + truncatedBytes, preview },
  };
}

const lineOf = (row: ObservedRow): number => (row.kind === 'late_result' ? row.own.line : row.line);

interface Visit<Text extends string> {
  text: (text: string) => Text;
  name: (name: string) => Text;
}

/** The row with each of its texts and names replaced; its texts always in the same order. */
function mapTexts<Text extends string>(row: ObservedRow, visit: Visit<Text>): ObservedRow<Text> {
  if (row.kind === 'late_result') return { ...row, own: mapTool(row.own, visit) };
  if (row.kind === 'tool') return mapTool(row, visit);
  return { ...row, ...mapAgent(row, visit), text: visit.text(row.text), model: visit.name(row.model) };
}

function mapTool<Text extends string>({ model, ...row }: ToolRow, visit: Visit<Text>): ToolRow<Text> {
  const { result } = row;
  return {
    ...row,
    ...mapAgent(row, visit),
    tool: visit.name(row.tool),
    ...(model !== undefined && { model: visit.name(model) }),
    headline: visit.text(row.headline),
    input: visit.text(row.input),
    diffs: row.diffs.map(({ file, before, after }) => ({
      file: visit.text(file),
      before: visit.text(before),
      after: visit.text(after),
    })),
    result: {
      ...result,
      output: visit.text(result.output),
      preview: noText as string as Text,
      files: result.files.map((file) => visit.text(file)),
    },
  };
}

const mapAgent = <Text extends string>({ agentId }: { agentId: string | null }, visit: Visit<Text>) => ({
  agentId: agentId === null ? null : visit.name(agentId),
});

function mapModels<Text extends string>({ usage, cost }: Spent, name: Visit<Text>['name']): Spent<Text> {
  return {
    usage: usage.map((each) => ({ ...each, model: name(each.model) })),
    cost: cost && { ...cost, models: cost.models.map((each) => ({ ...each, model: name(each.model) })) },
  };
}
