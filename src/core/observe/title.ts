/** A title for a session nobody named: the first thing the prompt says. */
import { foldRedacted, sliceRedacted } from './redact';
import type { Redacted } from './redact';
import { cutLine } from './seal';

const titleLength = 140;
/** How the client hands over a plan that was accepted, and Markdown in front of a first line. */
const preamble = /^(?:\s*Implement the following plan:)?[\s#>*-]*/i;

export function titleOfPrompt(text: Redacted): Redacted {
  const start = preamble.exec(text)?.[0].length ?? 0;
  const lineEnd = text.indexOf('\n', start);
  const line = foldRedacted(sliceRedacted(text, start, lineEnd < 0 ? text.length : lineEnd));
  return cutLine(line === '' ? foldRedacted(text) : line, titleLength);
}
