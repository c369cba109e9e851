/** The summary of a session, above its first row. Every sentence leads to the line it rests on. */
import { useState } from 'react';
import { summaryKeyOf } from '../../../src/protocol/basket';
import type { SessionCard } from '../../../src/protocol/model';
import type { Evidence, SessionSummary } from '../../../src/protocol/summary';
import { showLine } from '../../../src/protocol/visible-text';
import { BasketButton } from '../../parts/basket-button';
import { Icon, IconButton } from '../../parts/icon';
import { formatNumber, formatUsd } from '../../state/format';
import { useAct, useEvent, useHost } from '../../state/host';
import { useThrottled } from '../../state/throttle';
import { useResource } from '../../state/use-resource';
import { t } from '../../state/words';
import { Claims, Commands, Errors, Files } from './summary-parts';
import type { ShownSummary } from './use-summary';

interface SummaryProps {
  session: SessionCard;
  shown: ShownSummary;
  isOpen: boolean;
  onOpen: (isOpen: boolean) => void;
  /** Scrolls to a line of this session. */
  onGo: (place: { key?: string; turn: number }) => void;
}

/** Not shown for a session without a prompt, which has no summary. */
export function Summary({ session, shown, isOpen, onOpen, onGo }: SummaryProps) {
  const { summary, error } = shown;
  const [point] = summary ? [summary.keyPoints[0] ?? summary.done[0]] : [];
  return (
    <section className="summary" aria-label={t('Summary')}>
      <div className="summary-head">
        <button type="button" className="summary-toggle" aria-expanded={isOpen} onClick={() => onOpen(!isOpen)}>
          <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} />
          <span className="summary-name">{t('Summary')}</span>
          {!isOpen && <bdi className="summary-line">{showLine(point?.text ?? summary?.title ?? '')}</bdi>}
        </button>
        {summary && <Tools summary={summary} shown={shown} />}
      </div>
      {isOpen && error !== undefined && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
      {isOpen && summary && <Body summary={summary} shown={shown} cwd={session.cwd} onGo={onGo} />}
    </section>
  );
}

function Tools({ summary, shown }: { summary: SessionSummary; shown: ShownSummary }) {
  const { api } = useHost();
  const act = useAct();
  return (
    <span className="summary-tools">
      {summary.isBehind && (
        <IconButton name="refresh" label={t('The session has grown since: make it anew')} onClick={shown.reload} />
      )}
      <IconButton name="copy" label={t('Copy summary')} onClick={() => act(api.copySummary(summary.id))} />
      <IconButton
        name="insert"
        label={t('Insert summary at cursor')}
        onClick={() => act(api.insertSummary(summary.id))}
      />
      <BasketButton name={summaryKeyOf(summary.sessionId)} label={t('Put the summary into the basket')} />
    </span>
  );
}

function Body({
  summary,
  shown,
  cwd,
  onGo,
}: {
  summary: SessionSummary;
  shown: ShownSummary;
  cwd: string;
  onGo: SummaryProps['onGo'];
}) {
  const { api } = useHost();
  const act = useAct();
  const go = ({ key, turn }: Evidence) => onGo({ ...(key !== undefined && { key }), turn });
  const { sessionId } = summary;
  return (
    <div className="summary-body">
      {summary.isBehind && (
        <p className="hint" role="status">
          {t('The session has grown since this was made.')}
        </p>
      )}
      <p className="summary-title">
        <bdi>{showLine(summary.title)}</bdi>
      </p>
      <Claims title={t('Key points')} claims={summary.keyPoints} onGo={go} />
      <Claims title={t('Asked')} claims={summary.asked} onGo={go} />
      <Claims title={t('Done')} claims={summary.done} onGo={go} />
      <Claims title={t('Decisions')} claims={summary.decisions} onGo={go} />
      <Files files={summary.files} cwd={cwd} onGo={go} onOpen={(path) => act(api.openFile(path))} />
      <Errors errors={summary.errors} onGo={go} />
      <Commands commands={summary.commands} onGo={go} />
      <Claims title={t('Open ends')} claims={summary.openEnds} onGo={go} />
      <Made summary={summary} shown={shown} />
      <Models sessionId={sessionId} newest={shown.versions[0]?.id} onDone={shown.reload} />
    </div>
  );
}

/** Who made this version, and the other versions. */
function Made({ summary, shown }: { summary: SessionSummary; shown: ShownSummary }) {
  const act = useAct();
  const { versions } = shown;
  const parts = [
    describeMaker(summary),
    ...(summary.costUsd > 0 ? [formatUsd(summary.costUsd)] : []),
    ...(summary.droppedClaims > 0
      ? [t('sentences left out because no line bears them out: {0}', formatNumber(summary.droppedClaims))]
      : []),
  ];
  return (
    <div className="summary-made hint">
      <span>{parts.join(' · ')}</span>
      {versions.length > 1 && (
        <label>
          {t('Version')}
          <select
            className="input"
            value={summary.id}
            onChange={(event) => act(shown.publish(Number(event.target.value)))}
          >
            {versions.map((version) => (
              <option key={version.id} value={version.id}>
                {`${formatNumber(version.version)} · ${describeMaker(version)}`}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}

function describeMaker({ source, model }: Pick<SessionSummary, 'source' | 'model'>): string {
  if (source === 'local') return t('Made by rules, on this computer');
  return source === 'model' ? t('By {0}', showLine(model)) : t('By {0}, a model of the editor', showLine(model));
}

/** Shown only where a click can work; the editor asks for consent before its own model is used. */
function Models({ sessionId, newest, onDone }: { sessionId: string; newest: number | undefined; onDone: () => void }) {
  const { api } = useHost();
  const act = useAct();
  // The newest version when the model was asked: a different newest version is its answer.
  const [askedAt, setAskedAt] = useState<number | null>(null);
  const isAsked = askedAt !== null && askedAt === (newest ?? 0);
  const spend = useResource((_signal: AbortSignal) => api.spend(), []);
  // A key may have been set, or models turned off.
  useEvent('queue', useThrottled(spend.reload, 2000));
  const isReady = spend.data?.state === 'ready';
  return (
    <div className="buttons summary-models">
      {isReady && (
        <button
          type="button"
          className="link"
          disabled={isAsked}
          onClick={() => {
            setAskedAt(newest ?? 0);
            act(
              api.summarizeByModel(sessionId).catch((error: unknown) => {
                setAskedAt(null);
                throw error;
              }),
            );
          }}
        >
          {isAsked
            ? t('The model was asked; its summary will show here')
            : t('Summarise with a model ({0})', showLine(spend.data?.strongModel || spend.data?.fastModel || ''))}
        </button>
      )}
      <button
        type="button"
        className="link"
        onClick={() => act(api.askEditorModel(sessionId).then((made) => (made ? onDone() : undefined)))}
      >
        {t('Ask this editor’s model…')}
      </button>
    </div>
  );
}
