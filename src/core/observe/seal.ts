/**
 * Rows → rows that the store accepts. All texts of a batch are redacted together, and only then cut to the stored
 * length: a cut before that could split a secret, and no rule would recognise the parts.
 */
import { wholeLetter } from '../../protocol/text';
import type { ObservedRow, ToolRow } from './observe';
import { foldRedacted, joinRedacted, literal, noText, sliceRedacted } from './redact';
import type { Redacted, Redactor } from './redact';

export type SealedRow = ObservedRow<Redacted>;

export interface Sealed {
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

export async function sealRows(
  rows: readonly ObservedRow[],
  titles: readonly string[],
  redactor: Redactor,
): Promise<Sealed> {
  const texts: string[] = [];
  const lines: number[] = [];
  for (const row of rows) {
    mapTexts(row, (text) => {
      texts.push(text);
      lines.push(lineOf(row));
      return text;
    });
  }
  // Names of tools, models and agents come from the transcript too and must be redacted. They repeat, so each is
  // redacted once.
  const names = [...new Set(rows.flatMap(namesOf))];
  const report = await redactor.redact([...texts, ...titles, ...names]);
  let next = 0;
  const sealed = rows.map((row) => cut(mapTexts(row, () => report.texts[next++] as Redacted)));
  const sealedTitles = report.texts.slice(next, next + titles.length);
  const safeNames = new Map(names.map((name, index) => [name, report.texts[next + titles.length + index] ?? noText]));
  return {
    rows: sealed.map((row) => withNames(row, (name) => safeNames.get(name) ?? noText)),
    titles: sealedTitles.map((title) => cutLine(foldRedacted(title), maxLine)),
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

function namesOf(row: ObservedRow): string[] {
  if (row.kind === 'late_result') return namesOf(row.own);
  return [row.kind === 'message' ? row.model : row.tool, row.agentId ?? ''].filter((name) => name !== '');
}

function withNames(row: SealedRow, safe: (name: string) => Redacted): SealedRow {
  if (row.kind === 'late_result') return { ...row, own: toolWithNames(row.own, safe) };
  return row.kind === 'tool'
    ? toolWithNames(row, safe)
    : { ...row, model: row.model && safe(row.model), agentId: row.agentId && safe(row.agentId) };
}

const toolWithNames = (row: ToolRow<Redacted>, safe: (name: string) => Redacted): ToolRow<Redacted> => ({
  ...row,
  tool: row.tool && safe(row.tool),
  agentId: row.agentId && safe(row.agentId),
});

/** The row with each of its texts replaced, always in the same order. */
function mapTexts<Text extends string>(row: ObservedRow, visit: (text: string) => Text): ObservedRow<Text> {
  if (row.kind === 'message') return { ...row, text: visit(row.text) };
  return row.kind === 'tool' ? mapTool(row, visit) : { ...row, own: mapTool(row.own, visit) };
}

function mapTool<Text extends string>(row: ToolRow, visit: (text: string) => Text): ToolRow<Text> {
  const { result } = row;
  return {
    ...row,
    headline: visit(row.headline),
    input: visit(row.input),
    diffs: row.diffs.map(({ file, before, after }) => ({
      file: visit(file),
      before: visit(before),
      after: visit(after),
    })),
    result: {
      ...result,
      output: visit(result.output),
      preview: noText as string as Text,
      files: result.files.map(visit),
    },
  };
}
