/** Every call that sent text from this machine: when, to whom, about what, how much, at what cost. */
import type { SpendEntry } from '../../../src/protocol/spend';
import { showLine } from '../../../src/protocol/visible-text';
import { Button } from '../../parts/button';
import { Empty, Failure, Loading } from '../../parts/empty';
import { Icon } from '../../parts/icon';
import { formatBytes, formatCompact, formatDateTime, formatNumber, formatUsd } from '../../state/format';
import { useAct, useEvent, useHost } from '../../state/host';
import { useThrottled } from '../../state/throttle';
import { usePaged } from '../../state/use-paged';
import { t } from '../../state/words';
import { Section } from './activity';
import { namePurpose } from './spending';

export function Sent() {
  const { api } = useHost();
  const sent = usePaged((cursor) => api.spendEntries(cursor), []);
  const refresh = useThrottled(sent.reload, 1000);
  useEvent('queue', refresh);
  if (sent.error && sent.items.length === 0) return <Failure error={sent.error} onRetry={sent.reload} />;
  if (sent.isLoading && sent.items.length === 0) return <Loading label={t('Looking at what was sent…')} />;
  if (sent.items.length === 0) {
    return (
      <Empty icon="lock" title={t('Nothing has left this machine')}>
        <p className="empty-text">
          {t('Each call of a model would be listed here, with what was in it and what it cost.')}
        </p>
      </Empty>
    );
  }
  return (
    <Section title={t('What left this machine')}>
      <ul className="tasks">
        {sent.items.map((entry) => (
          <SentRow key={entry.id} entry={entry} />
        ))}
      </ul>
      {sent.loadMore && (
        <Button isSecondary onClick={sent.loadMore}>
          {t('Show more')}
        </Button>
      )}
    </Section>
  );
}

function SentRow({ entry }: { entry: SpendEntry }) {
  const { api } = useHost();
  const act = useAct();
  const { at, state, purpose, model, host, isBatch, sessionId, sessionTitle, projectName, bytes, redactions, usd } =
    entry;
  const title = showLine(sessionTitle ?? '') || t('Untitled session');
  return (
    <li className="task">
      <div className="task-head">
        <Icon name={stateIcons[state]} label={nameState(state)} />
        <time dateTime={new Date(at).toISOString()}>{formatDateTime(at)}</time>
        <span className="sent-usd">{formatUsd(usd)}</span>
      </div>
      <p>
        {`${namePurpose(purpose)} · ${showLine(model)} → ${showLine(host)}`}
        {isBatch && ` · ${t('batch')}`}
      </p>
      {sessionId !== undefined && (
        <button type="button" className="link task-session" onClick={() => act(api.openSession(sessionId))}>
          {projectName === undefined ? title : `${showLine(projectName)} · ${title}`}
        </button>
      )}
      <p className="hint">
        {[
          formatBytes(bytes),
          t(
            'tokens {0} in, {1} out',
            formatCompact(entry.inputTokens + entry.cacheReadTokens + entry.cacheWriteTokens),
            formatCompact(entry.outputTokens),
          ),
          t('secrets kept back: {0}', formatNumber(redactions)),
          nameState(state),
        ].join(' · ')}
      </p>
    </li>
  );
}

const stateIcons: Readonly<Record<SpendEntry['state'], string>> = {
  reserved: 'clock',
  sent: 'sync',
  settled: 'check',
  released: 'circle-slash',
  unknown: 'question',
};

function nameState(state: SpendEntry['state']): string {
  switch (state) {
    case 'reserved':
      return t('Reserved, not sent yet');
    case 'sent':
      return t('Sent, no answer yet');
    case 'settled':
      return t('Answered');
    case 'released':
      return t('Not sent after all');
    default:
      return t('Its end is not known: counted at its maximum');
  }
}
