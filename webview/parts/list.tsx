/**
 * A virtual list: thousands of rows of different heights, one tab stop, and a reading position that new rows do not
 * move.
 */
import { measureElement, observeElementRect, defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import type { Range, Virtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useImperativeHandle, useMemo, useRef } from 'react';
import type { CSSProperties, ReactNode, Ref } from 'react';
import { useRoving } from './roving';

/** Methods of a list for its parent. */
export interface ListHandle {
  focusFirst: () => void;
  focusKey: (key: string) => void;
  scrollToKey: (key: string, align?: 'start' | 'center') => void;
  scrollToEnd: () => void;
}

export interface ListProps<T> {
  items: readonly T[];
  keyOf: (item: T) => string;
  estimate: (item: T) => number;
  /** Renders one row. The element with `data-roving` takes the focus and gets `tabIndex`. */
  renderItem: (item: T, tabIndex: 0 | -1) => ReactNode;
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
  /** False when rows have focusable elements of their own, as in the reader. */
  isRoving?: boolean;
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
  const { items, keyOf, estimate, isHeading, isFollowing = false, isRoving = true } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const keys = useMemo(() => items.map(keyOf), [items, keyOf]);
  const headings = useMemo(
    () => (isHeading ? items.flatMap((item, index) => (isHeading(item) ? [index] : [])) : []),
    [items, isHeading],
  );
  const positions = useMemo(() => countPositions(items, isHeading), [items, isHeading]);
  const sticky = useRef(-1);
  const activeIndex = useRef(-1);

  const rangeExtractor = useCallback(
    (range: Range) => {
      sticky.current = headings.findLast((index) => index <= range.startIndex) ?? -1;
      // The focused row must stay mounted, or the focus would move to the body.
      const extra = [sticky.current, activeIndex.current].filter((index) => index >= 0 && index < range.count);
      return [...new Set([...extra, ...defaultRangeExtractor(range)])].toSorted((a, b) => a - b);
    },
    [headings],
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

  const roving = useRoving({ isOn: isRoving, keys, positions, scroller, virtualizer, onLeave: props.onLeave });
  activeIndex.current = roving.activeIndex;
  useImperativeHandle(props.ref, () => ({
    focusFirst: roving.focusFirst,
    focusKey: roving.focusKey,
    scrollToKey: (key, align = 'start') => {
      const index = keys.indexOf(key);
      if (index >= 0) virtualizer.scrollToIndex(index, { align });
    },
    scrollToEnd: () => virtualizer.scrollToIndex(keys.length - 1, { align: 'end' }),
  }));

  const rows = virtualizer.getVirtualItems();
  useNearEdges(props, virtualizer, items);
  const setSize = props.isPartial ? -1 : (positions.at(-1) ?? 0);
  return (
    <div
      ref={scroller}
      className={`list ${props.className ?? ''}`}
      role="list"
      aria-label={props.label}
      onFocus={roving.onFocus}
      onKeyDown={(event) => {
        const item = items[roving.indexOfTarget(event.target)];
        if (item !== undefined) props.onRowKey?.(event, item);
        if (!event.defaultPrevented) roving.onKeyDown(event);
      }}
      onScroll={(event) => props.onScroll?.(event.currentTarget.scrollTop)}
    >
      <div className="list-body" style={{ height: virtualizer.getTotalSize() }} role="presentation">
        {rows.map((row) => {
          const item = items[row.index];
          if (item === undefined) return null;
          const isRowHeading = isHeading?.(item) ?? false;
          const isStuck = row.index === sticky.current;
          return (
            <div
              key={row.key}
              ref={virtualizer.measureElement}
              data-index={row.index}
              data-key={keys[row.index]}
              className={isStuck ? 'row row-stuck' : 'row'}
              style={isStuck ? undefined : placeAt(row.start)}
              {...(isRowHeading
                ? { role: 'presentation' }
                : { role: 'listitem', 'aria-setsize': setSize, 'aria-posinset': positions[row.index] })}
            >
              {props.renderItem(item, row.index === roving.activeIndex ? 0 : -1)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

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
function countPositions<T>(items: readonly T[], isHeading: ((item: T) => boolean) | undefined): number[] {
  let count = 0;
  return items.map((item) => (isHeading?.(item) ? count : (count += 1)));
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
