/**
 * A snippet with its found words marked. Ranges come from the keeper, the text from a transcript: both only ever become
 * text nodes.
 */
import type { ReactNode } from 'react';
import type { Range } from '../../src/protocol/model';
import { showInvisible } from '../state/visible-text';

/** `text` with `ranges` in <mark>. Ranges that are out of order, overlap or leave the text are skipped. */
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
