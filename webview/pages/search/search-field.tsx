/** The search field: a combobox that completes the part at the caret and marks parts that were not understood. */
import { useEffect, useId, useImperativeHandle, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode, Ref } from 'react';
import type { QueryProblem, Suggestion } from '../../../src/protocol/search-hit';
import { showLine } from '../../../src/protocol/visible-text';
import { Icon, IconButton } from '../../parts/icon';
import { formatNumber } from '../../state/format';
import { t } from '../../state/words';
import { iconOfSuggestion } from './suggestions';

export interface SearchFieldHandle {
  focus: () => void;
  select: (start: number, end: number) => void;
}

interface SearchFieldProps {
  value: string;
  suggestions: readonly Suggestion[];
  problems: readonly QueryProblem[];
  /** Id of the list of problems. */
  describedBy: string | undefined;
  isBusy: boolean;
  onChange: (value: string, caret: number) => void;
  onCaret: (caret: number) => void;
  onEnter: () => void;
  /** Arrow down while no completions are open: moves to the results. */
  onDown: () => void;
  onTake: (suggestion: Suggestion) => void;
  children?: ReactNode;
  ref?: Ref<SearchFieldHandle>;
}

/**
 * Values of a filter open automatically. For plain words the arrow keys belong to the results, and Ctrl+Space opens
 * completions.
 */
const opensItself = ({ kind }: Suggestion): boolean => kind === 'value' || kind === 'file';

export function SearchField(props: SearchFieldProps) {
  const { ref, value, suggestions, problems, onChange, onCaret, onTake } = props;
  const input = useRef<HTMLInputElement>(null);
  const mirror = useRef<HTMLDivElement>(null);
  const id = useId();
  // Opened or closed by the person for this text.
  const [choice, setChoice] = useState<{ text: string; isOpen: boolean } | null>(null);
  const [active, setActive] = useState({ text: '', index: -1 });
  const [hasFocus, setHasFocus] = useState(false);
  const isWanted = choice?.text === value ? choice.isOpen : suggestions.some(opensItself);
  const isOpen = hasFocus && isWanted && suggestions.length > 0;
  const index = isOpen && active.text === value ? Math.min(active.index, suggestions.length - 1) : -1;
  useImperativeHandle(ref, () => ({
    focus: () => {
      input.current?.focus();
      input.current?.select();
    },
    select: (start, end) => {
      input.current?.focus();
      input.current?.setSelectionRange(start, end);
    },
  }));
  // Scrolls the marks with the letters.
  const follow = () => {
    if (mirror.current && input.current) mirror.current.scrollLeft = input.current.scrollLeft;
  };
  useEffect(follow);
  const clear = () => {
    onChange('', 0);
    input.current?.focus();
  };
  const take = (suggestion: Suggestion) => {
    setChoice(null);
    onTake(suggestion);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    // While an input method composes, keys belong to it.
    if (event.nativeEvent.isComposing) return;
    const act = keyAction(event, { isOpen, index, count: suggestions.length, hasText: value !== '' });
    if (act === undefined) return;
    if (act !== 'enter') event.preventDefault();
    if (act === 'open' || act === 'close') setChoice({ text: value, isOpen: act === 'open' });
    else if (act === 'take') take(suggestions[Math.max(0, index)]!);
    else if (act === 'results') props.onDown();
    else if (act === 'clear') clear();
    else if (act === 'enter') {
      setChoice({ text: value, isOpen: false });
      props.onEnter();
    } else
      setActive({
        text: value,
        index: (index + act + suggestions.length + (index < 0 && act < 0 ? 1 : 0)) % suggestions.length,
      });
  };
  return (
    <div className="field" aria-busy={props.isBusy}>
      <Icon name="search" />
      <div className="field-text">
        <div ref={mirror} className="field-mirror" aria-hidden="true">
          {markPlaces(value, problems)}
        </div>
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label={t('Search memory')}
          aria-expanded={isOpen}
          aria-controls={isOpen ? id : undefined}
          aria-autocomplete="list"
          aria-activedescendant={index >= 0 ? `${id}-${index}` : undefined}
          aria-describedby={props.describedBy}
          placeholder={t('Search memory')}
          value={value}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            // A choice applies to the present text only, also when the same text comes back later.
            setActive({ text: '', index: -1 });
            setChoice(null);
            onChange(event.target.value, event.target.selectionStart ?? event.target.value.length);
          }}
          onSelect={(event) => onCaret(event.currentTarget.selectionStart ?? value.length)}
          onScroll={follow}
          onFocus={() => setHasFocus(true)}
          onBlur={() => setHasFocus(false)}
          onKeyDown={onKeyDown}
        />
      </div>
      {value !== '' && <IconButton name="close" label={t('Clear')} onClick={clear} />}
      {props.children}
      {isOpen && <Options id={id} suggestions={suggestions} index={index} onTake={take} />}
    </div>
  );
}

interface OptionsProps {
  id: string;
  suggestions: readonly Suggestion[];
  index: number;
  onTake: (suggestion: Suggestion) => void;
}

function Options({ id, suggestions, index, onTake }: OptionsProps) {
  return (
    <div id={id} className="options" role="listbox" aria-label={t('Completions')}>
      {suggestions.map((suggestion, at) => (
        <div
          key={`${suggestion.kind}:${suggestion.text}:${suggestion.sessionId ?? ''}`}
          id={`${id}-${at}`}
          role="option"
          aria-selected={at === index}
          className="option"
          tabIndex={-1}
          // A press must not move the focus: the blur would close the list before the click.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onTake(suggestion)}
        >
          <Icon name={iconOfSuggestion(suggestion)} />
          <bdi className="option-label">{showLine(suggestion.label ?? suggestion.text)}</bdi>
          {suggestion.detail !== undefined && <bdi className="option-detail">{showLine(suggestion.detail)}</bdi>}
          {suggestion.count !== undefined && <span className="option-count">{formatNumber(suggestion.count)}</span>}
        </div>
      ))}
    </div>
  );
}

type KeyAction = 'open' | 'close' | 'take' | 'results' | 'clear' | 'enter' | 1 | -1 | undefined;

function keyAction(
  { key, ctrlKey, altKey, shiftKey }: KeyboardEvent,
  { isOpen, index, count, hasText }: { isOpen: boolean; index: number; count: number; hasText: boolean },
): KeyAction {
  if (key === ' ' && ctrlKey) return isOpen || count === 0 ? undefined : 'open';
  if (key === 'Enter') return isOpen && index >= 0 ? 'take' : 'enter';
  if (key === 'Escape') return isOpen ? 'close' : hasText ? 'clear' : undefined;
  if (key === 'ArrowDown') return isOpen ? 1 : altKey && count > 0 ? 'open' : 'results';
  if (key === 'ArrowUp' && isOpen) return altKey ? 'close' : -1;
  if (key === 'Tab' && isOpen && !shiftKey) return 'take';
  return undefined;
}

/** The text again, invisible, with a wavy line under each part that was not understood. */
function markPlaces(text: string, problems: readonly QueryProblem[]): ReactNode[] {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const { start, end } of problems) {
    if (start < at || end > text.length) continue;
    parts.push(
      text.slice(at, start),
      <span key={start} className="wave">
        {text.slice(start, end)}
      </span>,
    );
    at = end;
  }
  return [...parts, text.slice(at)];
}
