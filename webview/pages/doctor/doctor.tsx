/** The health of the memory and what can be done: the diagnosis, the backups, the size on disk. */
import { useCallback, useEffect, useState } from 'react';
import type { BackupInfo, Remedy } from '../../../src/protocol/care';
import type { CaptureState } from '../../../src/protocol/status';
import { showLine } from '../../../src/protocol/visible-text';
import type { Examination, WebviewContext } from '../../../src/protocol/webview';
import { Button } from '../../parts/button';
import { ActionFailure } from '../../parts/capture-strip';
import { Failure, Loading } from '../../parts/empty';
import { ErrorBoundary } from '../../parts/error-boundary';
import { Icon, IconButton } from '../../parts/icon';
import { formatDateTime, formatTime } from '../../state/format';
import { HostProvider, useEvent, useHost, useLiveContext } from '../../state/host';
import type { Host } from '../../state/host';
import { useThrottled } from '../../state/throttle';
import { useResource } from '../../state/use-resource';
import { t } from '../../state/words';
import { Backups } from './backups';
import { summarise, verdictLevel } from './diagnosis';
import { Findings, LevelIcon } from './findings';
import { Rights } from './rights';
import { Sizes } from './sizes';
import { UnevenFiles } from './uneven';
import { useRemedy } from './use-remedy';
import type { RemedyRunner } from './use-remedy';

/** A back-fill sends five events a second; the diagnosis need not be updated that often. */
const refreshMs = 3000;

/** The root component of the Doctor's panel. */
export function DoctorApp({ host, context }: { host: Host; context: WebviewContext }) {
  const current = useLiveContext(host, context);
  return (
    <HostProvider host={host} context={current}>
      <ErrorBoundary>
        <Doctor />
      </ErrorBoundary>
    </HostProvider>
  );
}

function Doctor() {
  const { api } = useHost();
  const { data, error, isLoading, reload } = useResource(() => api.examine(), []);
  // Incremented by actions only, not by events: a table that is being read must not jump to its start.
  const [round, setRound] = useState(0);
  const lookAgain = useCallback(() => {
    setRound((count) => count + 1);
    reload();
  }, [reload]);
  const remedy = useRemedy(lookAgain);
  const refresh = useThrottled(reload, refreshMs);
  const [phase, setPhase] = useState<CaptureState['phase']>();
  useEvent('changed', refresh);
  useEvent('connection', refresh);
  useEvent('capture', (next) => {
    // Progress does not change the health; the end of a phase may.
    if (next.phase !== phase) refresh();
    setPhase(next.phase);
  });

  if (!data) return error ? <Failure error={error} onRetry={reload} /> : <Loading label={t('Examining memory…')} />;
  return <Found found={data} isLoading={isLoading} round={round} onRefresh={lookAgain} remedy={remedy} />;
}

interface FoundProps {
  found: Examination;
  isLoading: boolean;
  round: number;
  onRefresh: () => void;
  remedy: RemedyRunner;
}

function Found({ found, isLoading, round, onRefresh, remedy }: FoundProps) {
  const { api } = useHost();
  const { diagnosis, backups, hasUndo, sizes, labels } = found;
  const { findings, at } = diagnosis;
  const { run, isRunning, restoreFocus } = remedy;
  useEffect(() => {
    if (!isRunning) restoreFocus();
  });
  const onRemedy = useCallback(
    (wanted: Remedy) => run(labels[wanted], () => api.applyRemedy(wanted)),
    [run, labels, api],
  );
  const onRestore = (backup: BackupInfo) =>
    run(t('Restore the backup of {0}', formatDateTime(backup.at)), () => api.restoreBackup(backup.name));
  const copyReport = () =>
    run(t('Copy Report'), async () => {
      await api.copyText(diagnosis.report);
      return t('The report is on the clipboard.');
    });
  return (
    <div className="doctor">
      <main className="doctor-page" aria-busy={isLoading}>
        <header className="doctor-head">
          <h1>{t('Doctor')}</h1>
          <div className="buttons">
            <Button isSecondary isDisabled={remedy.isRunning} onClick={onRefresh}>
              {sizes ? t('Refresh') : t('Try Again')}
            </Button>
            <Button isSecondary isDisabled={remedy.isRunning} onClick={copyReport}>
              {t('Copy Report')}
            </Button>
          </div>
        </header>
        <p className="verdict" role="status">
          <LevelIcon level={verdictLevel(findings)} />
          <span className="verdict-text">{summarise(findings)}</span>
        </p>
        <p className="quiet">
          {isLoading ? t('Looking again…') : t('Looked at {0}.', formatTime(at))}{' '}
          {t('The report has numbers and versions; no text of sessions, no names of projects, no paths.')}
        </p>
        <Progress remedy={remedy} />
        <ActionFailure />
        <div className="areas">
          <Findings
            findings={findings}
            labels={labels}
            isDisabled={remedy.isRunning}
            onRemedy={onRemedy}
            ledger={<UnevenFiles round={round} />}
          />
        </div>
        <Backups
          backups={backups}
          hasUndo={hasUndo}
          labels={labels}
          isDisabled={remedy.isRunning}
          canBackUp={sizes !== undefined}
          onRemedy={onRemedy}
          onRestore={onRestore}
        />
        {sizes && <Rights labels={labels} isDisabled={remedy.isRunning} onRemedy={onRemedy} />}
        {sizes && <Sizes sizes={sizes} />}
      </main>
    </div>
  );
}

/** Always rendered, because screen readers announce only changes of an existing live region. */
function Progress({ remedy: { state, run, dismiss } }: { remedy: RemedyRunner }) {
  return (
    <div className="progress" aria-live="polite">
      {state.phase === 'running' && (
        <p className="progress-line">
          <Icon name="sync" className="codicon-modifier-spin" />
          <span className="progress-text">{t('Under way: {0}', showLine(state.label))}</span>
        </p>
      )}
      {state.phase === 'done' && (
        <p className="progress-line">
          <Icon name="check" className="level-ok" />
          <span className="progress-text">{showLine(state.text)}</span>
          <IconButton name="close" label={t('Dismiss')} onClick={dismiss} />
        </p>
      )}
      {state.phase === 'failed' && (
        <p className="progress-line" role="alert">
          <Icon name="error" className="level-error" />
          <span className="progress-text">
            {t('{0} did not work: {1}', showLine(state.label), showLine(state.reason))}
          </span>
          <Button isSecondary onClick={() => run(state.label, state.work)}>
            {t('Try Again')}
          </Button>
          <IconButton name="close" label={t('Dismiss')} onClick={dismiss} />
        </p>
      )}
    </div>
  );
}
