/** One edit as a unified diff, without line numbers, because a transcript does not contain the place in the file. */
import { structuredPatch } from 'diff';
import { useMemo, useState } from 'react';
import type { FileDiff } from '../../src/protocol/model';
import { showInvisible, showLine } from '../../src/protocol/visible-text';
import { formatNumber } from '../state/format';
import { t } from '../state/words';
import { Icon, IconButton } from './icon';

interface DiffLine {
  kind: 'added' | 'removed' | 'same' | 'gap';
  text: string;
}

const shownLines = 20;
/** A diff that takes longer is not computed for a row in a list. In milliseconds. */
const patience = 200;

export function Diff({
  diff,
  onOpenFile,
  onOpenDiff,
  onOpenThen,
}: {
  diff: FileDiff;
  onOpenFile: () => void;
  onOpenDiff: () => void;
  /** Opens the file as it stood after this edit's turn. */
  onOpenThen?: (() => void) | undefined;
}) {
  const lines = useMemo(() => diffLines(diff), [diff]);
  const [isWhole, setIsWhole] = useState(false);
  const added = lines.filter((line) => line.kind === 'added').length;
  const removed = lines.filter((line) => line.kind === 'removed').length;
  const shown = isWhole || lines.length <= shownLines + 5 ? lines : lines.slice(0, shownLines);
  return (
    <div className="diff">
      <div className="diff-bar">
        <Icon name="diff" />
        <button type="button" className="diff-file" title={t('Open file')} onClick={onOpenFile}>
          <bdi>{showLine(diff.file)}</bdi>
        </button>
        <Count className="diff-count-added" sign="+" count={added} label={t('Lines added: {0}', formatNumber(added))} />
        <Count
          className="diff-count-removed"
          sign="−"
          count={removed}
          label={t('Lines removed: {0}', formatNumber(removed))}
        />
        <IconButton name="diff-multiple" label={t('Open in diff editor')} onClick={onOpenDiff} />
        {onOpenThen && (
          <IconButton name="history" label={t('Open the file as it stood after this turn')} onClick={onOpenThen} />
        )}
      </div>
      <pre className="diff-body" tabIndex={0}>
        {shown.map((line, index) => (
          <span key={index} className={`diff-line diff-${line.kind}`}>
            <span className="diff-sign">{signOf[line.kind]}</span>
            <span className="diff-text">{line.text || ' '}</span>
          </span>
        ))}
      </pre>
      {shown.length < lines.length && (
        <button type="button" className="show-all" onClick={() => setIsWhole(true)}>
          {t('Show all {0} lines', formatNumber(lines.length))}
        </button>
      )}
    </div>
  );
}

interface CountProps {
  className: string;
  sign: string;
  count: number;
  label: string;
}

/** A screen reader does not read the label of a span, so the words are text of their own. */
export function Count({ className, sign, count, label }: CountProps) {
  return (
    <span className={`diff-count ${className}`} title={label}>
      <span aria-hidden="true">
        {sign}
        {formatNumber(count)}
      </span>
      <span className="sr-only">{label}</span>
    </span>
  );
}

const signOf = { added: '+', removed: '−', same: ' ', gap: '⋯' } as const;

/** The changed lines with three lines of context. Exported for its test. */
export function diffLines({ before, after }: FileDiff): DiffLine[] {
  const [old, now] = [showInvisible(before), showInvisible(after)];
  const patch = structuredPatch('', '', old, now, '', '', { context: 3, timeout: patience });
  if (!patch) return [...allLines(old, 'removed'), ...allLines(now, 'added')];
  return patch.hunks.flatMap((hunk, index) => {
    const lines = hunk.lines
      .filter((line) => !line.startsWith('\\'))
      .map((line): DiffLine => ({ kind: kindOf(line), text: line.slice(1) }));
    return index === 0 ? lines : [{ kind: 'gap', text: '' } as const, ...lines];
  });
}

function allLines(text: string, kind: 'added' | 'removed'): DiffLine[] {
  return text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => ({ kind, text: line }));
}

function kindOf(line: string): DiffLine['kind'] {
  if (line.startsWith('+')) return 'added';
  return line.startsWith('-') ? 'removed' : 'same';
}
