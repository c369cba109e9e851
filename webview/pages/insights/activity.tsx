/** Activity per day, tools, costs, and memories that were given back. */
import type { DayOfWork, Insights } from '../../../src/protocol/insights';
import type { Scope } from '../../../src/protocol/questions/schemas';
import { showLine } from '../../../src/protocol/visible-text';
import { Bars } from '../../parts/bars';
import { Button } from '../../parts/button';
import { Chips } from '../../parts/chips';
import { DataTable } from '../../parts/data-table';
import { Empty, Failure, Loading } from '../../parts/empty';
import { Icon } from '../../parts/icon';
import { formatCompact, formatDayName, formatNumber, formatPercent, formatUsd } from '../../state/format';
import { useHost } from '../../state/host';
import { usePersisted } from '../../state/persisted';
import { useLive } from '../../state/use-live';
import { useResource } from '../../state/use-resource';
import { t } from '../../state/words';
import { Plot } from './plot';

interface ActivityProps {
  scope: Scope | undefined;
  days: number;
  isShown: boolean;
  /** Extends the view to more days and all projects. */
  onWiden: () => void;
  /** Shows the sessions of a day, like `2026-11-22`. */
  onOpenDay: (day: string) => void;
}

const liveMs = 5000;
const shownRows = 8;

export function Activity({ scope, days, isShown, onWiden, onOpenDay }: ActivityProps) {
  const { api } = useHost();
  const found = useResource(
    (where: Scope | null, count: number, signal: AbortSignal) =>
      api.insights({ days: count, ...(where && { scope: where }) }, signal),
    [scope ?? null, days],
  );
  useLive(found.reload, isShown, liveMs);
  if (found.error && !found.data) return <Failure error={found.error} onRetry={found.reload} />;
  if (!found.data) return <Loading label={t('Adding up…')} />;
  if (found.data.days.every((day) => day.sessions + day.prompts + day.toolCalls === 0)) {
    return (
      <Empty icon="graph" title={t('Nothing was done in these days')}>
        <p className="empty-text">{t('Sessions of Claude Code are added up here by themselves.')}</p>
        <div className="buttons">
          <Button onClick={onWiden}>{t('Look at a year, all projects')}</Button>
        </div>
      </Empty>
    );
  }
  return <Shown insights={found.data} isBusy={found.isLoading} onOpenDay={onOpenDay} />;
}

interface ShownProps {
  insights: Insights;
  isBusy: boolean;
  onOpenDay: (day: string) => void;
}

function Shown({ insights, isBusy, onOpenDay }: ShownProps) {
  const { days, tools, models, projects, cache, counted, memory, pricesOf } = insights;
  return (
    <div aria-busy={isBusy}>
      <Daily days={days} onOpenDay={onOpenDay} />
      <Tokens days={days} pricesOf={pricesOf} counted={counted} onOpenDay={onOpenDay} />
      <Section title={t('Cache and memory')}>
        <dl className="facts">
          <Fact name={t('Input read from the cache')} value={formatPercent(cache.readShare)} />
          <Fact name={t('Saved by the cache')} value={formatUsd(cache.savedUsd)} />
          <Fact name={t('Memories given back')} value={formatNumber(memory.given)} />
          <Fact
            name={t('Their tokens, instead of whole sessions')}
            value={t('{0} of {1}', formatCompact(memory.givenTokens), formatCompact(memory.sourceTokens))}
          />
        </dl>
      </Section>
      <Ranking
        title={t('Tools')}
        head={[t('Tool'), t('Calls'), t('Errors')]}
        rows={tools.map(({ tool, calls, errors }) => ({
          name: showLine(tool),
          size: calls,
          value: errors > 0 ? t('{0}, failed: {1}', formatNumber(calls), formatNumber(errors)) : formatNumber(calls),
          cells: [formatNumber(calls), formatNumber(errors)],
        }))}
      />
      <Ranking
        title={t('Models')}
        head={[t('Model'), t('Cost'), t('Input'), t('Output'), t('Cache read')]}
        rows={models.map(({ model, usd, isPriced, ...tokens }) => ({
          name: showLine(model),
          size: usd,
          value: isPriced ? formatUsd(usd) : t('{0} (price not known)', formatUsd(usd)),
          cells: [
            formatUsd(usd),
            formatCompact(tokens.inputTokens),
            formatCompact(tokens.outputTokens),
            formatCompact(tokens.cacheReadTokens),
          ],
        }))}
      />
      <Ranking
        title={t('Projects')}
        head={[t('Project'), t('Sessions'), t('Cost')]}
        rows={projects.map(({ project, sessions, usd }) => ({
          name: showLine(project.name),
          size: sessions,
          value: t('{0} · {1}', formatNumber(sessions), formatUsd(usd)),
          cells: [formatNumber(sessions), formatUsd(usd)],
        }))}
      />
    </div>
  );
}

const dailyMetrics = ['prompts', 'sessions', 'toolCalls', 'errors'] as const;
type DailyMetric = (typeof dailyMetrics)[number];

interface DailyProps {
  days: readonly DayOfWork[];
  onOpenDay: (day: string) => void;
}

