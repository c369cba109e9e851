/** Whether memory helped: what prompts would have been given and were given, by project and source. */
import { useState } from 'react';
import type { Scope } from '../../../src/protocol/questions/schemas';
import type { ProjectShadow, ShadowCounts, ShadowReport, SourceReport } from '../../../src/protocol/shadow';
import { mutableSources } from '../../../src/protocol/shadow';
import { showLine } from '../../../src/protocol/visible-text';
import { Button } from '../../parts/button';
import { Empty, Failure, Loading } from '../../parts/empty';
import { Icon } from '../../parts/icon';
import { formatCompact, formatNumber } from '../../state/format';
import { useAct, useEvent, useHost } from '../../state/host';
import { useThrottled } from '../../state/throttle';
import { useResource } from '../../state/use-resource';
import { t } from '../../state/words';
import { Section } from './activity';
import { Examples } from './examples';
import type { ExampleFilter } from './examples';
import { namePrecision, nameSource } from './give-words';

export function Helped({ scope }: { scope: Scope | undefined }) {
  const { api } = useHost();
  const [filter, setFilter] = useState<ExampleFilter>({});
  const found = useResource(
    (where: Scope | null, _signal: AbortSignal) => api.shadowReport(where ?? undefined),
    [scope ?? null],
  );
  const refresh = useThrottled(found.reload, 2000);
  useEvent('changed', (event) => (event.given || event.sessions.length > 0) && refresh());
  const report = found.data;
  if (found.error && !report) return <Failure error={found.error} onRetry={found.reload} />;
  if (!report) return <Loading label={t('Adding up…')} />;
  if (report.shadow.looked + report.given.looked === 0) {
    return (
      <Empty icon="beaker" title={t('Not enough prompts yet')}>
        <p className="empty-text">
          {t(
            'When a session has rested for a minute, each of its prompts is compared with what memory would have given for it then.',
          )}
        </p>
        {report.waiting > 0 && <Waiting count={report.waiting} />}
      </Empty>
    );
  }
  return (
    <div aria-busy={found.isLoading}>
      {report.waiting > 0 && <Waiting count={report.waiting} />}
      <Figures
        title={t('Would have been given (nothing of it reached Claude)')}
        counts={report.shadow}
        report={report}
        onShow={(next) => setFilter({ ...next, isGiven: false })}
      />
      <Figures
        title={t('Really given with a prompt')}
        counts={report.given}
        report={report}
        onShow={(next) => setFilter({ ...next, isGiven: true })}
      />
      <Sources report={report} onShow={setFilter} onDone={found.reload} />
      <Examples scope={scope} filter={filter} onFilter={setFilter} />
    </div>
  );
}

const Waiting = ({ count }: { count: number }) => (
  <p className="hint insight" role="status">
    {t('Sessions still to be looked through: {0}', formatNumber(count))}
  </p>
);

interface FiguresProps {
  title: string;
  counts: ShadowCounts;
  report: ShadowReport;
  onShow: (filter: ExampleFilter) => void;
}

function Figures({ title, counts, report: { enough }, onShow }: FiguresProps) {
  const { looked, precision, missed, tokens } = counts;
  if (looked === 0) {
    return (
      <Section title={title}>
        <p className="hint">{t('None yet.')}</p>
      </Section>
    );
  }
  const wasted = precision.of - precision.used;
  return (
    <Section title={title}>
      <dl className="facts">
        <Figure name={t('Prompts looked at')} value={formatNumber(looked)} onShow={() => onShow({})} />
        <Figure name={t('Helped')} value={namePrecision(precision)} onShow={() => onShow({ verdict: 'helped' })} />
        <Figure
          name={t('Not used (false fires)')}
          value={formatNumber(wasted)}
          onShow={() => onShow({ verdict: 'unused' })}
        />
        <Figure name={t('Help missed')} value={formatNumber(missed)} onShow={() => onShow({ verdict: 'missed' })} />
        <Figure name={t('Tokens')} value={formatCompact(tokens)} onShow={() => onShow({})} />
      </dl>
      {precision.of < enough && (
        <p className="hint">{t('Fewer than {0} prompts: chance has a large part in this.', formatNumber(enough))}</p>
      )}
    </Section>
  );
}

function Figure({ name, value, onShow }: { name: string; value: string; onShow?: () => void }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {onShow ? (
          <button type="button" className="link" title={t('Show the prompts')} onClick={onShow}>
            {value}
          </button>
        ) : (
          value
        )}
      </dd>
    </div>
  );
}

interface SourcesProps {
  report: ShadowReport;
  onShow: (filter: ExampleFilter) => void;
  onDone: () => void;
}

function Sources({ report, onShow, onDone }: SourcesProps) {
  const { bar, enough, projects } = report;
  return (
    <Section title={t('By project and source')}>
      <p className="hint">
        {bar === 0
          ? t('No source mutes itself: the bar is off.')
          : t(
              'A source that helped fewer than {0} of 100 prompts, of at least {1}, is no longer given with prompts of that project.',
              formatNumber(bar),
              formatNumber(enough),
            )}
      </p>
      {projects.map((each) => (
        <Project key={each.project.id} shadow={each} onShow={onShow} onDone={onDone} />
      ))}
    </Section>
  );
}

interface ProjectProps extends Omit<SourcesProps, 'report'> {
  shadow: ProjectShadow;
}

function Project({ shadow, onShow, onDone }: ProjectProps) {
  const { project, sources, looked } = shadow;
  const name = showLine(project.name);
  return (
    <section className="shadow-project" aria-label={name}>
      <h3 title={showLine(project.root)}>
        {name} <span className="hint">{t('Prompts: {0}', formatNumber(looked))}</span>
      </h3>
      {sources.length === 0 ? (
        <p className="hint">{t('Nothing to give for any of them.')}</p>
      ) : (
        <ul className="tasks">
          {sources.map((source) => (
            <Source
              key={source.source}
              report={source}
              projectId={project.id}
              onShow={() => onShow({ source: source.source, project })}
              onDone={onDone}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

interface SourceProps {
  report: SourceReport;
  projectId: number;
  onShow: () => void;
  onDone: () => void;
}

function Source({ report, projectId, onShow, onDone }: SourceProps) {
  const { api } = useHost();
  const act = useAct();
  const { source, precision, isMuted, isKept } = report;
  const mutable = mutableSources.find((each) => each === source);
  const keep = (isKeeping: boolean) => {
    if (mutable) act(api.setSourceKept(projectId, mutable, isKeeping).finally(onDone));
  };
  return (
    <li className="given-foot">
      <button type="button" className="link" title={t('Show the prompts')} onClick={onShow}>
        {nameSource(source)}
      </button>
      <span className="hint">{namePrecision(precision)}</span>
      {isMuted && (
        <span className="shadow-muted">
          <Icon name="mute" />
          {t('Muted itself')}
        </span>
      )}
      {isMuted && <Button onClick={() => keep(true)}>{t('Keep Giving')}</Button>}
      {isKept && (
        <Button isSecondary onClick={() => keep(false)}>
          {t('Let It Mute Itself')}
        </Button>
      )}
    </li>
  );
}
