/** Wraps the prose of a memory, so that a comment does not run out of the window. */

/** Lines that must stay as they are: code blocks of Markdown, tables, and what is indented as code. */
const fence = /^\s*(```|~~~)/;
const isFixed = (line: string) => /^(\t| {4})/.test(line) || /^\s*\|/.test(line);
/** What begins a line and is not repeated: a bullet, a number, a quote, a heading. */
const lead = /^\s*(?:(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ x]\]\s+)?|>\s?|#{1,6}\s+)?/;

/** Breaks lines of more than `width` letters between words. A word that is longer stays whole. */
export function wrapProse(text: string, width: number): string {
  let isInFence = false;
  return text
    .split('\n')
    .flatMap((line) => {
      const isFence = fence.test(line);
      if (isFence) isInFence = !isInFence;
      return isFence || isInFence || isFixed(line) || line.length <= width ? [line] : wrapLine(line, width);
    })
    .join('\n');
}

function wrapLine(line: string, width: number): string[] {
  const start = lead.exec(line)?.[0] ?? '';
  // Later lines of a bullet stand under its text; those of a quote are marked too.
  const margin = start.includes('>') ? start : ' '.repeat(start.length);
  const wrapped: string[] = [];
  let current = start;
  let isEmpty = true;
  for (const word of line.slice(start.length).split(' ')) {
    if (!isEmpty && current.length + 1 + word.length > width) {
      wrapped.push(current.trimEnd());
      current = margin + word;
    } else {
      current = isEmpty ? current + word : `${current} ${word}`;
    }
    isEmpty = false;
  }
  return [...wrapped, current];
}
