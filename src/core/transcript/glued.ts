/**
 * Splits a line that contains several JSON objects, as truncated and joined files have. Takes time proportional to its
 * length.
 */

/** Real lines have a few. */
export const maxParts = 10_000;

/**
 * The top-level objects of `line` in order; undefined when there is other text between them. After `maxParts` the rest
 * is one part, which is not parsed.
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
