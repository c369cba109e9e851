/** Input and output of tools as they were, collapsed after some twenty lines. */
import { useMemo } from 'react';
import type { ReaderItem } from '../../../src/protocol/model';
import { trimEndOf } from '../../../src/protocol/text';
import { showInvisible } from '../../../src/protocol/visible-text';
import { IconButton } from '../../parts/icon';
import { formatBytes, formatNumber } from '../../state/format';
import { useAct, useHost } from '../../state/host';
import { t } from '../../state/words';
import { useExpanded } from './expanded';

interface LongTextProps {
  /** Key of the collapsed state, unique in the session. */
  name: string;
  label: string;
  text: string;
  truncatedBytes?: number;
  isError?: boolean;
}

const shownLines = 20;
/** A single line may be as long as a file. */
const shownCharacters = 4000;

export function LongText({ name, label, text, truncatedBytes = 0, isError = false }: LongTextProps) {
  const { api } = useHost();
  const act = useAct();
  const [isWhole, setIsWhole] = useExpanded(name);
  const clean = useMemo(() => trimEndOf(showInvisible(text), '\n'), [text]);
  const collapsed = useMemo(() => collapseText(clean), [clean]);
  return (
    <div className="block">
      <div className="code-bar">
        <span>{label}</span>
        <IconButton name="copy" label={t('Copy {0}', label)} onClick={() => act(api.copyText(text))} />
      </div>
      <pre className={isError ? 'block-text block-error' : 'block-text'} tabIndex={0}>
        {isWhole ? clean : collapsed.text}
      </pre>
      <CollapseButton isWhole={isWhole} collapsed={collapsed} onChange={setIsWhole} />
      <Shortened bytes={truncatedBytes} />
    </div>
  );
}

export interface Collapsed {
  text: string;
  lines: number;
  isCollapsed: boolean;
}

/** The first lines, when there are clearly more. */
export function collapseText(text: string): Collapsed {
  const lines = text.split('\n');
  // Hiding two lines behind a button of the same height would save nothing.
  const isCollapsed = lines.length > shownLines + 5 || text.length > shownCharacters * 1.25;
  return {
    text: isCollapsed ? lines.slice(0, shownLines).join('\n').slice(0, shownCharacters) : text,
    lines: lines.length,
    isCollapsed,
  };
}

/** Names of the collapsed texts of a row of which only the hidden part has a word that is looked for. */
export function collapsedPartsWith(item: ReaderItem | undefined, words: readonly string[]): string[] {
  if (!item) return [];
  const texts =
    item.kind === 'tool'
      ? { [`${item.key}:in`]: item.input, [`${item.key}:out`]: item.output }
      : item.role === 'user'
        ? { [item.key]: item.text }
        : {};
  const hasWord = (text: string) => words.some((word) => word !== '' && text.includes(word.toLowerCase()));
  return Object.entries(texts).flatMap(([name, text]) => {
    const collapsed = collapseText(text);
    return collapsed.isCollapsed && hasWord(text.toLowerCase()) && !hasWord(collapsed.text.toLowerCase()) ? [name] : [];
  });
}

export function CollapseButton({
  isWhole,
  collapsed,
  onChange,
}: {
  isWhole: boolean;
  collapsed: Collapsed;
  onChange: (isWhole: boolean) => void;
}) {
  if (!collapsed.isCollapsed) return null;
  return (
    <button type="button" className="show-all" aria-expanded={isWhole} onClick={() => onChange(!isWhole)}>
      {isWhole
        ? t('Show less')
        : collapsed.lines > shownLines
          ? t('Show all {0} lines', formatNumber(collapsed.lines))
          : t('Show all')}
    </button>
  );
}

export function Shortened({ bytes }: { bytes: number }) {
  return bytes > 0 ? (
    <p className="shortened">{t('Shortened: {0} more in the transcript', formatBytes(bytes))}</p>
  ) : null;
}
