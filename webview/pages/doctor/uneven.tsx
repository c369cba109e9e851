/**
 * Files with skipped bytes, or whose ledger does not balance. Paths are shown, because this page does not leave the
 * machine.
 */
import { useEffect, useId, useState } from 'react';
import { asMemoryError } from '../../../src/protocol/errors';
import type { FileLedger, Page } from '../../../src/protocol/status';
import { showLine } from '../../../src/protocol/visible-text';
import { Icon } from '../../parts/icon';
import { formatBytes } from '../../state/format';
import { useHost } from '../../state/host';
import { t } from '../../state/words';

/** Rows added per click. */
const stepRows = 50;

/** Collapsed at first, because reading thousands of ledgers takes time. */
export function UnevenFiles({ round }: { round: number }) {
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  return (
    <div className="uneven">
      <button
        type="button"
        className="link uneven-toggle"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
      >
        <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} />
        {t('Files with something passed over')}
      </button>
      <div id={id} hidden={!isOpen}>
        {isOpen && <Files key={round} />}
      </div>
    </div>
  );
}

function Files() {
  const { api } = useHost();
  const [pages, setPages] = useState<Page<FileLedger>>();
  const [shown, setShown] = useState(stepRows);
  const [failure, setFailure] = useState('');
  const load = (cursor?: string) => {
    setFailure('');
    api
      .listUneven(cursor)
      .then((page) => setPages((old) => ({ ...page, items: [...(old?.items ?? []), ...page.items] })))
      .catch((error: unknown) => {
        const known = asMemoryError(error);
        if (known.code !== 'cancelled') setFailure(known.message);
      });
  };
  // oxlint-disable-next-line react/exhaustive-deps -- once: a refresh makes a new component
  useEffect(() => load(), []);

  if (failure !== '') {
    return (
      <p className="quiet" role="alert">
        {showLine(failure)}{' '}
        <button type="button" className="link" onClick={() => load(pages?.next)}>
          {t('Try Again')}
        </button>
      </p>
    );
  }
  if (!pages)
    return (
      <p className="quiet waiting" role="status">
        {t('Reading the ledger…')}
      </p>
    );
  if (pages.items.length === 0) return <p className="quiet">{t('Nothing was passed over, and every file adds up.')}</p>;
  const more = () => {
    setShown(shown + stepRows);
    if (shown + stepRows >= pages.items.length && pages.next !== undefined) load(pages.next);
  };
  return (
    <>
      <div className="scroll-x">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('File')}</th>
              <th scope="col" className="number">
                {t('Seen')}
              </th>
              <th scope="col" className="number">
                {t('Stored')}
              </th>
              <th scope="col">{t('Passed over')}</th>
            </tr>
          </thead>
          <tbody>
            {pages.items.slice(0, shown).map((file) => (
              <FileRow key={file.path} file={file} />
            ))}
          </tbody>
        </table>
      </div>
      {(shown < pages.items.length || pages.next !== undefined) && (
        <button type="button" className="link" onClick={more}>
          {t('Show more')}
        </button>
      )}
    </>
  );
}

function FileRow({ file }: { file: FileLedger }) {
  const { path, bytesSeen, bytesStored, bytesSkipped, isGone } = file;
  const skipped = Object.entries(bytesSkipped).toSorted(([, one], [, other]) => other - one);
  const missing = bytesSeen - bytesStored - skipped.reduce((sum, [, bytes]) => sum + bytes, 0);
  return (
    <tr>
      <td className="path">
        <bdi>{showLine(path)}</bdi>
        {isGone && <span className="quiet"> · {t('no longer on disk')}</span>}
      </td>
      <td className="number">{formatBytes(bytesSeen)}</td>
      <td className="number">{formatBytes(bytesStored)}</td>
      <td>
        {missing !== 0 && (
          <strong className="missing">
            <Icon name="warning" /> {t('Not accounted for: {0}', formatBytes(Math.abs(missing)))}{' '}
          </strong>
        )}
        {skipped.map(([reason, bytes]) => `${nameReason(reason)} ${formatBytes(bytes)}`).join(' · ')}
      </td>
    </tr>
  );
}

function nameReason(reason: string): string {
  const names: Readonly<Record<string, string>> = {
    duplicate: t('already stored'),
    noise: t('bookkeeping'),
    unknown: t('of unknown kind'),
    malformed: t('unreadable'),
    too_long: t('too long'),
    empty: t('empty'),
    incomplete: t('not yet complete'),
    excluded: t('excluded'),
    private: t('private'),
    own: t('our own'),
    forgotten: t('forgotten'),
    observer: t('of an observer'),
    expired: t('expired'),
    stuck: t('stopped the memory'),
  };
  return Object.hasOwn(names, reason) ? (names[reason] ?? reason) : showLine(reason);
}
