/** A snippet with highlighted words. Ranges and text are not trusted and only become text nodes. */
import type { ReactNode } from 'react';
import type { Range } from '../../src/protocol/search-hit';
import { showInvisible } from '../../src/protocol/visible-text';

/** `text` with `ranges` in <mark>. Ranges that are unsorted, overlap or exceed the text are skipped. */
export function Highlight({ text, ranges }: { text: string; ranges: readonly Range[] }) {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const [start, end] of ranges) {
    if (start < at || end <= start || end > text.length) continue;
    parts.push(showInvisible(text.slice(at, start)), <mark key={start}>{showInvisible(text.slice(start, end))}</mark>);
    at = end;
  }
  parts.push(showInvisible(text.slice(at)));
  return <>{parts}</>;
}
