/** Highlights the searched words on the screen without changing the document's nodes. */
import { useEffect } from 'react';
import type { RefObject } from 'react';

const name = 'find';
/** More marks are useless to a person, and ranges cost time. */
const maxMarks = 2000;

/** Follows every change below `box`, because rows are mounted and unmounted while scrolling. */
export function useMarkedWords(box: RefObject<HTMLElement | null>, text: string): void {
  useEffect(() => {
    const words = text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const root = box.current;
    // Older editors and test documents have no highlight registry: search works without highlighting there.
    if (!root || words.length === 0 || typeof Highlight === 'undefined' || !('highlights' in CSS)) return undefined;
    let frame = 0;
    const mark = () => {
      CSS.highlights.set(name, new Highlight(...findRanges(root, words)));
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
  }, [box, text]);
}

function findRanges(root: HTMLElement, words: readonly string[]): Range[] {
  const ranges: Range[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node && ranges.length < maxMarks; node = walker.nextNode()) {
    const text = node.nodeValue?.toLowerCase() ?? '';
    for (const word of words) {
      for (
        let at = text.indexOf(word);
        at >= 0 && ranges.length < maxMarks;
        at = text.indexOf(word, at + word.length)
      ) {
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
