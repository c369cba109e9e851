/** The state of capture above every tab: progress with pause and cancel, or why it stopped. */
import type { CaptureState, MemoryStatus } from '../../src/protocol/status';
import { showLine } from '../../src/protocol/visible-text';
import { formatBytes, formatNumber } from '../state/format';
import { useAct, useFailure, useHost } from '../state/host';
import { t } from '../state/words';
import { Icon, IconButton } from './icon';

/** Empty during live capture. */
export function CaptureStrip({ capture }: { capture: CaptureState }) {
  const { api } = useHost();
  const act = useAct();
  const left = Math.max(0, capture.filesTotal - capture.filesDone);
  switch (capture.phase) {
    case 'scanning':
      return <Progress capture={capture} text={t('Looking for sessions…')} />;
    case 'importing':
      return <Progress capture={capture} text={describeImport(capture)} />;
    case 'paused':
      return (
        <Notice icon="debug-pause" text={t('Capture is paused')}>
          <button type="button" className="link" onClick={() => act(api.setPaused(false))}>
            {t('Resume')}
          </button>
        </Notice>
      );
    case 'cancelled':
      return (
        <Notice
          icon="debug-stop"
          text={left === 1 ? t('Import stopped. 1 file left') : t('Import stopped. {0} files left', formatNumber(left))}
        >
          <button type="button" className="link" onClick={() => act(api.importNow())}>
            {t('Resume')}
          </button>
        </Notice>
      );
    case 'error':
      return (
        <Notice
          icon="warning"
          text={capture.reason ? t('Capture stopped: {0}', showLine(capture.reason)) : t('Capture stopped')}
          isError
        >
          <button type="button" className="link" onClick={() => act(api.importNow())}>
            {t('Retry')}
          </button>
          <button type="button" className="link" onClick={() => act(api.openDoctor())}>
            {t('Open Doctor')}
          </button>
        </Notice>
      );
    default:
      return capture.indexing ? <Indexing {...capture.indexing} /> : null;
  }
}

/** After an update that changed the words of the index. */
function Indexing({ done, total }: { done: number; total: number }) {
  const text = t('Making the search index anew: {0} of {1} texts', formatNumber(done), formatNumber(total));
  return (
    <section className="strip strip-progress" aria-label={t('Search index')}>
      <div className="strip-line">
        <span className="strip-text">{text}</span>
      </div>
      <vscode-progress-bar value={Math.floor((done / Math.max(total, 1)) * 100)} max={100} aria-label={text} />
    </section>
  );
}

function Progress({ capture, text }: { capture: CaptureState; text: string }) {
  const { api } = useHost();
  const act = useAct();
  const isMeasured = capture.phase === 'importing' && capture.bytesTotal > 0;
  const percent = isMeasured ? Math.min(100, Math.round((capture.bytesDone / capture.bytesTotal) * 100)) : undefined;
  return (
    <section className="strip strip-progress" aria-label={t('Import')}>
      <div className="strip-line">
        <span className="strip-text" title={capture.current ? showLine(capture.current) : undefined}>
          {text}
        </span>
        <span className="strip-buttons">
          <button type="button" className="link" onClick={() => act(api.setPaused(true))}>
            {t('Pause')}
          </button>
          <button type="button" className="link" onClick={() => act(api.cancelImport())}>
            {t('Stop')}
          </button>
        </span>
      </div>
      {percent === undefined ? (
        <vscode-progress-bar indeterminate aria-label={text} />
      ) : (
        <vscode-progress-bar value={percent} max={100} aria-label={text} />
      )}
    </section>
  );
}

function describeImport(capture: CaptureState): string {
  return t(
    'Importing {0} of {1} files ({2} of {3})',
    formatNumber(capture.filesDone),
    formatNumber(capture.filesTotal),
    formatBytes(capture.bytesDone),
    formatBytes(capture.bytesTotal),
  );
}

/** Warnings when the memory works with limits: a read-only folder, the fallback driver. */
export function Warnings({ warnings }: { warnings: MemoryStatus['warnings'] }) {
  const { api } = useHost();
  const act = useAct();
  return warnings.map((warning) => (
    <Notice key={warning.code} icon="warning" text={warning.message} isError>
      <button type="button" className="link" onClick={() => act(api.openDoctor())}>
        {t('Open Doctor')}
      </button>
    </Notice>
  ));
}

/** Shown when the keeper is gone: the content on the screen may be outdated. */
export function ConnectionNotice({ reason }: { reason: string | undefined }) {
  const { api } = useHost();
  const act = useAct();
  return (
    <Notice
      icon="debug-disconnect"
      text={
        reason ? t('Memory cannot be reached: {0}', showLine(reason)) : t('Memory cannot be reached. Trying again…')
      }
      isError
    >
      {reason && (
        <button type="button" className="link" onClick={() => act(api.openDoctor())}>
          {t('Open Doctor')}
        </button>
      )}
      <button type="button" className="link" onClick={() => act(api.showLog())}>
        {t('Show Log')}
      </button>
    </Notice>
  );
}

/** The last action that failed, until it is dismissed. */
export function ActionFailure() {
  const { failure, dismiss } = useFailure();
  if (!failure) return null;
  return (
    <Notice icon="error" text={showLine(failure.message)} isError>
      <IconButton name="close" label={t('Dismiss')} onClick={dismiss} />
    </Notice>
  );
}

function Notice({
  icon,
  text,
  isError = false,
  children,
}: {
  icon: string;
  text: string;
  isError?: boolean;
  children: React.ReactNode;
}) {
  return (
    <section className={isError ? 'strip strip-error' : 'strip'} role={isError ? 'alert' : 'status'}>
      <div className="strip-line">
        <Icon name={icon} />
        <span className="strip-text">{text}</span>
        <span className="strip-buttons">{children}</span>
      </div>
    </section>
  );
}
