/** The list of hits. */
import { useCallback, useState } from 'react';
import type { Ref } from 'react';
import { foundWords, identityOf, isInSession } from '../../../src/protocol/search-hit';
import type { HitOfSession, SearchHit } from '../../../src/protocol/search-hit';
import { VirtualList } from '../../parts/list';
import type { ListHandle } from '../../parts/list';
import { useAct, useHost } from '../../state/host';
import { t } from '../../state/words';
import { HitRow, runHitKey } from './hit-row';
import { keyOf } from './use-search';
import type { SearchAnswer } from './use-search';

interface HitsProps {
  ref: Ref<ListHandle>;
  hits: readonly SearchHit[];
  result: SearchAnswer;
  /** Searches for hits similar to this one. */
  onSimilar: (hit: SearchHit) => void;
  onNearEnd: (() => void) | undefined;
  /** Arrow up from the first hit. */
  onLeave: () => void;
}

const estimate = () => 88;

export function Hits({ ref, hits, result, onSimilar, onNearEnd, onLeave }: HitsProps) {
  const { api } = useHost();
  const act = useAct();
  const { news, answered } = result;
  // Here and not in the rows, which are taken away when they are scrolled out. By session: a better answer may show
  // another of its places first.
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((hit: SearchHit, isOpen: boolean) => {
    setUnfolded((old) => new Set(isOpen ? [...old, identityOf(hit)] : [...old].filter((id) => id !== identityOf(hit))));
  }, []);
  const open = useCallback(
    (hit: SearchHit) =>
      act(
        isInSession(hit)
          ? api.openSession(hit.sessionId, placeOf(hit))
          : hit.kind === 'note'
            ? api.openNote(hit.key, hit.line)
            : api.copyContext(hit.key),
      ),
    [act, api],
  );
  const renderHit = useCallback(
    (hit: SearchHit, tabIndex: 0 | -1) => (
      <HitRow
        hit={hit}
        tabIndex={tabIndex}
        isNew={news.has(identityOf(hit))}
        onOpen={open}
        onSimilar={onSimilar}
        more={answered && { isOpen: unfolded.has(identityOf(hit)), query: answered, onToggle: toggle }}
      />
    ),
    [open, onSimilar, news, answered, unfolded, toggle],
  );
  return (
    <VirtualList
      ref={ref}
      items={hits}
      keyOf={keyOf}
      estimate={estimate}
      renderItem={renderHit}
      label={t('Results')}
      className="cards"
      isPartial={(result.data?.total ?? 0) > hits.length}
      onNearEnd={onNearEnd}
      onRowKey={(event, hit) => {
        const action = runHitKey(event, hit, api);
        if (action) act(action);
      }}
      onLeave={onLeave}
    />
  );
}

function placeOf(hit: HitOfSession): { key?: string; turn: number; words: string[] } {
  const place = { turn: hit.turn, words: foundWords(hit) };
  return hit.kind === 'session' ? place : { ...place, key: hit.key };
}
