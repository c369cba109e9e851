/** Makes a title from the first prompt, for sessions without one. */
import { foldRedacted, sliceRedacted } from './redact';
import type { Redacted } from './redact';
import { cutLine } from './seal';

const titleLength = 140;
/** The client's introduction to an accepted plan, and Markdown before the first word. */
const preamble = /^(?:\s*Implement the following plan:)?[\s#>*-]*/i;

export function titleOfPrompt(text: Redacted): Redacted {
  const start = preamble.exec(text)?.[0].length ?? 0;
  const lineEnd = text.indexOf('\n', start);
  const line = foldRedacted(sliceRedacted(text, start, lineEnd < 0 ? text.length : lineEnd));
  return cutLine(line === '' ? foldRedacted(text) : line, titleLength);
}