function Daily({ days, onOpenDay }: DailyProps) {
  const [metric, setMetric] = usePersisted<DailyMetric>('insights.daily', 'prompts');
  const names: Record<DailyMetric, string> = {
    prompts: t('Prompts'),
    sessions: t('Sessions'),
    toolCalls: t('Tool calls'),
    errors: t('Errors'),
  };
  const shown = dailyMetrics.find((name) => name === metric) ?? 'prompts';
  const label = describe(names[shown], days, (day) => day[shown], formatNumber);
  return (
    <Section title={t('By day')}>
      <Chips
        label={t('What is counted')}
        chips={dailyMetrics.map((name) => ({ value: name, label: names[name] }))}
        selected={[shown]}
        onToggle={setMetric}
      />
      <Plot
        days={days.map(({ day }) => day)}
        values={days.map((day) => day[shown])}
        color={shown === 'errors' ? '--vscode-charts-red' : '--vscode-charts-blue'}
        format={formatCompact}
        label={label}
        onOpenDay={onOpenDay}
      />
      <p className="hint">{label}</p>
      <DataTable
        caption={t('By day')}
        head={[t('Day'), ...dailyMetrics.map((name) => names[name])]}
        rows={worked(days).map((day) => [
          formatDayName(day.day),
          ...dailyMetrics.map((name) => formatNumber(day[name])),
        ])}
      />
    </Section>
  );
}

const tokenMetrics = ['usd', 'outputTokens', 'inputTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const;
type TokenMetric = (typeof tokenMetrics)[number];

interface TokensProps extends DailyProps {
  pricesOf: string;
  counted: Insights['counted'];
}

function Tokens({ days, pricesOf, counted, onOpenDay }: TokensProps) {
  const [metric, setMetric] = usePersisted<TokenMetric>('insights.tokens', 'usd');
  const names: Record<TokenMetric, string> = {
    usd: t('Cost'),
    outputTokens: t('Output'),
    inputTokens: t('Input'),
    cacheReadTokens: t('Cache read'),
    cacheWriteTokens: t('Cache write'),
  };
  const shown = tokenMetrics.find((name) => name === metric) ?? 'usd';
  const format = shown === 'usd' ? formatUsd : formatCompact;
  const label = describe(names[shown], days, (day) => day[shown], format);
  return (
    <Section title={t('Tokens and cost')}>
      <Chips
        label={t('What is counted')}
        chips={tokenMetrics.map((name) => ({ value: name, label: names[name] }))}
        selected={[shown]}
        onToggle={setMetric}
      />
      <Plot
        days={days.map(({ day }) => day)}
        values={days.map((day) => day[shown])}
        color="--vscode-charts-green"
        format={format}
        label={label}
        onOpenDay={onOpenDay}
      />
      <p className="hint">
        {label} {t('At list prices of {0}: what it would have cost by the API, whatever plan you are on.', pricesOf)}
      </p>
      {counted.placeholders > 0 && (
        <p className="hint">
          <Icon name="info" />{' '}
          {t(
            '{0} of {1} answers have placeholder counts: Claude Code wrote them before their output was counted. Their output and its cost are missing here.',
            formatNumber(counted.placeholders),
            formatNumber(counted.answers),
          )}
        </p>
      )}
      <DataTable
        caption={t('Tokens and cost')}
        head={[t('Day'), ...tokenMetrics.map((name) => names[name])]}
        rows={worked(days).map((day) => [
          formatDayName(day.day),
          ...tokenMetrics.map((name) => (name === 'usd' ? formatUsd(day.usd) : formatCompact(day[name]))),
        ])}
      />
    </Section>
  );
}

const worked = (days: readonly DayOfWork[]) =>
  days.filter((day) => day.sessions + day.prompts + day.toolCalls > 0 || day.usd > 0).toReversed();

/** The plot in words: the sum, the number of days, and the highest one. */
function describe(
  name: string,
  days: readonly DayOfWork[],
  valueOf: (day: DayOfWork) => number,
  format: (value: number) => string,
): string {
  const sum = days.reduce((total, day) => total + valueOf(day), 0);
  const [first] = days;
  const top = days.reduce((best, day) => (best && valueOf(best) >= valueOf(day) ? best : day), first);
  if (!top || sum === 0) return t('{0}: none in {1} days.', name, formatNumber(days.length));
  return t(
    '{0}: {1} in {2} days; most on {3} ({4}).',
    name,
    format(sum),
    formatNumber(days.length),
    formatDayName(top.day),
    format(valueOf(top)),
  );
}

interface RankingProps {
  title: string;
  head: readonly string[];
  rows: readonly { name: string; size: number; value: string; cells: readonly string[] }[];
}

function Ranking({ title, head, rows }: RankingProps) {
  if (rows.length === 0) return null;
  const most = Math.max(...rows.map(({ size }) => size), Number.MIN_VALUE);
  return (
    <Section title={title}>
      <Bars rows={rows.slice(0, shownRows).map(({ name, size, value }) => ({ name, share: size / most, value }))} />
      <DataTable caption={title} head={head} rows={rows.map(({ name, cells }) => [name, ...cells])} />
    </Section>
  );
}

export function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="insight" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

export function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
