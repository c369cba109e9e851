/** One choice of a few, as a group of radio buttons: one tab stop, and the arrow keys choose. */
import type { KeyboardEvent } from 'react';

interface Segment<Value extends string | number> {
  value: Value;
  label: string;
  /** Number behind the label, as it is shown. */
  count?: string;
  title?: string;
}

interface SegmentsProps<Value extends string | number> {
  /** Name of the group for screen readers. */
  label: string;
  segments: readonly Segment<Value>[];
  /** May be none of them. */
  selected: string | number;
  /** Drawn as one switch; otherwise as chips that wrap. */
  isJoined?: boolean;
  onChange: (value: Value) => void;
}

export function Segments<Value extends string | number>({
  label,
  segments,
  selected,
  isJoined = true,
  onChange,
}: SegmentsProps<Value>) {
  const chosen = segments.findIndex(({ value }) => value === selected);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>, index: number) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const next = targetOf(event.key, index, segments.length);
    const segment = next === undefined ? undefined : segments[next];
    if (next === undefined || !segment) return;
    // Otherwise the page behind scrolls.
    event.preventDefault();
    event.currentTarget.parentElement?.querySelectorAll<HTMLElement>('[role="radio"]')[next]?.focus();
    if (segment.value !== selected) onChange(segment.value);
  };
  return (
    <div className={isJoined ? 'chips segments' : 'chips'} role="radiogroup" aria-label={label}>
      {segments.map(({ value, label: name, count = '', title }, index) => (
        <button
          key={value}
          type="button"
          role="radio"
          className="chip"
          aria-checked={index === chosen}
          tabIndex={index === Math.max(0, chosen) ? 0 : -1}
          title={title}
          onClick={() => onChange(value)}
          onKeyDown={(event) => onKeyDown(event, index)}
        >
          <span className="chip-label">{name}</span>
          {count !== '' && <span className="chip-count">{count}</span>}
        </button>
      ))}
    </div>
  );
}

/** Where a key leads; past the end it goes on at the other one. */
function targetOf(key: string, index: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return (index + 1) % count;
    case 'ArrowLeft':
    case 'ArrowUp':
      return (index + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
