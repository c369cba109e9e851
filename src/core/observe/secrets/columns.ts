/** Tables whose header names a secret: Markdown, CSV, and what databases print. */
import type { Finding } from './finding';

const maxRows = 30;
const maxHeader = 300;
const maxRow = 2000;
const separators = ['|', ',', ';', '\t'] as const;

/**
 * The values below a header cell, without those of other columns; none when the line is no header.
 * @param before letters of the line before the cell
 */
export function cellsBelow(text: string, before: number, start: number, end: number): Omit<Finding, 'kind'>[] {
  const lineStart = start - before;
  const lineEnd = endOfLine(text, end, maxHeader);
  if (text.charAt(lineEnd) !== '\n' || (lineStart > 0 && text.charAt(lineStart - 1) !== '\n')) return [];
  const line = text.slice(lineStart, lineEnd);
  const separator = separators.find((each) => line.includes(each));
  if (separator === undefined) return [];
  const header = line.split(separator);
  // A space behind a comma is that of a list in a sentence or in code.
  if (header.length < 2 || !header.every((cell) => /^[\s"'`*+-]*[\w .-]{0,40}[\s"'`*]*$/.test(cell))) return [];
  if (separator !== '|' && header.some((cell) => /^\s|^$/.test(cell))) return [];
  const column = line.slice(0, start - lineStart).split(separator).length - 1;
  if (line.slice(0, end - lineStart).split(separator).length - 1 !== column) return [];
  const isRule = (from: number): boolean => /^[\s|:+-]+$/.test(text.slice(from, endOfLine(text, from, maxRow)));
  if (separator === '|' && !isRule(lineEnd + 1)) return [];
  const found: Omit<Finding, 'kind'>[] = [];
  let at = lineEnd + 1;
  for (let row = 0; row < maxRows && at < text.length; row++) {
    const next = endOfLine(text, at, maxRow);
    const cells = text.slice(at, next).split(separator);
    if (!isRule(at) && cells.length !== header.length) break;
    const cell = cells[column] ?? '';
    const value = withoutQuotes(cell);
    if (!isRule(at) && value !== '') {
      const from = at + cells.slice(0, column).reduce((sum, each) => sum + each.length + 1, 0) + cell.indexOf(value);
      found.push({ start: from, end: from + value.length });
    }
    at = next + 1;
  }
  return found;
}

/** Without blanks, quotes and marks of Markdown around it. */
function withoutQuotes(cell: string): string {
  let [start, end] = [0, cell.length];
  while (start < end && /[\s"'`*]/.test(cell.charAt(start))) start++;
  while (end > start && /[\s"'`*]/.test(cell.charAt(end - 1))) end--;
  return cell.slice(start, end);
}

/** Not further than `most` letters away: a file may have one line only. */
function endOfLine(text: string, from: number, most: number): number {
  const length = text.slice(from, from + most).indexOf('\n');
  return length < 0 ? Math.min(text.length, from + most) : from + length;
}
