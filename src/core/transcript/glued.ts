/** Splits a line that holds several JSON objects, as cut and joined files have. Bounded by the length of the line. */

/** A real glued line has a few. */
export const maxParts = 10_000;

/**
 * The top-level objects of `line`, in order, or undefined when what is between them is not JSON at all. Beyond
 * `maxParts` the rest is one part, not to be read.
 */
export function splitGlued(line: string): string[] | undefined {
  const parts: string[] = [];
  let depth = 0;
  let start = -1;
  let isInString = false;
  for (let at = 0; at < line.length; at++) {
    const letter = line.charCodeAt(at);
    if (isInString) {
      if (letter === 92 /* \ */) at++;
      else if (letter === 34 /* " */) isInString = false;
      continue;
    }
    if (letter === 34 && depth > 0) isInString = true;
    else if (letter === 123 /* { */) {
      if (depth++ === 0) start = at;
    } else if (letter === 125 /* } */ && depth > 0) {
      if (--depth > 0) continue;
      parts.push(line.slice(start, at + 1));
      if (parts.length === maxParts && at + 1 < line.length) return [...parts, line.slice(at + 1)];
    } else if (depth === 0 && letter > 32 && letter !== 44 /* , */) return undefined;
  }
  return parts.length > 1 || (parts.length === 1 && depth > 0) ? parts : undefined;
}
