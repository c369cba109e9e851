/** The prompts of the session beside its text: marks the present one; a click or Enter jumps to one. */
import { useEffect, useMemo, useRef } from 'react';
import type { SessionCard } from '../../../src/protocol/model';
import type { OutlinePrompt } from '../../../src/protocol/questions/sessions';
import { showLine } from '../../../src/protocol/visible-text';
import { Failure } from '../../parts/empty';
import { VirtualList } from '../../parts/list';
import type { ListHandle } from '../../parts/list';
import { formatDateTime } from '../../state/format';
import { useHost } from '../../state/host';
import { useResource } from '../../state/use-resource';
import { t } from '../../state/words';
import type { Place } from './use-pages';

interface OutlineProps {
  session: SessionCard;
  /** Turn of the first visible row. */
  turn: number;
  onGo: (place: Place) => void;
}

const rowHeight = 26;
const keyOf = ({ key }: OutlinePrompt) => key;

export function Outline({ session, turn, onGo }: OutlineProps) {
  const { api } = useHost();
  // Depends on the number of prompts too, so that the list grows with a live session.
  const { data, error, reload } = useResource(
    (id: string, _prompts: number, _signal: AbortSignal) => api.outline(id),
    [session.id, session.prompts],
  );
  const current = useMemo(() => data?.findLast((prompt) => prompt.turn <= turn)?.key, [data, turn]);
  const list = useRef<ListHandle>(null);
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    // Not under the mouse or the focus of a person who looks for a prompt.
    if (current !== undefined && !box.current?.matches(':hover, :focus-within'))
      list.current?.scrollToKey(current, 'auto');
  }, [current]);
  if (error && !data) return <Failure error={error} onRetry={reload} />;
  return (
    <nav ref={box} className="outline" aria-label={t('Prompts')}>
      {data?.length === 0 && <p className="outline-empty">{t('No prompts in this session.')}</p>}
      {data && data.length > 0 && (
        <VirtualList
          ref={list}
          items={data}
          keyOf={keyOf}
          estimate={() => rowHeight}
          label={t('Prompts')}
          renderItem={(prompt, tabIndex) => (
            <button
              type="button"
              className="outline-row"
              data-roving
              tabIndex={tabIndex}
              aria-current={prompt.key === current ? 'location' : undefined}
              title={`${showLine(prompt.text)}\n${formatDateTime(prompt.at)}`}
              onClick={() => onGo({ key: prompt.key })}
            >
              <span className="outline-number">{prompt.turn}</span>
              <bdi className="outline-text">{showLine(prompt.text)}</bdi>
            </button>
          )}
        />
      )}
    </nav>
  );
}
