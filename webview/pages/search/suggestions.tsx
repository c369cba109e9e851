/** Completions of what is being typed, one quiet line under the field. */
import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { Suggestion } from '../../../src/protocol/model';
import { Icon } from '../../parts/icon';
import { useAct, useHost } from '../../state/host';
import { useResource } from '../../state/use-resource';
import { showLine } from '../../state/visible-text';
import { t } from '../../state/words';

const icons = { term: 'search', title: 'history', file: 'file', filter: 'filter', value: 'filter', search: 'bookmark' } as const;
const shown = 5;

/** A term replaces the text in the field; a title opens its session. */
export function Suggestions({ text, onTake }: { text: string; onTake: (text: string) => void }) {
  const { api } = useHost();
  const act = useAct();
  const [active, setActive] = useState(0);
  const prefix = text.trim();
  const { data } = useResource((asked: string, _signal: AbortSignal) => api.suggest(asked), prefix === '' ? null : [prefix]);
  const suggestions = (data ?? []).filter((suggestion) => suggestion.text !== prefix).slice(0, shown);
  if (suggestions.length === 0) return null;
  const take = (suggestion: Suggestion) => {
    if (suggestion.kind === 'title' && suggestion.sessionId) act(api.openSession(suggestion.sessionId));
    else onTake(suggestion.text);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = (Math.min(active, suggestions.length - 1) + step + suggestions.length) % suggestions.length;
    setActive(next);
    event.currentTarget.querySelectorAll('button')[next]?.focus();
  };
  return (
    <div className="suggestions" role="toolbar" aria-label={t('Suggestions')} onKeyDown={onKeyDown}>
      {suggestions.map((suggestion, index) => (
        <button
          key={`${suggestion.kind}:${suggestion.text}:${suggestion.sessionId ?? ''}`}
          type="button"
          className="suggestion"
          tabIndex={index === Math.min(active, suggestions.length - 1) ? 0 : -1}
          title={showLine(suggestion.text)}
          onClick={() => take(suggestion)}
        >
          <Icon name={icons[suggestion.kind]} />
          <span>{showLine(suggestion.text)}</span>
        </button>
      ))}
    </div>
  );
}
