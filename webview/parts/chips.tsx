/** A row of small toggle buttons for filters. */
import { formatNumber } from '../state/format';
import { Icon } from './icon';
import { TailText } from './tail-text';
import { useToolbar } from './use-toolbar';

export interface Chip<Value extends string = string> {
  value: Value;
  label: string;
  icon?: string;
  count?: number;
  title?: string;
}

interface ChipsProps<Value extends string> {
  /** Name of the group for screen readers. */
  label: string;
  chips: readonly Chip<Value>[];
  selected: readonly string[];
  className?: string;
  onToggle: (value: Value) => void;
}

/** Toggle buttons that are one tab stop. The caller keeps track of which ones are pressed. */
export function Chips<Value extends string>({ label, chips, selected, className, onToggle }: ChipsProps<Value>) {
  const { tabIndexOf, onKeyDown } = useToolbar(chips.length);
  if (chips.length === 0) return null;
  return (
    <div className={`chips ${className ?? ''}`} role="toolbar" aria-label={label} onKeyDown={onKeyDown}>
      {chips.map((chip, index) => (
        <button
          key={chip.value}
          type="button"
          className="chip"
          data-tool=""
          tabIndex={tabIndexOf(index)}
          aria-pressed={selected.includes(chip.value)}
          title={chip.title ?? chip.label}
          onClick={() => onToggle(chip.value)}
        >
          {chip.icon && <Icon name={chip.icon} />}
          <TailText className="chip-label" text={chip.label} />
          {chip.count !== undefined && <span className="chip-count">{formatNumber(chip.count)}</span>}
        </button>
      ))}
    </div>
  );
}

/** `values` with `value` added, or removed when it was there. */
export function toggle(values: readonly string[], value: string): string[] {
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
}
