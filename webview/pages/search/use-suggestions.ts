/** What the completion list of the field offers: completions of its text, or recent searches while it is empty. */
import { useEffect, useMemo, useState } from 'react';
import type { Suggestion } from '../../../src/protocol/search-hit';
import { useAct, useHost } from '../../state/host';
import { scopeOf } from '../../state/scope';
import { paceText } from '../../state/throttle';
import { useResource } from '../../state/use-resource';

/** A recent search is taken like a saved one, and can be taken out of the list. */
export type Offer = Suggestion | { kind: 'recent'; text: string };

export interface Offers {
  offers: readonly Offer[];
  drop: (text: string) => void;
}

const icons: Readonly<Record<Offer['kind'], string>> = {
  term: 'search',
  title: 'comment-discussion',
  file: 'file',
  filter: 'filter',
  value: 'symbol-value',
  search: 'star-empty',
  recent: 'history',
};

export const iconOfOffer = ({ kind }: Offer): string => icons[kind];

/** @param prefix the text before the caret */
export function useOffers(prefix: string, folders: string[]): Offers {
  const { api } = useHost();
  const act = useAct();
  const typed = prefix.trimStart();
  const [asked, setAsked] = useState(typed);
  const [pace] = useState(paceText);
  useEffect(() => pace.push(typed, setAsked), [pace, typed]);
  const { data, isFresh, isLoading } = useResource(
    (text: string, roots: string[], _signal: AbortSignal) => api.suggest(text, scopeOf(roots)),
    asked === '' ? null : [asked, folders],
  );
  useEffect(() => {
    if (!isLoading) pace.answered();
  });
  // Anew whenever the field is emptied, because what was searched for until then may be one.
  const recent = useResource(() => api.recentSearches(), typed === '' ? [] : null);
  // What completes an older text would replace the present one.
  const isCurrent = isFresh && asked === typed;
  const offers = useMemo(
    (): readonly Offer[] =>
      typed === ''
        ? (recent.data ?? []).map((text) => ({ kind: 'recent', text }))
        : isCurrent
          ? (data ?? []).filter(({ text }) => text !== typed)
          : [],
    [data, isCurrent, typed, recent.data],
  );
  return {
    offers,
    drop: (text) => act(api.dropRecentSearch(text).then(recent.reload)),
  };
}
