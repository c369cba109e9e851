/**
 * Finds the objects on a line that is not one object: files that were cut and joined have several, and what a killed
 * client wrote half stands before what the next one appended. Takes time proportional to the line's length.
 */
import { recordOf, textOf } from './schema';

/** Real lines have a few. */
export const maxParts = 10_000;

/** A whole object, or the text before the next one. */
export type Part = { text: string; value?: unknown };

/** Letters that may be looked at for each letter of the line: every `{` of a half object is tried as a beginning. */
const maxLooks = 16;
const beginning = /\{\s*"[^"\\\n]{0,200}"\s*:/y;
const between = /^[\s,]*$/;

/** The parts of `line` in order. After `maxParts` the rest is one part without a value. */
export function splitGlued(line: string): Part[] {
  const parts: Part[] = [];
  let looks = line.length * maxLooks;
  let from = 0;
  let at = line.indexOf('{');
  while (at >= 0 && looks > 0 && parts.length < maxParts) {
    const isClean = between.test(line.slice(from, Math.min(at, from + 64))) && at - from <= 64;
    beginning.lastIndex = at;
    if (!isClean && !beginning.test(line)) {
      at = line.indexOf('{', at + 1);
      continue;
    }
    const end = endOf(line, at, looks);
    looks -= Math.abs(end) - at;
    const text = end > 0 ? line.slice(at, end) : '';
    const value = end > 0 ? tryParse(text) : undefined;
    if (value === undefined) {
      at = line.indexOf('{', at + 1);
      continue;
    }
    // Inside half an object there are whole ones that are parts of it: only what the client writes as a line counts.
    if (isClean || isLine(value)) {
      if (!isClean) parts.push({ text: line.slice(from, at) });
      parts.push({ text, value });
      from = end;
    }
    at = line.indexOf('{', end);
  }
  const rest = line.slice(from);
  return between.test(rest) ? parts : [...parts, { text: rest }];
}

/** Lines of a session name it; a title of an old client names a line. */
function isLine(value: unknown): boolean {
  const json = recordOf(value);
  return (
    textOf(json?.['type']) !== undefined &&
    (textOf(json?.['sessionId']) !== undefined || textOf(json?.['leafUuid']) !== undefined)
  );
}

/** The end of the object that begins at `start`; when it has none, minus the place where the search ended. */
function endOf(line: string, start: number, looks: number): number {
  let depth = 0;
  let isInString = false;
  const end = Math.min(line.length, start + looks);
  for (let at = start; at < end; at++) {
    const letter = line.charCodeAt(at);
    if (isInString) {
      if (letter === 92 /* \ */) at++;
      else if (letter === 34 /* " */) isInString = false;
    } else if (letter === 34) isInString = true;
    else if (letter === 123 /* { */) depth++;
    else if (letter === 125 /* } */ && --depth === 0) return at + 1;
  }
  return -end;
}

export function tryParse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
