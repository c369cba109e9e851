/** The search field: a combobox that completes the part at the caret and marks parts that were not understood. */
import { useEffect, useId, useImperativeHandle, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode, Ref } from 'react';
import type { QueryProblem } from '../../../src/protocol/search-hit';
import { Icon, IconButton } from '../../parts/icon';
import { t } from '../../state/words';
import { Options } from './options';
import type { Offer } from './use-suggestions';

export interface SearchFieldHandle {
  /** True when it has the focus now: while its tab is hidden it takes none. */
  focus: () => boolean;
  select: (start: number, end: number) => void;
}

interface SearchFieldProps {
  value: string;
  offers: readonly Offer[];
  problems: readonly QueryProblem[];
  /** Id of the list of problems. */
  describedBy: string | undefined;
  isBusy: boolean;
  onChange: (value: string, caret: number) => void;
  onCaret: (caret: number) => void;
  onEnter: () => void;
  /** Arrow down while no completions are open: moves to the results. */
  onDown: () => void;
  onTake: (offer: Offer) => void;
  onDrop: (text: string) => void;
  /** Escape, when no completions are open: true when it closed something that belongs to the field. */
  onEscape: () => boolean;
  /** The completion list was opened or closed. */
  onOpen: (isOpen: boolean) => void;
  children?: ReactNode;
  ref?: Ref<SearchFieldHandle>;
}

/**
 * Filters and their values open automatically. For plain words the arrow keys belong to the results, and Ctrl+Space
 * opens completions; so do arrow down and a click in the empty field, which has no results.
 */
const opensItself = ({ kind }: Offer): boolean => kind === 'value' || kind === 'file' || kind === 'filter';

export function SearchField(props: SearchFieldProps) {
  const { ref, value, offers, problems, onChange, onCaret, onTake, onOpen } = props;
  const input = useRef<HTMLInputElement>(null);
  const mirror = useRef<HTMLDivElement>(null);
  const id = useId();
  // Opened or closed by the person for this text.
  const [choice, setChoice] = useState<{ text: string; isOpen: boolean } | null>(null);
  const [active, setActive] = useState({ text: '', index: -1 });
  const [hasFocus, setHasFocus] = useState(false);
  const isWanted = choice?.text === value ? choice.isOpen : offers.some(opensItself);
  const isOpen = hasFocus && isWanted && offers.length > 0;
  const index = isOpen && active.text === value ? Math.min(active.index, offers.length - 1) : -1;
  const told = useRef(onOpen);
  useEffect(() => {
    told.current = onOpen;
  });
  useEffect(() => told.current(isOpen), [isOpen]);
  useImperativeHandle(ref, () => ({
    focus: () => {
      input.current?.focus();
      input.current?.select();
      return input.current !== null && document.activeElement === input.current;
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
  const take = (offer: Offer) => {
    setChoice(null);
    onTake(offer);
  };
  const drop = (offer: Offer) => {
    if (offer.kind === 'recent') props.onDrop(offer.text);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    // While an input method composes, keys belong to it.
    if (event.nativeEvent.isComposing) return;
    const act = keyAction(event, { isOpen, index, count: offers.length, hasText: value !== '' });
    if (act === undefined) return;
    if (act !== 'enter') event.preventDefault();
    if (act === 'open' || act === 'close') setChoice({ text: value, isOpen: act === 'open' });
    else if (act === 'take') take(offers[Math.max(0, index)]!);
    else if (act === 'drop') drop(offers[index]!);
    else if (act === 'results') props.onDown();
    else if (act === 'escape') {
      if (!props.onEscape() && value !== '') clear();
    } else if (act === 'enter') {
      setChoice({ text: value, isOpen: false });
      props.onEnter();
    } else
      setActive({
        text: value,
        index: (index + act + offers.length + (index < 0 && act < 0 ? 1 : 0)) % offers.length,
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
          onClick={() => {
            if (value === '') setChoice({ text: '', isOpen: true });
          }}
          onScroll={follow}
          onFocus={() => setHasFocus(true)}
          onBlur={() => setHasFocus(false)}
          onKeyDown={onKeyDown}
        />
      </div>
      {value !== '' && <IconButton name="close" label={t('Clear')} onClick={clear} />}
      {props.children}
      {isOpen && (
        <Options
          id={id}
          offers={offers}
          index={index}
          onTake={take}
          onDrop={(text) => drop({ kind: 'recent', text })}
        />
      )}
    </div>
  );
}

type KeyAction = 'open' | 'close' | 'take' | 'results' | 'escape' | 'drop' | 'enter' | 1 | -1 | undefined;

function keyAction(
  { key, ctrlKey, altKey, shiftKey }: KeyboardEvent,
  { isOpen, index, count, hasText }: { isOpen: boolean; index: number; count: number; hasText: boolean },
): KeyAction {
  if (key === ' ' && ctrlKey) return isOpen || count === 0 ? undefined : 'open';
  if (key === 'Enter') return isOpen && index >= 0 ? 'take' : 'enter';
  if (key === 'Escape') return isOpen ? 'close' : 'escape';
  // Without a text there are no results. Recent searches may still be on their way and are shown when they come.
  if (key === 'ArrowDown') return isOpen ? 1 : !hasText || (altKey && count > 0) ? 'open' : 'results';
  if (key === 'Delete' && isOpen && index >= 0 && !hasText) return 'drop';
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
