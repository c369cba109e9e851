/** Decides where and in what form a memory is inserted. Pure: gets and returns plain data. */
import { trimEndOf } from '../../protocol/text';
import { cleanText, commentOut } from './comment';
import { commentSyntaxOf, isProse } from './languages';

export type InsertStyle = 'auto' | 'text' | 'comment';

interface Place {
  line: number;
  character: number;
}
interface Span {
  start: Place;
  end: Place;
}
export interface Insertion extends Span {
  text: string;
}

export interface InsertionTarget {
  languageId: string;
  /** One for every cursor; start and end are equal when nothing is selected. */
  selections: readonly Span[];
  lineAt: (line: number) => string;
}

/** The edits of one insertion. They never overlap, so one undo reverts all of them. */
export function planInsertion(target: InsertionTarget, text: string, style: InsertStyle): Insertion[] {
  return isComment(target.languageId, style) ? planComments(target, text) : planText(target, text);
}

function isComment(languageId: string, style: InsertStyle): boolean {
  if (style === 'text' || !commentSyntaxOf(languageId)) return false;
  return style === 'comment' || !isProse(languageId);
}

/** Inserts whole lines above the line of each cursor: a comment inside a line would comment out the code behind it. */
function planComments({ languageId, selections, lineAt }: InsertionTarget, text: string): Insertion[] {
  const lines = [...new Set(selections.map(({ start }) => start.line))].toSorted((one, other) => one - other);
  return lines.map((line) => {
    const present = lineAt(line);
    const comment = commentOut(text, languageId, indentOf(present));
    const isBlank = present.trim() === '';
    const start = { line, character: 0 };
    return isBlank
      ? { start, end: { line, character: present.length }, text: comment }
      : { start, end: start, text: `${comment}\n` };
  });
}

function planText({ selections, lineAt }: InsertionTarget, text: string): Insertion[] {
  const lines = trimEndOf(cleanText(text).replace(/^\n+/, ''), '\n').split('\n');
  return selections.map(({ start, end }) => {
    const indent = indentOf(lineAt(start.line).slice(0, start.character));
    return { start, end, text: lines.map((line, at) => (at > 0 && line !== '' ? indent + line : line)).join('\n') };
  });
}

function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}
