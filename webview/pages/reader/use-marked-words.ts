/** Highlights words on the screen without changing the document's nodes, and scrolls to the first of a row. */
import { useEffect } from 'react';
import type { RefObject } from 'react';

const name = 'find';
/** More marks are useless to a person, and ranges cost time. */
const maxMarks = 2000;

/** Follows every change below `box`, because rows are mounted and unmounted while scrolling. `words` must be stable. */
export function useMarkedWords(box: RefObject<HTMLElement | null>, words: readonly string[]): void {
  useEffect(() => {
    const folded = words.map((word) => word.toLowerCase()).filter((word) => word !== '');
    const root = box.current;
    // Older editors and test documents have no highlight registry: search works without highlighting there.
    if (!root || folded.length === 0 || typeof Highlight === 'undefined' || !('highlights' in CSS)) return undefined;
    let frame = 0;
    const mark = () => {
      CSS.highlights.set(name, new Highlight(...findRanges(root, folded, maxMarks)));
    };
    const observer = new MutationObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(mark);
    });
    observer.observe(root, { childList: true, subtree: true, characterData: true });
    mark();
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      CSS.highlights.delete(name);
    };
  }, [box, words]);
}

/** In a row higher than the screen, the words may be below it: shows the first of them. */
export function scrollToWords(box: HTMLElement | null, key: string, words: readonly string[]): void {
  const row = box?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"] :is(.markdown, .tool-head, .tool-body)`);
  const whole = row?.closest<HTMLElement>('[data-key]');
  const scroller = row?.closest<HTMLElement>('.list');
  if (!whole || !scroller) return;
  const [range] = findRanges(
    whole,
    words.map((word) => word.toLowerCase()).filter((word) => word !== ''),
    1,
  );
  if (!range || typeof range.getBoundingClientRect !== 'function') return;
  const [at, shown] = [range.getBoundingClientRect(), scroller.getBoundingClientRect()];
  if (at.top >= shown.top && at.bottom <= shown.bottom) return;
  scroller.scrollBy(0, at.top - shown.top - shown.height / 3);
}

function findRanges(root: HTMLElement, words: readonly string[], most: number): Range[] {
  const ranges: Range[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node && ranges.length < most; node = walker.nextNode()) {
    const text = node.nodeValue?.toLowerCase() ?? '';
    for (const word of words) {
      for (let at = text.indexOf(word); at >= 0 && ranges.length < most; at = text.indexOf(word, at + word.length)) {
        // Lower-casing may change the length of a text (İ), and a range outside the node would throw.
        if (at + word.length > (node.nodeValue?.length ?? 0)) break;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + word.length);
        ranges.push(range);
      }
    }
  }
  return ranges;
}
