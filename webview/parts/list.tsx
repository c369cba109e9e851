/**
 * A virtual list: thousands of rows of different heights, one tab stop, and a reading position that new rows do not
 * move.
 */
import { measureElement, observeElementRect, defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import type { Range, Virtualizer } from '@tanstack/react-virtual';
import { memo, useCallback, useEffect, useImperativeHandle, useMemo, useRef } from 'react';
import type { CSSProperties, ReactNode, Ref } from 'react';
import { useRoving } from './roving';

/** Methods of a list for its parent. */
export interface ListHandle {
  /** Focuses the list itself, which then scrolls by keys. Needs `isReading`. */
  focus: () => void;
  focusFirst: () => void;
  focusKey: (key: string) => void;
  /** Focuses the row that had the focus last, else the first. */
  focusActive: () => void;
  /** `auto`: only as far as needed to show it. */
  scrollToKey: (key: string, align?: 'start' | 'auto') => void;
  scrollToEnd: () => void;
  scrollToStart: () => void;
}

export interface ListProps<T> {
  items: readonly T[];
  keyOf: (item: T) => string;
  estimate: (item: T) => number;
  /** Renders one row. The element with `data-roving` takes the focus and gets `tabIndex`. */
  renderItem: (item: T, tabIndex: 0 | -1) => ReactNode;
  /** What comes before the rows and scrolls away with them: always mounted, and not counted. Only the first item. */
  isLead?: (item: T) => boolean;
  /** A heading is sticky above its rows, is not focusable and is not counted. */
  isHeading?: (item: T) => boolean;
  label: string;
  className?: string;
  /** There may be more rows than `items`. */
  isPartial?: boolean;
  /** Scrolls to new rows at the end when the last row was visible before. */
  isFollowing?: boolean;
  /** Rows may be added above the first visible one even at the top, as in a reader that loads earlier pages. */
  isAnchored?: boolean;
  /**
   * For text that is read, as in the reader: the list is focused and scrolls by keys, and its rows have focusable elements
   * of their own, instead of one tab stop that moves from row to row.
   */
  isReading?: boolean;
  initialOffset?: number;
  onNearStart?: (() => void) | undefined;
  onNearEnd?: (() => void) | undefined;
  onScroll?: (offset: number) => void;
  /** Keys pressed on a focused row. */
  onRowKey?: (event: React.KeyboardEvent, item: T) => void;
  /** Escape, or up from the first row. */
  onLeave?: () => void;
  /** Called with the rows that are visible now. */
  onRange?: (first: T, last: T) => void;
  ref?: Ref<ListHandle>;
}

type ListVirtualizer = Virtualizer<HTMLDivElement, HTMLDivElement>;

const headingHeight = 28;
const hidden = (rect: { height: number }) => rect.height === 0;

/** See ListProps. */
export function VirtualList<T>(props: ListProps<T>) {
  const { items, keyOf, estimate, isHeading, isLead, isFollowing = false, isReading = false } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const keys = useMemo(() => items.map(keyOf), [items, keyOf]);
  const headings = useMemo(
    () => (isHeading ? items.flatMap((item, index) => (isHeading(item) ? [index] : [])) : []),
    [items, isHeading],
  );
  const hasLead = items[0] !== undefined && (isLead?.(items[0]) ?? false);
  const positions = useMemo(
    () => countPositions(items, (item, index) => (isHeading?.(item) ?? false) || (hasLead && index === 0)),
    [items, isHeading, hasLead],
  );
  const sticky = useRef(-1);
  const activeIndex = useRef(-1);

  const rangeExtractor = useCallback(
    (range: Range) => {
      sticky.current = headings.findLast((index) => index <= range.startIndex) ?? -1;
      // The focused row must stay mounted, or the focus would move to the body; what comes first keeps its state.
      const extra = [hasLead ? 0 : -1, sticky.current, activeIndex.current].filter(
        (index) => index >= 0 && index < range.count,
      );
      return [...new Set([...extra, ...defaultRangeExtractor(range)])].toSorted((a, b) => a - b);
    },
    [headings, hasLead],
  );
  const isAtTop = (scroller.current?.scrollTop ?? 0) < 4;
  // oxlint-disable-next-line react/incompatible-library -- it hands out a mutable object: this component must not be memoised, and is not
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (items[index] === undefined ? 0 : estimate(items[index])),
    getItemKey: (index) => keys[index] ?? index,
    overscan: 6,
    rangeExtractor,
    // 'end' keeps the first visible row in place when rows are added or removed above it; at the very top, new rows may
    // push it down.
    anchorTo: isAtTop && !isFollowing && !props.isAnchored ? 'start' : 'end',
    followOnAppend: isFollowing,
    // The list also scrolls in effects, where React cannot flush synchronously.
    useFlushSync: false,
    // Below 0 the list is never "at its end": an expanded row there must grow downwards instead of moving its own top
    // away.
    scrollEndThreshold: isFollowing ? 48 : -1,
    scrollPaddingStart: headings.length > 0 ? headingHeight : 0,
    initialRect: { width: 320, height: 800 },
    initialOffset: props.initialOffset ?? 0,
    // A hidden tab measures 0 everywhere; the former measurements stay valid.
    observeElementRect: (instance, take) =>
      observeElementRect(instance, (rect) => (hidden(rect) ? undefined : take(rect))),
    measureElement: measureRow,
  });

  const roving = useRoving({ isOn: !isReading, keys, positions, scroller, virtualizer, onLeave: props.onLeave });
  activeIndex.current = roving.activeIndex;
  useImperativeHandle(props.ref, () => ({
    focus: () => scroller.current?.focus({ preventScroll: true }),
    focusFirst: roving.focusFirst,
    focusKey: roving.focusKey,
    focusActive: roving.focusActive,
    scrollToKey: (key, align = 'start') => {
      const index = keys.indexOf(key);
      if (index >= 0) virtualizer.scrollToIndex(index, { align });
    },
    scrollToEnd: () => virtualizer.scrollToIndex(keys.length - 1, { align: 'end' }),
    scrollToStart: () => virtualizer.scrollToOffset(0),
  }));

  const rows = virtualizer.getVirtualItems();
  useNearEdges(props, virtualizer, items);
  const setSize = props.isPartial ? -1 : (positions.at(-1) ?? 0);
  const drawn = rows.map((row) => {
    const item = items[row.index];
    if (item === undefined) return null;
    const isCounted = (positions[row.index] ?? 0) > (positions[row.index - 1] ?? 0);
    const isStuck = row.index === sticky.current;
    return (
      <div
        key={row.key}
        ref={virtualizer.measureElement}
        data-index={row.index}
        data-key={keys[row.index]}
        className={isStuck ? 'row row-stuck' : 'row'}
        style={isStuck ? undefined : placeAt(row.start)}
        {...(isCounted
          ? { role: 'listitem', 'aria-setsize': setSize, 'aria-posinset': positions[row.index] }
          : { role: 'presentation' })}
      >
        {isReading ? (
          <RowContent item={item} render={props.renderItem} />
        ) : (
          props.renderItem(item, row.index === roving.activeIndex ? 0 : -1)
        )}
      </div>
    );
  });
  // Where rows have elements of their own, the list of them is an element without a box, so that what scrolls can have a
  // name and the focus, and what comes first is not in the list.
  const list = { role: 'list', 'aria-label': props.label };
  return (
    <div
      ref={scroller}
      className={`list ${props.className ?? ''}`}
      {...(isReading ? { role: 'group', 'aria-label': props.label, tabIndex: 0 } : list)}
      onFocus={roving.onFocus}
      onKeyDown={(event) => {
        const item = items[roving.indexOfTarget(event.target)];
        if (item !== undefined) props.onRowKey?.(event, item);
        if (!event.defaultPrevented) roving.onKeyDown(event);
      }}
      onScroll={(event) => props.onScroll?.(event.currentTarget.scrollTop)}
    >
      <div className="list-body" style={{ height: virtualizer.getTotalSize() }} role="presentation">
        {isReading ? (
          <>
            {hasLead && drawn[0]}
            <div className="list-rows" {...list}>
              {hasLead ? drawn.slice(1) : drawn}
            </div>
          </>
        ) : (
          drawn
        )}
      </div>
    </div>
  );
}

