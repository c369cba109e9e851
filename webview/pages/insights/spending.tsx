/** Costs of models against the ceilings, and the back-fill, which starts only after a confirmation by the editor. */
import { useState } from 'react';
import type { BackfillRequest } from '../../../src/protocol/questions/spend';
import type { Spent, SpendStatus, SpendSums } from '../../../src/protocol/spend';
import { showLine } from '../../../src/protocol/visible-text';
import { Bars } from '../../parts/bars';
import { Button } from '../../parts/button';
import { Chips } from '../../parts/chips';
import { DataTable } from '../../parts/data-table';
import { Failure, Loading } from '../../parts/empty';
import { Meter } from '../../parts/meter';
import { formatCompact, formatDayName, formatNumber, formatUsd } from '../../state/format';
import { useAct, useEditorContext, useEvent, useHost } from '../../state/host';
import { usePersisted } from '../../state/persisted';
import { scopeOf } from '../../state/scope';
import { useThrottled } from '../../state/throttle';
import { useResource } from '../../state/use-resource';
import { t } from '../../state/words';
import { Fact, Section } from './activity';

export function Spending({ isShown }: { isShown: boolean }) {
  const { api } = useHost();
  const status = useResource((_signal: AbortSignal) => api.spend(), []);
  const refresh = useThrottled(status.reload, 1000);
  useEvent('queue', () => isShown && refresh());
  useEvent('context', refresh);
  if (status.error && !status.data) return <Failure error={status.error} onRetry={status.reload} />;
  if (!status.data) return <Loading label={t('Adding up…')} />;
  const { today, month, ceilings, pricesOf, unpriced } = status.data;
  return (
    <>
      <StateLine status={status.data} />
      <Section title={t('Against the ceilings')}>
        <Ceiling name={t('Today')} spent={today} usd={ceilings.dayUsd} tokens={ceilings.dayTokens} />
        <Ceiling name={t('This month')} spent={month} usd={ceilings.monthUsd} tokens={ceilings.monthTokens} />
        <p className="hint">
          {t('At list prices of {0}. Each call is reserved at its worst case before it is made.', pricesOf)}
        </p>
        {unpriced.length > 0 && (
          <p className="hint" role="note">
            {t('Price not known, so the dearest is assumed: {0}', unpriced.map(showLine).join(', '))}
          </p>
        )}
      </Section>
      <Backfill status={status.data} onChange={status.reload} />
      <Sums round={today.calls + month.calls} />
    </>
  );
}

function StateLine({ status: { state, host, fastModel, strongModel } }: { status: SpendStatus }) {
  const { api } = useHost();
  const act = useAct();
  const settings = (
    <Button isSecondary onClick={() => act(api.openSettings('claudeMem.model'))}>
      {t('Open Settings')}
    </Button>
  );
  const models = [...new Set([fastModel, strongModel])]
    .filter((name) => name !== '')
    .map(showLine)
    .join(', ');
  return (
    <Section title={t('Models')}>
      <p role="status">{describeState(state, showLine(host), models)}</p>
      <div className="buttons">
        {(state === 'no_key' || state === 'wrong_key') && (
          <Button onClick={() => act(api.setApiKey())}>{t('Set API Key…')}</Button>
        )}
        {settings}
      </div>
    </Section>
  );
}

function describeState(state: SpendStatus['state'], host: string, models: string): string {
  switch (state) {
    case 'ready':
      return t('On: sessions you choose are sent to {0} ({1}), without their secrets.', host, models);
    case 'no_key':
      return t('On, but there is no API key: nothing is sent.');
    case 'wrong_key':
      return t('The API refused the key: nothing is sent until there is another.');
    case 'no_model':
      return t('On, but no model is named in the settings: nothing is sent.');
    default:
      return t(
        'Off: nothing is sent to anyone and nothing is spent. Summaries and learnings are made by rules, on this computer.',
      );
  }
}

function Ceiling({ name, spent, usd, tokens }: { name: string; spent: Spent; usd: number; tokens: number }) {
  const used = spent.settledUsd + spent.reservedUsd + spent.unknownUsd;
  const open = spent.reservedUsd + spent.unknownUsd;
  return (
    <div className="ceiling">
      <span className="ceiling-name">{name}</span>
      <Meter share={usd > 0 ? used / usd : 1} label={t('{0}: {1} of {2}', name, formatUsd(used), formatUsd(usd))} />
      <span>{t('{0} of {1}', formatUsd(used), formatUsd(usd))}</span>
      <span className="hint">
        {t(
          '{0} of {1} tokens, calls: {2}',
          formatCompact(spent.tokens),
          formatCompact(tokens),
          formatNumber(spent.calls),
        )}
        {open > 0 && ` · ${t('of it reserved or of unknown end: {0}', formatUsd(open))}`}
      </span>
    </div>
  );
}

