/** Decides where and in what form a memory is inserted. Pure: gets and returns plain data. */
import { trimEndOf } from '../../protocol/text';
import { cleanText, commentOut } from './comment';
import { commentSyntaxOf, isProse } from './languages';
import { placeComment } from './region';
import type { Region } from './region';
import { wrapProse } from './wrap';

const defaultWidth = 100;
/** Of a deeply indented place: shorter lines are harder to read than long ones. */
const minRoom = 40;
/** `// ` and the like. */
const signs = 4;

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
  /** Unknown: there is a line wherever one is asked for. */
  lineCount?: number;
  /** Columns of a comment's line; 100 when absent. */
  width?: number;
}

/** A memory to insert. */
export interface Inserted {
  text: string;
  /** Where it is from, in one line; the last line of a comment. */
  source?: string;
}

/** The edits of one insertion. They never overlap, so one undo reverts all of them. */
export function planInsertion(target: InsertionTarget, memory: Inserted, style: InsertStyle): Insertion[] {
  const comments = new Map<number, Region>();
  const texts: Span[] = [];
  const find = style === 'text' ? undefined : placeFinder(target);
  for (const selection of target.selections) {
    const place = find?.(selection.start.line);
    if (place && isComment(place.region.languageId, style)) comments.set(place.line, place.region);
    else texts.push(selection);
  }
  return [
    ...[...comments].map(([line, region]) => planComment(target, memory, line, region)),
    ...planText(target, memory.text, texts),
  ].toSorted((one, other) => one.start.line - other.start.line || one.start.character - other.start.character);
}

type Placed = ReturnType<typeof placeComment>;

/** Where a comment for a line can stand. The editor is asked once for each line, however many cursors there are. */
function placeFinder({ languageId, lineAt, lineCount = Infinity }: InsertionTarget): (line: number) => Placed {
  const lines = new Map<number, string>();
  const read = (at: number): string => {
    const text = lines.get(at) ?? (at < lineCount ? lineAt(at) : '');
    lines.set(at, text);
    return text;
  };
  const places = new Map<number, Placed>();
  return (line) => {
    const place = places.get(line) ?? placeComment(languageId, line, read);
    places.set(line, place);
    return place;
  };
}

function isComment(languageId: string, style: InsertStyle): boolean {
  if (!commentSyntaxOf(languageId)) return false;
  return style === 'comment' || !isProse(languageId);
}

/** Inserts whole lines above a line: a comment inside a line would comment out the code behind it. */
function planComment(
  { lineAt, lineCount, width = defaultWidth }: InsertionTarget,
  memory: Inserted,
  line: number,
  region: Region,
): Insertion {
  const isAfterEnd = line >= (lineCount ?? Infinity);
  const present = isAfterEnd ? '' : lineAt(line);
  const prefix = region.prefix ?? '';
  const margin = prefix.includes('>') || indentOf(present).length < prefix.length ? prefix : indentOf(present);
  // Room for the signs of a comment on both sides.
  const room = Math.max(width - margin.length - signs, minRoom);
  const lines = [wrapProse(memory.text.trimEnd(), room), ...(memory.source === undefined ? [] : [memory.source])];
  const comment = commentOut(lines.join('\n'), region.languageId, margin, region.hazards);
  if (isAfterEnd) {
    const end = { line: line - 1, character: lineAt(line - 1).length };
    return { start: end, end, text: `\n${comment}` };
  }
  const start = { line, character: 0 };
  const isBlank = present.trim() === prefix.trim();
  return isBlank
    ? { start, end: { line, character: present.length }, text: comment }
    : { start, end: start, text: `${comment}\n` };
}

function planText({ lineAt }: InsertionTarget, text: string, selections: readonly Span[]): Insertion[] {
  const lines = trimEndOf(cleanText(text).replace(/^\n+/, ''), '\n').split('\n');
  return selections.map(({ start, end }) => {
    const indent = indentOf(lineAt(start.line).slice(0, start.character));
    return { start, end, text: lines.map((line, at) => (at > 0 && line !== '' ? indent + line : line)).join('\n') };
  });
}

function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}
