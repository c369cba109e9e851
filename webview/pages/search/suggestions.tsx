/** Completions of the typed text, in one line below the field. */
import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { Suggestion } from '../../../src/protocol/search-hit';
import { showLine } from '../../../src/protocol/visible-text';
import { Icon } from '../../parts/icon';
import { t } from '../../state/words';

const icons = {
  term: 'search',
  title: 'history',
  file: 'file',
  filter: 'filter',
  value: 'symbol-value',
  search: 'star-empty',
} as const;
const shown = 5;

export const iconOfSuggestion = ({ kind }: Suggestion): string => icons[kind];

export function Suggestions({
  suggestions,
  onTake,
}: {
  suggestions: readonly Suggestion[];
  onTake: (suggestion: Suggestion) => void;
}) {
  const [active, setActive] = useState(0);
  const few = suggestions.slice(0, shown);
  if (few.length === 0) return null;
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = (Math.min(active, few.length - 1) + step + few.length) % few.length;
    setActive(next);
    event.currentTarget.querySelectorAll('button')[next]?.focus();
  };
  return (
    <div className="suggestions" role="toolbar" aria-label={t('Suggestions')} onKeyDown={onKeyDown}>
      {few.map((suggestion, index) => (
        <button
          key={`${suggestion.kind}:${suggestion.text}:${suggestion.sessionId ?? ''}`}
          type="button"
          className="suggestion"
          tabIndex={index === Math.min(active, few.length - 1) ? 0 : -1}
          title={showLine(suggestion.text)}
          onClick={() => onTake(suggestion)}
        >
          <Icon name={iconOfSuggestion(suggestion)} />
          <span>{showLine(suggestion.label ?? suggestion.text)}</span>
        </button>
      ))}
    </div>
  );
}