/** Shows the estimate; the editor then asks for confirmation before anything is queued. */
function Backfill({ status, onChange }: { status: SpendStatus; onChange: () => void }) {
  const { api } = useHost();
  const { roots } = useEditorContext();
  const act = useAct();
  const [isBatch, setIsBatch] = useState(true);
  const [isAll, setIsAll] = useState(roots.length === 0);
  const [isAsked, setIsAsked] = useState(false);
  const scope = scopeOf(roots, isAll ? 'all' : 'workspace');
  const request: BackfillRequest = { isBatch, ...(scope && { scope }) };
  const estimate = useResource(
    (asked: BackfillRequest, _signal: AbortSignal) => api.estimateBackfill(asked),
    isAsked && status.state === 'ready' ? [request] : null,
  );
  const { counts } = status.queue;
  if (status.state !== 'ready') return null;
  const change = (action: Promise<unknown>) =>
    act(
      action.then(() => {
        onChange();
        return estimate.reload();
      }),
    );
  return (
    <Section title={t('Summarise earlier sessions')}>
      <div className="chips" role="group" aria-label={t('How')}>
        <Toggle label={t('As a batch: half the price, within a day')} isOn={isBatch} onChange={setIsBatch} />
        {roots.length > 0 && <Toggle label={t('All projects')} isOn={isAll} onChange={setIsAll} />}
      </div>
      {estimate.error && (
        <p className="field-error" role="alert">
          {estimate.error.message}
        </p>
      )}
      {estimate.data && (
        <dl className="facts" aria-live="polite">
          <Fact name={t('Sessions')} value={formatNumber(estimate.data.sessions)} />
          <Fact
            name={t('Tokens')}
            value={t(
              '{0} in, {1} out at most',
              formatCompact(estimate.data.inputTokens),
              formatCompact(estimate.data.outputTokens),
            )}
          />
          <Fact name={t('Likely')} value={formatUsd(estimate.data.likelyUsd)} />
          <Fact name={t('At most')} value={formatUsd(estimate.data.maxUsd)} />
          <Fact name={t('Fit under today’s ceiling')} value={formatNumber(estimate.data.fits)} />
        </dl>
      )}
      <div className="buttons">
        {!isAsked && (
          <Button isSecondary onClick={() => setIsAsked(true)}>
            {t('Estimate')}
          </Button>
        )}
        {estimate.data && (
          <Button isDisabled={estimate.data.sessions === 0} onClick={() => change(api.startBackfill(request))}>
            {t('Start…')}
          </Button>
        )}
        {counts.pending > 0 && (
          <Button isSecondary onClick={() => change(api.cancelBackfill())}>
            {t('Take Waiting Ones Out')}
          </Button>
        )}
      </div>
    </Section>
  );
}

function Toggle({ label, isOn, onChange }: { label: string; isOn: boolean; onChange: (isOn: boolean) => void }) {
  return (
    <button type="button" className="chip" aria-pressed={isOn} onClick={() => onChange(!isOn)}>
      <span className="chip-label">{label}</span>
    </button>
  );
}

const sumDays = 30;

function Sums({ round }: { round: number }) {
  const { api } = useHost();
  const [by, setBy] = usePersisted<SpendSums['by']>('insights.sums', 'day');
  const names: Record<SpendSums['by'], string> = {
    day: t('Day'),
    model: t('Model'),
    purpose: t('Purpose'),
    project: t('Project'),
  };
  const sums = useResource(
    (what: SpendSums['by'], _round: number, _signal: AbortSignal) => api.spendSums(what, sumDays),
    [by, round],
  );
  const rows = (sums.data?.rows ?? []).map((row) => ({ ...row, name: nameRow(by, row.value) }));
  const most = Math.max(...rows.map(({ usd }) => usd), Number.MIN_VALUE);
  return (
    <Section title={t('Spent in {0} days', sumDays)}>
      <Chips
        label={t('Summed by')}
        chips={(['day', 'model', 'purpose', 'project'] as const).map((value) => ({ value, label: names[value] }))}
        selected={[by]}
        onToggle={setBy}
      />
      {rows.length === 0 ? (
        <p className="hint">{t('Nothing was spent.')}</p>
      ) : (
        <>
          <Bars rows={rows.slice(0, 12).map(({ name, usd }) => ({ name, share: usd / most, value: formatUsd(usd) }))} />
          <DataTable
            caption={t('Spent in {0} days', sumDays)}
            head={[names[by], t('Cost'), t('Tokens'), t('Calls')]}
            rows={rows.map(({ name, usd, tokens, calls }) => [
              name,
              formatUsd(usd),
              formatCompact(tokens),
              formatNumber(calls),
            ])}
          />
        </>
      )}
    </Section>
  );
}

function nameRow(by: SpendSums['by'], value: string): string {
  if (by === 'purpose') return namePurpose(value);
  return by === 'day' ? formatDayName(value) : showLine(value) || t('None');
}

export function namePurpose(purpose: string): string {
  if (purpose === 'summary') return t('Summary');
  if (purpose === 'answer') return t('Answer');
  return purpose === 'learning' ? t('Learning') : showLine(purpose);
}
