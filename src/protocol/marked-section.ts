/** A section of ours in a file of somebody else, between two marks. What stands around it is not changed. */
import { MemoryError } from './errors';

export interface SectionMarks {
  begin: string;
  end: string;
  /** How the first mark begins: another version may say something else behind it. */
  opening: string;
}

/** True when the text has such a section. @throws MemoryError `invalid_input` when one of its marks is missing */
export const hasSection = (text: string, marks: SectionMarks): boolean => sectionIn(text, marks) !== undefined;

/**
 * The text with the section replaced, or put at the end; without lines, taken out. @throws MemoryError `invalid_input`
 * when one of its marks is missing
 */
export function putSection(text: string, marks: SectionMarks, lines: readonly string[]): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const block = lines.length === 0 ? '' : [marks.begin, ...lines, marks.end].join('\n').replaceAll('\n', newline);
  const place = sectionIn(text, marks);
  if (!place) {
    if (block === '') return text;
    return text === '' ? block + newline : text.trimEnd() + newline + newline + block + newline;
  }
  const [above, below] = [text.slice(0, place.begin), text.slice(place.end)];
  if (block !== '') return above + block + below;
  const rest = below.trimStart();
  const kept = above.trimEnd();
  if (kept === '') return rest;
  return rest === '' ? kept + newline : kept + newline + newline + rest;
}

function sectionIn(text: string, { opening, end: endMark }: SectionMarks): { begin: number; end: number } | undefined {
  const [begin, end] = [text.indexOf(opening), text.indexOf(endMark)];
  if (begin < 0 !== end < 0 || end < begin)
    throw new MemoryError(
      'invalid_input',
      'Only one of the two markers of Claude-Mem stands in this file. Put the other one back, or delete it.',
    );
  return begin < 0 ? undefined : { begin, end: end + endMark.length };
}
