/** What the session changed: each file with all its edits as one diff, below the summary. Asked for when it is opened. */
import { useState } from 'react';
import type { SessionCard } from '../../../src/protocol/model';
import type { ChangedFile, StoodDoubt } from '../../../src/protocol/story';
import { showLine } from '../../../src/protocol/visible-text';
import { Count, Diff } from '../../parts/diff';
import { Failure } from '../../parts/empty';
import { Icon, IconButton } from '../../parts/icon';
import { formatNumber } from '../../state/format';
import { useAct, useHost } from '../../state/host';
import { usePersisted } from '../../state/persisted';
import { useResource } from '../../state/use-resource';
import { t } from '../../state/words';
import type { Place } from './use-pages';

interface ChangesProps {
  session: SessionCard;
  onGo: (place: Place) => void;
}

export function Changes({ session, onGo }: ChangesProps) {
  const { api } = useHost();
  const act = useAct();
  const [open, setOpen] = usePersisted('changes', 'closed');
  const isOpen = open === 'open';
  // Depends on the number of calls too, so that the list grows with a live session.
  const { data, error, reload } = useResource(
    (id: string, _calls: number, signal: AbortSignal) => api.sessionChanges(id, signal),
    isOpen ? [session.id, session.observations] : null,
  );
  const files = data?.files ?? [];
  return (
    <section className="summary" aria-label={t('Changed files')}>
      <div className="summary-head">
        <button
          type="button"
          className="summary-toggle"
          aria-expanded={isOpen}
          onClick={() => setOpen(isOpen ? 'closed' : 'open')}
        >
          <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} />
          <span className="summary-name">{t('Changed files')}</span>
          {data && <span className="summary-line">{formatNumber(files.length + data.more)}</span>}
        </button>
        {isOpen && files.some(({ added, removed }) => added + removed > 0) && (
          <span className="summary-tools">
            <IconButton
              name="diff-multiple"
              label={t('Open all in one diff editor')}
              onClick={() => act(api.openChanges(session.id))}
            />
          </span>
        )}
      </div>
      {isOpen && (
        <div className="summary-body">
          {error && !data && <Failure error={error} onRetry={reload} />}
          {!data && !error && <p className="hint">{t('Replaying the edits…')}</p>}
          {data && files.length === 0 && (
            <p className="hint">{t('No edit of this session is in memory. What commands changed is not known.')}</p>
          )}
          <ul className="changes">
            {files.map((file) => (
              <FileChange key={file.file} session={session} file={file} onGo={onGo} />
            ))}
          </ul>
          {data && data.more > 0 && <p className="hint">{t('Files not shown: {0}', formatNumber(data.more))}</p>}
        </div>
      )}
    </section>
  );
}

function FileChange({ session, file, onGo }: ChangesProps & { file: ChangedFile }) {
  const { api } = useHost();
  const act = useAct();
  const [isOpen, setIsOpen] = useState(false);
  const { added, removed, edits, first, last } = file;
  const isNothing = added + removed === 0;
  return (
    <li>
      <div className="change-head">
        <button
          type="button"
          className="change-toggle"
          aria-expanded={isOpen}
          disabled={isNothing}
          onClick={() => setIsOpen(!isOpen)}
        >
          <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} />
          <bdi className="change-name">{showLine(file.name)}</bdi>
          <Count
            className="diff-count-added"
            sign="+"
            count={added}
            label={t('Lines added: {0}', formatNumber(added))}
          />
          <Count
            className="diff-count-removed"
            sign="−"
            count={removed}
            label={t('Lines removed: {0}', formatNumber(removed))}
          />
        </button>
        <span className="hint">{notesOf(file).join(' · ')}</span>
        <span className="change-tools">
          <button type="button" className="link" onClick={() => onGo({ key: first.key, turn: first.turn })}>
            {edits === 1 ? t('The edit') : t('First of {0} edits', formatNumber(edits))}
          </button>
          {!isNothing && (
            <IconButton
              name="diff"
              label={t('Open in diff editor')}
              onClick={() => act(api.openChange(session.id, file.file))}
            />
          )}
          <IconButton
            name="history"
            label={t('Open the file as the session left it, beside today’s')}
            onClick={() => act(api.openFileAt(session.id, last.turn, file.file))}
          />
        </span>
      </div>
      {isOpen && <NetDiff session={session} file={file} />}
    </li>
  );
}

function NetDiff({ session, file }: { session: SessionCard; file: ChangedFile }) {
  const { api } = useHost();
  const act = useAct();
  const { data, error, reload } = useResource(
    (id: string, name: string, _edits: number, signal: AbortSignal) => api.sessionChange(id, name, signal),
    [session.id, file.file, file.edits],
  );
  if (error && !data) return <Failure error={error} onRetry={reload} />;
  return (data?.pieces ?? []).map(({ before, after }, index) => (
    <Diff
      key={index}
      diff={{ file: file.file, before, after }}
      onOpenFile={() => act(api.openFile(file.file))}
      onOpenDiff={() => act(api.openChange(session.id, file.file))}
    />
  ));
}

function notesOf({ added, removed, isNew, known, doubt }: ChangedFile): string[] {
  return [
    ...(isNew ? [t('new')] : []),
    ...(added + removed === 0 ? [t('taken back')] : []),
    ...(known === 'parts' ? [t('known in parts')] : []),
    ...(doubt ? [doubtOf(doubt)] : []),
  ];
}

function doubtOf(doubt: StoodDoubt): string {
  switch (doubt) {
    case 'command':
      return t('a command may have changed it afterwards');
    case 'cut':
      return t('not all of it is in memory');
    default:
      return t('somebody else may have changed it');
  }
}
