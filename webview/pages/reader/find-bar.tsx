/** Searches the whole session, including rows that are not loaded. */
import { useEffect, useRef, useState } from 'react';
import type { SessionId } from '../../../src/protocol/model';
import type { FoundInSession } from '../../../src/protocol/questions/sessions';
import { Field } from '../../parts/field';
import type { FieldHandle } from '../../parts/field';
import { IconButton } from '../../parts/icon';
import { formatNumber } from '../../state/format';
import { useHost } from '../../state/host';
import { debounceText } from '../../state/throttle';
import { useResource } from '../../state/use-resource';
import { t } from '../../state/words';

interface FindBarProps {
  sessionId: SessionId;
  text: string;
  /** Incremented each time search is requested, so that the field takes the focus again. */
  round: number;
  /** Key of the row that is being read, where the search begins. */
  here: () => string | undefined;
  onText: (text: string) => void;
  onGo: (key: string) => void;
  onClose: () => void;
}

/** The current match, and the answer it belongs to. */
interface Step {
  of: FoundInSession | undefined;
  at: number;
}

export function FindBar({ sessionId, text, round, here, onText, onGo, onClose }: FindBarProps) {
  const { api } = useHost();
  const [asked, setAsked] = useState(text);
  const [step, setStep] = useState<Step>({ of: undefined, at: 0 });
  const [debounce] = useState(() => debounceText(120));
  const field = useRef<FieldHandle>(null);
  useEffect(() => debounce.stop, [debounce]);
  useEffect(() => {
    if (round > 0) field.current?.focus();
  }, [round]);

  const words = asked.trim();
  const { data, isFresh } = useResource(
    (id: SessionId, query: string, signal: AbortSignal) => api.findInSession(id, query, here(), signal),
    words === '' ? null : [sessionId, words],
  );
  const found = words === '' ? [] : (data?.places ?? []);
  const go = useRef(onGo);
  useEffect(() => {
    go.current = onGo;
  });
  useEffect(() => {
    const next = data?.places[data.at];
    if (isFresh && next) go.current(next.key);
  }, [data, isFresh]);

  // A new answer starts at the first match from the row on that was being read.
  const at = step.of === data ? step.at : (data?.at ?? 0);
  const move = (by: number) => {
    if (found.length === 0) return;
    const there = (at + by + found.length) % found.length;
    setStep({ of: data, at: there });
    const match = found[there];
    if (match) onGo(match.key);
  };
  const count =
    words === '' || !isFresh
      ? ''
      : found.length === 0
        ? t('No results')
        : t('{0} of {1}', formatNumber(at + 1), formatNumber(found.length));
  return (
    <div
      className="find"
      role="search"
      // Here a person edits text: the editor's own Cut and Paste belong into the menu.
      data-vscode-context='{"webviewSection":"find","preventDefaultContextMenuItems":false}'
      onKeyDown={(event) => (event.key === 'F3' ? move(event.shiftKey ? -1 : 1) : undefined)}
    >
      <Field
        ref={field}
        label={t('Find in this session')}
        placeholder={t('Find')}
        icon="search"
        value={text}
        onChange={(next) => {
          onText(next);
          debounce.push(next, setAsked);
        }}
        onEnter={(event) => move(event.shiftKey ? -1 : 1)}
        onEscape={() => {}}
      />
      <span className="find-count" role="status" aria-live="polite">
        {count}
      </span>
      <IconButton
        name="arrow-up"
        label={t('Previous match')}
        isDisabled={found.length === 0}
        onClick={() => move(-1)}
      />
      <IconButton name="arrow-down" label={t('Next match')} isDisabled={found.length === 0} onClick={() => move(1)} />
      <IconButton name="close" label={t('Close')} onClick={onClose} />
    </div>
  );
}
