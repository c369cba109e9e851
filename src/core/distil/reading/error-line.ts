import { normalizeError } from '../../observe/fingerprint';

/** Letters that make a line telling. */
const minLetters = 16;
const maxLines = 200;

/**
 * A line of an error without what changes from run to run. Undefined for a line that is too short to be one error and no
 * other, like `Exit code 1`.
 */
export function errorLine(text: string): string | undefined {
  const line = normalizeError(text.trim());
  return line.replace(/<\w+>|[^\p{L}]/gu, '').length < minLetters ? undefined : line;
}

/** Of the beginning of an output. */
export const errorLinesIn = (output: string): string[] =>
  output.split('\n', maxLines).flatMap((line) => errorLine(line) ?? []);
