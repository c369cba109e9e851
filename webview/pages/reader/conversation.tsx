/** The summary and the rows in one column that scrolls, with jumps to a row. */
import { useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import type { ReactNode, Ref } from 'react';
import { Empty } from '../../parts/empty';
import { VirtualList } from '../../parts/list';
import type { ListHandle } from '../../parts/list';
import { t } from '../../state/words';
import { useExpand } from './expanded';
import { collapsedPartsWith } from './long-text';
import { Row } from './reader-row';
import { estimateRow, isLead, isRow, leadRow, toRows } from './rows';
import type { ReaderLine } from './rows';
import { useFirstFocus } from './use-first-focus';
import { useHere } from './use-here';
import { scrollToWords, useMarkedWords } from './use-marked-words';
import type { ReaderPages } from './use-pages';
import { usePreparedTexts } from './use-prepared-texts';

const keyOf = (line: ReaderLine) => line.key;
/** How long the row that was jumped to is highlighted. */
const litMs = 2500;
/** The list measures rows on its way to a target; rows added above it meanwhile would move the target, so they wait. */
const arriveMs = 200;

export interface ConversationHandle {
  focus: () => void;
  /** Key of the row that is being read. */
  here: () => string | undefined;
  /** Scrolls to the row that was read before rows changed their heights. */
  keepPlace: () => void;
}

interface ConversationProps {
  pages: ReaderPages;
  summary: ReactNode;
  /** Words to mark, and to scroll to after a jump. Must be stable. */
  words: readonly string[];
  /** The first visible row, as place to come back to; empty at the beginning. */
  onPlace: (key: string, turn: number | undefined) => void;
  ref: Ref<ConversationHandle>;
}

export function Conversation({ pages, summary, words, onPlace, ref }: ConversationProps) {
  const [faded, setFaded] = useState(0);
  const [arrived, setArrived] = useState(0);
  const list = useRef<ListHandle>(null);
  const box = useRef<HTMLDivElement>(null);
  const expand = useExpand();
  const rows = useMemo(() => toRows(pages.items), [pages.items]);
  // In the middle of a session the summary would look as if the session began there.
  const hasLead = pages.isAtStart && summary !== null;
  const lines = useMemo<readonly ReaderLine[]>(() => (hasLead ? [leadRow, ...rows] : rows), [hasLead, rows]);
  const { target } = pages;
  const here = useHere(lines, target);
  useMarkedWords(box, words);
  usePreparedTexts(pages.items);

  const latest = useRef({ items: pages.items, words });
  useEffect(() => {
    latest.current = { items: pages.items, words };
  });
  const hasArrived = target === undefined ? !pages.isLoading : arrived === target.round;
  useEffect(() => {
    if (!target) return undefined;
    const { key } = target;
    if (key === undefined) list.current?.scrollToStart();
    else {
      const { items, words: marked } = latest.current;
      if (target.kind === 'tool') expand(key);
      for (const name of collapsedPartsWith(
        items.find((item) => item.key === key),
        marked,
      ))
        expand(name);
      list.current?.scrollToKey(key);
    }
    const arrival = setTimeout(() => {
      setArrived(target.round);
      if (key !== undefined) scrollToWords(box.current, key, latest.current.words);
    }, arriveMs);
    const fading = setTimeout(() => setFaded(target.round), litMs);
    return () => {
      clearTimeout(arrival);
      clearTimeout(fading);
    };
  }, [target, expand]);

  const focus = useCallback(() => list.current?.focus(), []);
  useFirstFocus(rows.length > 0, focus);
  useImperativeHandle(ref, () => ({
    focus,
    here: here.read,
    keepPlace: () => {
      const key = here.read();
      // After the rows have been rendered in their new form.
      if (key !== undefined) requestAnimationFrame(() => list.current?.scrollToKey(key));
    },
  }));
  const { see } = here;
  const onRange = useCallback(
    (first: ReaderLine, last: ReaderLine) => {
      see(first.key, last.key);
      onPlace(isRow(first) ? first.key : '', isRow(first) ? first.item.turn : rows[0]?.item.turn);
    },
    [see, onPlace, rows],
  );
  const litKey = target && faded !== target.round ? target.key : undefined;
  const renderItem = useCallback(
    (line: ReaderLine) => (isRow(line) ? <Row row={line} isLit={line.key === litKey} /> : summary),
    [litKey, summary],
  );
  return (
    <div className="reader-body" ref={box} aria-busy={pages.isLoading}>
      {rows.length === 0 ? (
        <Empty icon="comment-discussion" title={t('This session has no messages.')} />
      ) : (
        <VirtualList
          ref={list}
          items={lines}
          keyOf={keyOf}
          estimate={estimateRow}
          isLead={isLead}
          renderItem={renderItem}
          label={t('Conversation')}
          className="conversation"
          isReading
          isAnchored
          isPartial={pages.isPartial}
          isFollowing={(pages.session?.isLive ?? false) && pages.isAtEnd}
          onNearStart={hasArrived ? pages.loadBefore : undefined}
          onNearEnd={hasArrived ? pages.loadAfter : undefined}
          onRange={onRange}
        />
      )}
    </div>
  );
}
