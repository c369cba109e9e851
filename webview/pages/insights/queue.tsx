/** Waiting tasks, their progress, and errors with a way to continue. */
import { useState } from 'react';
import type { QueueStatus, TaskInfo, TaskState, TaskType } from '../../../src/protocol/spend';
import { showLine } from '../../../src/protocol/visible-text';
import { Button } from '../../parts/button';
import { Failure, Loading } from '../../parts/empty';
import { Icon } from '../../parts/icon';
import { formatDateTime, formatNumber } from '../../state/format';
import { useAct, useEvent, useHost } from '../../state/host';
import { useThrottled } from '../../state/throttle';
import { usePaged } from '../../state/use-paged';
import { useResource } from '../../state/use-resource';
import { t, translate } from '../../state/words';
import { Section } from './activity';

export function QueueSection() {
  const { api } = useHost();
  const act = useAct();
  const asked = useResource((_signal: AbortSignal) => api.queue(), []);
  const [told, setTold] = useState<QueueStatus>();
  const tasks = usePaged((cursor) => api.listTasks(cursor), []);
  const refresh = useThrottled(tasks.reload, 1000);
  useEvent('queue', (next) => {
    setTold(next);
    refresh();
  });
  const queue = told ?? asked.data;
  if (asked.error && !queue) return <Failure error={asked.error} onRetry={asked.reload} />;
  if (!queue) return <Loading label={t('Looking at the queue…')} />;
  const after = (action: Promise<unknown>) =>
    act(
      action.finally(() => {
        asked.reload();
        tasks.reload();
        setTold(undefined);
      }),
    );
  const isPausedByUser = queue.isPaused && queue.whyPaused === 'user';
  return (
    <>
      <Section title={t('Work in the background')}>
        <p role="status">{describeQueue(queue)}</p>
        {queue.total > queue.done && (
          <vscode-progress-bar
            value={queue.done}
            max={queue.total}
            aria-label={t('{0} of {1} done', formatNumber(queue.done), formatNumber(queue.total))}
          />
        )}
        <div className="buttons">
          <Button isSecondary onClick={() => after(api.setQueuePaused(!isPausedByUser))}>
            {isPausedByUser ? t('Resume') : t('Pause')}
          </Button>
        </div>
      </Section>
      <Section title={t('Tasks')}>
        {tasks.items.length === 0 ? <p className="hint">{t('Nothing waits, and nothing went wrong.')}</p> : null}
        <ul className="tasks">
          {tasks.items.map((task) => (
            <TaskRow
              key={task.id}
              task={task}
              onRetry={() => after(api.retryTask(task.id))}
              onDrop={() => after(api.dropTask(task.id))}
            />
          ))}
        </ul>
        {tasks.loadMore && (
          <Button isSecondary onClick={tasks.loadMore}>
            {t('Show more')}
          </Button>
        )}
      </Section>
    </>
  );
}

function describeQueue({ counts, done, total, isPaused, whyPaused }: QueueStatus): string {
  const waiting = counts.pending + counts.failed;
  const parts = [
    waiting + counts.running === 0
      ? t('Nothing waits.')
      : t('{0} of {1} done', formatNumber(done), formatNumber(total)),
    ...(counts.dead > 0 ? [t('given up: {0}', formatNumber(counts.dead))] : []),
    ...(counts.unknown > 0 ? [t('of unknown end: {0}', formatNumber(counts.unknown))] : []),
    ...(isPaused ? [namePause(whyPaused)] : []),
  ];
  return parts.join(' · ');
}

function namePause(why: QueueStatus['whyPaused']): string {
  switch (why) {
    case 'importing':
      return t('Paused while importing');
    case 'budget':
      return t('Paid work waits: the next does not fit under a ceiling');
    case 'no_key':
      return t('Paid work waits for a key');
    default:
      return t('Paused by you');
  }
}

function TaskRow({ task, onRetry, onDrop }: { task: TaskInfo; onRetry: () => void; onDrop: () => void }) {
  const { api } = useHost();
  const act = useAct();
  const { type, state, isPaid, sessionId, sessionTitle, retries, maxRetries, nextAt, error, args = [] } = task;
  const title = showLine(sessionTitle ?? '');
  return (
    <li className={`task task-${state}`}>
      <div className="task-head">
        <Icon name={stateIcons[state]} label={nameState(state)} />
        <span className="task-name">
          {nameType(type)}
          {isPaid ? ` · ${t('paid')}` : ''}
        </span>
        {retries > 0 && (
          <span className="hint">{t('Try {0} of {1}', formatNumber(retries), formatNumber(maxRetries))}</span>
        )}
        {nextAt !== undefined && state === 'failed' && (
          <span className="hint">{t('again at {0}', formatDateTime(nextAt))}</span>
        )}
      </div>
      {title !== '' &&
        (sessionId === undefined ? (
          <p>{title}</p>
        ) : (
          <button type="button" className="link task-session" onClick={() => act(api.openSession(sessionId))}>
            {title}
          </button>
        ))}
      {error !== undefined && <p className="task-error">{showLine(translate(error, args))}</p>}
      {state === 'unknown' && (
        <p className="hint">
          {t('It may have been paid for. It counts with its maximum; trying again may cost once more.')}
        </p>
      )}
      {state !== 'pending' && state !== 'running' && (
        <div className="buttons">
          <Button isSecondary onClick={onRetry}>
            {t('Try Again')}
          </Button>
          <Button isSecondary onClick={onDrop}>
            {t('Drop')}
          </Button>
        </div>
      )}
    </li>
  );
}

const stateIcons: Readonly<Record<TaskState, string>> = {
  pending: 'clock',
  running: 'sync',
  failed: 'warning',
  dead: 'error',
  unknown: 'question',
};

function nameState(state: TaskState): string {
  switch (state) {
    case 'running':
      return t('Running');
    case 'failed':
      return t('Failed, will be tried again');
    case 'dead':
      return t('Given up');
    case 'unknown':
      return t('Its end is not known');
    default:
      return t('Waiting');
  }
}

function nameType(type: TaskType): string {
  switch (type) {
    case 'summarize':
      return t('Summary');
    case 'learn':
      return t('Learnings');
    case 'embed':
      return t('Vectors');
    case 'index':
      return t('Graph');
    case 'cleanup':
      return t('Clean-up');
    default:
      return t('Export');
  }
}
