/** The prompts behind a figure: what each was given or would have been, and what the session then did with it. */
import type { ProjectRef } from '../../../src/protocol/model';
import type { Scope } from '../../../src/protocol/questions/schemas';
import type { ExamplePart, GiveSource, ShadowExample, Verdict } from '../../../src/protocol/shadow';
import { showLine } from '../../../src/protocol/visible-text';
import { Button } from '../../parts/button';
import { Chips } from '../../parts/chips';
import { Failure, Loading } from '../../parts/empty';
import { Icon } from '../../parts/icon';
import { formatDateTime, formatNumber } from '../../state/format';
import { useAct, useEvent, useHost } from '../../state/host';
import { useThrottled } from '../../state/throttle';
import { usePaged } from '../../state/use-paged';
import { t } from '../../state/words';
import { Section } from './activity';
import { nameSource, nameUse, nameVerdict } from './give-words';
import { GivenItem } from './given-item';

export interface ExampleFilter {
  verdict?: Verdict;
  source?: GiveSource;
  project?: ProjectRef;
  isGiven?: boolean;
}

interface ExamplesProps {
  scope: Scope | undefined;
  filter: ExampleFilter;
  onFilter: (filter: ExampleFilter) => void;
}

const shownVerdicts: readonly Verdict[] = ['helped', 'unused', 'missed', 'silent'];

export function Examples({ scope, filter, onFilter }: ExamplesProps) {
  const { api } = useHost();
  const { verdict, source, project, isGiven } = filter;
  const found = usePaged(
    (cursor, where: Scope | null, wanted: Omit<ExampleFilter, 'project'>) =>
      api.shadowExamples({ ...wanted, ...(where && { scope: where }), ...(cursor !== undefined && { cursor }) }),
    [
      project ? { projectIds: [project.id] } : (scope ?? null),
      { ...(verdict && { verdict }), ...(source && { source }), ...(isGiven !== undefined && { isGiven }) },
    ],
  );
  const refresh = useThrottled(found.reload, 2000);
  useEvent('changed', (event) => event.given && refresh());
  const narrowed = [
    ...(isGiven === undefined ? [] : [isGiven ? t('really given') : t('would have been given')]),
    ...(source ? [nameSource(source)] : []),
    ...(project ? [showLine(project.name)] : []),
  ];
  return (
    <Section title={t('Examples')}>
      <Chips
        label={t('What became of it')}
        chips={shownVerdicts.map((value) => ({ value, label: nameVerdict(value) }))}
        selected={verdict ? [verdict] : []}
        onToggle={(value) => onFilter({ ...without(filter, 'verdict'), ...(value !== verdict && { verdict: value }) })}
      />
      {narrowed.length > 0 && (
        <div className="given-foot">
          <span className="hint">{narrowed.join(' · ')}</span>
          <Button isSecondary onClick={() => onFilter(verdict ? { verdict } : {})}>
            {t('Show All')}
          </Button>
        </div>
      )}
      {found.error && found.items.length === 0 && <Failure error={found.error} onRetry={found.reload} />}
      {found.isLoading && found.items.length === 0 && <Loading label={t('Looking for examples…')} />}
      {!found.isLoading && !found.error && found.items.length === 0 && (
        <p className="hint">{t('No prompt is like that.')}</p>
      )}
      <ul className="tasks">
        {found.items.map((example) => (
          <Example key={`${example.sessionId} ${example.turn} ${example.at}`} example={example} />
        ))}
      </ul>
      {found.loadMore && (
        <Button isSecondary onClick={found.loadMore}>
          {t('Show more')}
        </Button>
      )}
    </Section>
  );
}

function without(filter: ExampleFilter, name: keyof ExampleFilter): ExampleFilter {
  const rest = { ...filter };
  delete rest[name];
  return rest;
}

const icons: Readonly<Record<Verdict, string>> = {
  helped: 'check',
  unused: 'circle-slash',
  missed: 'question',
  silent: 'dash',
};

function Example({ example }: { example: ShadowExample }) {
  const { api } = useHost();
  const act = useAct();
  const { sessionId, key, turn, prompt, at, verdict, isGiven, tokens, items } = example;
  return (
    <li className="task">
      <div className="task-head">
        <Icon name={icons[verdict]} />
        <span className="task-name">{nameVerdict(verdict)}</span>
        <time dateTime={new Date(at).toISOString()}>{formatDateTime(at)}</time>
        {(verdict === 'helped' || verdict === 'unused') && (
          <span className="hint">
            {isGiven
              ? t('really given: {0} tokens', formatNumber(tokens))
              : t('would have been given: {0} tokens', formatNumber(tokens))}
          </span>
        )}
      </div>
      <button
        type="button"
        className="link shadow-prompt"
        onClick={() => act(api.openSession(sessionId, key === undefined ? { turn } : { key }))}
      >
        {showLine(prompt) || t('A prompt that is no longer there')}
      </button>
      <ul className="given-items">
        {items.map((part) => (
          <GivenItem key={part.id} part={part}>
            <Use part={part} sessionId={sessionId} />
          </GivenItem>
        ))}
      </ul>
    </li>
  );
}

function Use({ part: { source, use }, sessionId }: { part: ExamplePart; sessionId: string }) {
  const { api } = useHost();
  const act = useAct();
  if (!use) return <p className="hint">{t('{0} · not used', nameSource(source))}</p>;
  const { kind, key, text } = use;
  return (
    <p className="shadow-used">
      {`${nameSource(source)} · ${nameUse(kind)} `}
      {key !== undefined && (
        <button type="button" className="link" onClick={() => act(api.openSession(sessionId, { key }))}>
          {showLine(text)}
        </button>
      )}
    </p>
  );
}
