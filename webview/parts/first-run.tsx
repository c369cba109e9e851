/** The one-time notice: what is read, where it is stored, how much was found. It never blocks anything. */
import type { MemoryStatus } from '../../src/protocol/status';
import { formatBytes, formatNumber } from '../state/format';
import { useAct, useEditorContext, useHost } from '../state/host';
import { t } from '../state/words';
import { Button } from './button';
import { Icon } from './icon';

interface FirstRunProps {
  status: MemoryStatus | undefined;
  /** The notice is done with; the host is told here. */
  onClose: () => void;
  /** Leads to the search. */
  onFind: () => void;
}

export function FirstRun({ status, onClose, onFind }: FirstRunProps) {
  const { api } = useHost();
  const act = useAct();
  const context = useEditorContext();
  const isPaused = status?.capture.phase === 'paused';
  const close = () => {
    onClose();
    act(api.dismissFirstRun());
  };
  return (
    <section className="first-run" aria-label={t('About your memory')}>
      <h2>
        <Icon name="history" />
        {t('Your Claude Code history, searchable')}
      </h2>
      <dl>
        <dt>{t('Reads')}</dt>
        <dd>
          {context.configDirs.map((dir) => (
            <code key={dir}>{dir}</code>
          ))}
        </dd>
        <dt>{t('Keeps in')}</dt>
        <dd>
          <code>{context.dataDir}</code>
        </dd>
        <dt>{t('Found')}</dt>
        <dd aria-live="polite">{describeFound(status)}</dd>
      </dl>
      <p className="first-run-promise">
        <Icon name="shield" />
        <span>
          {t('Nothing leaves this machine.')}{' '}
          {!isPaused && (
            <button type="button" className="link" onClick={() => act(api.setPaused(true))}>
              {t('Pause')}
            </button>
          )}
        </span>
      </p>
      <div className="buttons">
        <Button
          onClick={() => {
            close();
            onFind();
          }}
        >
          {t('Find Something You Once Solved')}
        </Button>
        <Button isSecondary onClick={close}>
          {t('Got It')}
        </Button>
      </div>
    </section>
  );
}

function describeFound(status: MemoryStatus | undefined): string {
  if (!status) return t('Still looking…');
  const { phase, filesTotal, bytesTotal } = status.capture;
  // Only a back-fill counts all files; later the numbers are those of the last small sweep.
  if (phase !== 'importing' || filesTotal === 0) return describeSessions(status, phase === 'scanning');
  return filesTotal === 1
    ? t('1 transcript file ({0})', formatBytes(bytesTotal))
    : t('{0} transcript files ({1})', formatNumber(filesTotal), formatBytes(bytesTotal));
}

function describeSessions({ sessions }: MemoryStatus, isScanning: boolean): string {
  if (sessions === 0) return isScanning ? t('Still looking…') : t('No sessions yet');
  return sessions === 1 ? t('1 session') : t('{0} sessions', formatNumber(sessions));
}