interface RowContentProps<T> {
  item: T;
  render: ListProps<T>['renderItem'];
}

/** Rendered again only when its item has changed: scrolling moves rows, and renders those that come in. */
const RowContent = memo(function RowContent({ item, render }: RowContentProps<unknown>) {
  return <>{render(item, -1)}</>;
}) as <T>(props: RowContentProps<T>) => ReactNode;

const placeAt = (start: number): CSSProperties => ({ transform: `translateY(${start}px)` });

function measureRow(
  element: HTMLDivElement,
  entry: ResizeObserverEntry | undefined,
  instance: ListVirtualizer,
): number {
  const size = measureElement(element, entry, instance);
  if (size > 0) return size;
  const index = instance.indexFromElement(element);
  return instance.itemSizeCache.get(instance.options.getItemKey(index)) ?? instance.options.estimateSize(index);
}

/** The position of each row among those that count, from 1. */
function countPositions<T>(items: readonly T[], isPassedOver: (item: T, index: number) => boolean): number[] {
  let count = 0;
  return items.map((item, index) => (isPassedOver(item, index) ? count : (count += 1)));
}

function useNearEdges<T>(
  { onNearStart, onNearEnd, onRange }: ListProps<T>,
  virtualizer: ListVirtualizer,
  items: readonly T[],
): void {
  const first = virtualizer.range?.startIndex ?? 0;
  const last = virtualizer.range?.endIndex ?? 0;
  useEffect(() => {
    const [firstItem, lastItem] = [items[first], items[last]];
    if (firstItem === undefined || lastItem === undefined) return;
    onRange?.(firstItem, lastItem);
    if (first <= 4) onNearStart?.();
    if (last >= items.length - 6) onNearEnd?.();
  }, [first, last, items, onNearStart, onNearEnd, onRange]);
}
