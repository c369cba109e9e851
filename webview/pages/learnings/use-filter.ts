/** Filters of the learnings: list, words and category; stored for the person. */
import { useEffect, useState } from 'react';
import { learningStates } from '../../../src/protocol/learning';
import type { LearningState } from '../../../src/protocol/learning';
import type { LearningCategory } from '../../../src/protocol/model';
import type { LearningQuery } from '../../../src/protocol/questions/learnings';
import { usePersisted } from '../../state/persisted';
import { debounceText } from '../../state/throttle';

export interface Filter {
  view: LearningState;
  setView: (view: LearningState) => void;
  text: string;
  type: (text: string) => void;
  category: LearningCategory | '';
  setCategory: (category: LearningCategory | '') => void;
  /** Also proposals of little worth. */
  isAll: boolean;
  setIsAll: (isAll: boolean) => void;
  hasFilters: boolean;
  clear: () => void;
  query: LearningQuery;
}

const restMs = 120;

/** Starts with the inbox when it has proposals, else with accepted learnings; later with the person's last choice. */
export function useFilter(proposed: number | undefined, hasDraft: boolean): Filter {
  const [saved, setView] = usePersisted('learnings.view', '');
  const known = learningStates.find((state) => state === saved);
  const [first, setFirst] = useState<LearningState>();
  if (first === undefined && proposed !== undefined) setFirst(proposed > 0 && !hasDraft ? 'proposed' : 'accepted');
  const view = known ?? first ?? 'accepted';

  const [text, setText] = usePersisted('learnings.text', '');
  const [askedText, setAskedText] = useState(text);
  const [category, setCategory] = usePersisted<LearningCategory | ''>('learnings.category', '');
  const [isAll, setIsAll] = usePersisted('learnings.isAll', false);
  const [debounce] = useState(() => debounceText(restMs));
  useEffect(() => debounce.stop, [debounce]);
  const words = askedText.trim();
  return {
    view,
    setView,
    text,
    type: (next) => {
      setText(next);
      debounce.push(next, setAskedText);
    },
    category,
    setCategory,
    isAll,
    setIsAll,
    hasFilters: words !== '' || category !== '',
    clear: () => {
      setText('');
      setAskedText('');
      setCategory('');
    },
    query: {
      state: view,
      ...(isAll && view === 'proposed' && { isAll }),
      ...(words !== '' && { text: words }),
      ...(category !== '' && { category }),
    },
  };
}
