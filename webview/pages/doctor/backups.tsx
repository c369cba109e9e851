/** The list of backups, with a button to restore each. */
import type { BackupInfo, BackupKind, Remedy } from '../../../src/protocol/care';
import { Button } from '../../parts/button';
import { formatAgo, formatBytes, formatDateTime, formatNumber } from '../../state/format';
import { t } from '../../state/words';

interface BackupsProps {
  backups: readonly BackupInfo[];
  hasUndo: boolean;
  labels: Readonly<Record<Remedy, string>>;
  isDisabled: boolean;
  /** False while no keeper can open the memory, which cannot be backed up then. */
  canBackUp: boolean;
  onRemedy: (remedy: Remedy) => void;
  onRestore: (backup: BackupInfo) => void;
}

export function Backups({ backups, hasUndo, labels, isDisabled, canBackUp, onRemedy, onRestore }: BackupsProps) {
  return (
    <section className="block-section" aria-labelledby="backups">
      <div className="section-head">
        <h2 id="backups">{t('Backups')}</h2>
        <div className="buttons">
          {hasUndo && (
            <Button isSecondary isDisabled={isDisabled} onClick={() => onRemedy('undo_restore')}>
              {labels.undo_restore}
            </Button>
          )}
          {canBackUp && (
            <Button isSecondary isDisabled={isDisabled} onClick={() => onRemedy('back_up')}>
              {labels.back_up}
            </Button>
          )}
        </div>
      </div>
      {backups.length === 0 ? (
        <p className="quiet">{t('There is no backup yet. One is made every six hours when something is new.')}</p>
      ) : (
        <div className="scroll-x">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('Made')}</th>
                <th scope="col">{t('Kind')}</th>
                <th scope="col" className="number">
                  {t('Size')}
                </th>
                <th scope="col" className="number">
                  {t('Sessions')}
                </th>
                <th scope="col" className="number">
                  {t('Learnings')}
                </th>
                <th scope="col">
                  <span className="sr-only">{t('Action')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {backups.map((backup) => (
                <Row key={backup.name} backup={backup} isDisabled={isDisabled} onRestore={onRestore} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({
  backup,
  isDisabled,
  onRestore,
}: {
  backup: BackupInfo;
  isDisabled: boolean;
  onRestore: (backup: BackupInfo) => void;
}) {
  const { kind, at, bytes, counts } = backup;
  const made = formatDateTime(at);
  return (
    <tr>
      <td title={formatAgo(at)}>{made}</td>
      <td>{nameKind(kind)}</td>
      <td className="number">{formatBytes(bytes)}</td>
      <td className="number">{kind === 'written' ? '–' : formatNumber(counts.sessions)}</td>
      <td className="number">{formatNumber(counts.learnings)}</td>
      <td className="row-action">
        <button
          type="button"
          className="link"
          disabled={isDisabled}
          aria-label={t('Restore the backup of {0}', made)}
          onClick={() => onRestore(backup)}
        >
          {t('Restore')}
        </button>
      </td>
    </tr>
  );
}

function nameKind(kind: BackupKind): string {
  switch (kind) {
    case 'manual':
      return t('Made by hand');
    case 'before_migration':
      return t('Before an update');
    case 'written':
      return t('Only what you wrote');
    default:
      return t('Automatic');
  }
}
