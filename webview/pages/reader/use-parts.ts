/** Which parts of the reader are shown: the summary, and the prompts beside the text. Remembered for the person. */
import { useEffect, useState } from 'react';
import type { ReaderParts as ShownParts } from '../../../src/protocol/webview';
import { useAct, useEditorContext, useHost } from '../../state/host';
import { usePersisted } from '../../state/persisted';

/** From this width on there is space for the prompts beside the text. */
const wide = '(width >= 900px)';

interface ReaderParts {
  hasSummary: boolean;
  setSummary: (isShown: boolean) => void;
  hasOutline: boolean;
  setOutline: (isShown: boolean) => void;
  /** Narrow: the prompts stand above the text and go away once one is chosen. */
  isNarrow: boolean;
}

/** `isAtPlace`: the reader was opened at a row, which a summary above it would push away. */
export function useReaderParts(isAtPlace: boolean): ReaderParts {
  const { api } = useHost();
  const act = useAct();
  const { readerParts } = useEditorContext();
  const usual = readerParts ?? { hasSummary: true, hasOutline: true };
  // What was chosen in this panel counts for it, also after it was hidden.
  const [summary, saveSummary] = usePersisted('summary', isAtPlace || !usual.hasSummary ? 'closed' : 'open');
  const [beside, saveBeside] = usePersisted('outline', usual.hasOutline);
  const [above, setAbove] = useState(false);
  const isNarrow = !useMedia(wide);
  const remember = (change: Partial<ShownParts>) => act(api.setReaderParts(change));
  return {
    hasSummary: summary === 'open',
    setSummary: (hasSummary) => {
      saveSummary(hasSummary ? 'open' : 'closed');
      remember({ hasSummary });
    },
    hasOutline: isNarrow ? above : beside,
    setOutline: (hasOutline) => {
      if (isNarrow) {
        setAbove(hasOutline);
        return;
      }
      saveBeside(hasOutline);
      remember({ hasOutline });
    },
    isNarrow,
  };
}

function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => window.matchMedia(query).matches);
  useEffect(() => {
    const list = window.matchMedia(query);
    const onChange = () => setMatches(list.matches);
    onChange();
    list.addEventListener('change', onChange);
    return () => list.removeEventListener('change', onChange);
  }, [query]);
  return matches;
}
