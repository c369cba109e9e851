/** Renders the Markdown of loaded rows while the page has nothing else to do, so that scrolling only mounts it. */
import { useEffect } from 'react';
import type { ReaderItem } from '../../../src/protocol/model';
import { prepareMarkdown } from '../../parts/markdown';
import { collapseText } from './long-text';

/** A longer text is rendered when it is shown: it would take several frames. */
const maxPrepared = 30_000;
/** Milliseconds that must be left of an idle time to begin another text. */
const needMs = 6;

export function usePreparedTexts(items: readonly ReaderItem[]): void {
  useEffect(() => {
    // Test documents and older browsers have no idle time: texts are rendered as they come in.
    if (typeof requestIdleCallback === 'undefined') return undefined;
    const waiting = items.flatMap((item) => textOf(item) ?? []).toReversed();
    let handle = 0;
    const work = (deadline: IdleDeadline) => {
      while (deadline.timeRemaining() > needMs) {
        const text = waiting.pop();
        if (text === undefined) return;
        prepareMarkdown(text);
      }
      handle = requestIdleCallback(work);
    };
    handle = requestIdleCallback(work);
    return () => cancelIdleCallback(handle);
  }, [items]);
}

/** The text of a row as it is shown first; undefined when it is not Markdown or too long. */
function textOf(item: ReaderItem): string | undefined {
  if (item.kind === 'tool' || item.role === 'system' || item.role === 'tool') return undefined;
  const text = item.role === 'user' ? collapseText(item.text).text : item.text;
  return text.length > maxPrepared ? undefined : text;
}
