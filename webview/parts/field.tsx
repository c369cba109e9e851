/** A one-line text field with an icon, a clear button, and keys that lead to the list below. */
import { useImperativeHandle, useRef } from 'react';
import type { KeyboardEvent, Ref } from 'react';
import { t } from '../state/words';
import { Icon, IconButton } from './icon';

export interface FieldHandle {
  focus: () => void;
}

interface FieldProps {
  label: string;
  placeholder: string;
  icon: string;
  value: string;
  onChange: (value: string) => void;
  /** Arrow down: moves to the list. */
  onDown?: () => void;
  onEnter?: (event: KeyboardEvent) => void;
  /** Escape. Without a handler, the key clears the field. */
  onEscape?: () => void;
  isBusy?: boolean;
  ref?: Ref<FieldHandle>;
}

/** `label` names the field for screen readers, because the placeholder disappears with the first letter. */
export function Field({
  ref,
  label,
  placeholder,
  icon,
  value,
  onChange,
  onDown,
  onEnter,
  onEscape,
  isBusy = false,
}: FieldProps) {
  const input = useRef<HTMLInputElement>(null);
  useImperativeHandle(ref, () => ({
    focus: () => {
      input.current?.focus();
      input.current?.select();
    },
  }));
  const clear = () => {
    onChange('');
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes, keys belong to it.
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' && onDown) {
      event.preventDefault();
      onDown();
    } else if (event.key === 'Enter') onEnter?.(event);
    else if (event.key === 'Escape') {
      if (onEscape) onEscape();
      else if (value !== '') clear();
    }
  };
  return (
    <div className="field" aria-busy={isBusy}>
      <Icon name={icon} />
      <input
        ref={input}
        type="text"
        aria-label={label}
        placeholder={placeholder}
        value={value}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {value !== '' && <IconButton name="close" label={t('Clear')} onClick={clear} />}
    </div>
  );
}
