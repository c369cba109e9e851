/** A fingerprint that is the same for equal errors, whatever paths, numbers and names they contain. */
import { createHash } from 'node:crypto';
import { regex } from '../lib/regex';

const errorLine = regex('i')`
  \b(?:error|exception|panic|fatal|failed|failure|cannot|can't|undefined|not found|no such|denied|
  refused|traceback|segmentation fault)\b
`;

/** 16 hex digits, or undefined when no line looks like an error. */
export function fingerprintError(output: string): string | undefined {
  const lines = output
    .split('\n', 400)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const line =
    lines.find((each) => errorLine.test(each) && !/^(?:Error: )?Exit code \d+$/i.test(each)) ??
    lines.find((each) => !/^Exit code/i.test(each));
  if (!line) return undefined;
  return createHash('sha256').update(normalizeError(line)).digest('hex').slice(0, 16);
}

/** The part of an error line that does not change from run to run. */
export function normalizeError(line: string): string {
  return (
    line
      .slice(0, 500)
      .toLowerCase()
      .replace(/(["'`])(?:(?!\1).){1,200}\1/g, '<q>')
      .replace(/(?:[a-z]:)?(?:[\w.@~+-]*[/\\])+[\w.@+-]+/g, '<path>')
      // Requires both a letter and a digit: digits only are a number, letters only may be a word.
      .replace(/\b0x[0-9a-f]+\b|\b(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{7,}\b/g, '<hex>')
      .replace(/\d+/g, '<n>')
      .replace(/\s+/g, ' ')
      .trim()
  );
}
