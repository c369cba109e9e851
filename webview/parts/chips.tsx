/** A row of small toggle buttons for filters. */
import { formatNumber } from '../state/format';
import { Icon } from './icon';

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
  onToggle: (value: Value) => void;
}

/** A group of toggle buttons. The caller keeps track of which ones are pressed. */
export function Chips<Value extends string>({ label, chips, selected, onToggle }: ChipsProps<Value>) {
  if (chips.length === 0) return null;
  return (
    <div className="chips" role="group" aria-label={label}>
      {chips.map((chip) => {
        const isOn = selected.includes(chip.value);
        return (
          <button
            key={chip.value}
            type="button"
            className="chip"
            aria-pressed={isOn}
            title={chip.title}
            onClick={() => onToggle(chip.value)}
          >
            {chip.icon && <Icon name={chip.icon} />}
            <span className="chip-label">{chip.label}</span>
            {chip.count !== undefined && <span className="chip-count">{formatNumber(chip.count)}</span>}
          </button>
        );
      })}
    </div>
  );
}

/** `values` with `value` added, or removed when it was there. */
export function toggle(values: readonly string[], value: string): string[] {
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
}
