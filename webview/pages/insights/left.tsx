/**
 * What is left, over all sessions: open ends, those that a later session did, decisions in force, dead ends, errors that came back,
 * and what was done since the person was last here. Every line leads to where it stands.
 */
import type { ReactNode } from 'react';
import type { LeftLine, WhatIsLeft } from '../../../src/protocol/left';
import type { Scope } from '../../../src/protocol/questions/schemas';
import { showLine } from '../../../src/protocol/visible-text';
import { Button } from '../../parts/button';
import { Empty, Failure, Loading } from '../../parts/empty';
import { Icon } from '../../parts/icon';
import { formatDateTime, formatNumber } from '../../state/format';
import { useAct, useEditorContext, useEvent, useHost } from '../../state/host';
import { usePersisted } from '../../state/persisted';
import { useThrottled } from '../../state/throttle';
import { useResource } from '../../state/use-resource';
import { t } from '../../state/words';
import { Section } from './activity';

export function Left({ scope }: { scope: Scope | undefined }) {
  const { api } = useHost();
  const act = useAct();
  const { lastHere } = useEditorContext();
  const [topic, setTopic] = usePersisted('left.topic', '*');
  const { data, error, reload } = useResource(
    (where: Scope | null, since: number | null, signal: AbortSignal) =>
      api.whatIsLeft({ ...(where && { scope: where }), ...(since !== null && { since }) }, signal),
    [scope ?? null, lastHere ?? null],
  );
  useEvent('changed', useThrottled(reload, 5000));
  if (error && !data) return <Failure error={error} onRetry={reload} />;
  if (!data) return <Loading label={t('Comparing sessions…')} />;
  const chosen = topic === '*' || data.topics.some((each) => each.topic === topic) ? topic : '*';
  const isShown = (each: { topic: string }) => chosen === '*' || each.topic === chosen;
  return (
    <>
      <div className="left-bar">
        <Button isSecondary onClick={() => act(api.showDigest())}>
          {t('Digest…')}
        </Button>
        {data.topics.length > 1 && (
          <label>
            {t('Topic')}{' '}
            <select className="input" value={chosen} onChange={(event) => setTopic(event.target.value)}>
              <option value="*">{t('All')}</option>
              {data.topics.map(({ topic: name, openEnds }) => (
                <option key={name} value={name}>
                  {`${showLine(name) || t('Other')} (${formatNumber(openEnds)})`}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {data.pending > 0 && (
        <p className="hint" role="status">
          {t('Sessions that have no summary yet: {0}', formatNumber(data.pending))}
        </p>
      )}
      {isNothing(data) ? (
        <Empty icon="check-all" title={t('Nothing is left')}>
          <p className="empty-text">
            {t('Open ends, decisions and errors of sessions stand here once a session has a summary.')}
          </p>
        </Empty>
      ) : (
        <Lists data={data} isShown={isShown} onChanged={reload} />
      )}
    </>
  );
}

const isNothing = ({ openEnds, closed, decisions, deadEnds, errors, since }: WhatIsLeft): boolean =>
  [openEnds, closed, decisions, deadEnds, errors, since].every((list) => list.length === 0);

interface ListsProps {
  data: WhatIsLeft;
  isShown: (each: { topic: string }) => boolean;
  /** An open end was closed or opened. */
  onChanged: () => void;
}

function Lists({ data, isShown, onChanged }: ListsProps) {
  const { api } = useHost();
  const act = useAct();
  const { lastHere } = useEditorContext();
  // What is done is not given to Claude as open any more, so both are one choice.
  const close = (pieceId: string, isClosed: boolean) => act(api.setNeverGiven(pieceId, isClosed).then(onChanged));
  return (
    <>
      <List title={t('Since you were last here, {0}', lastHere === undefined ? '' : formatDateTime(lastHere))}>
        {data.since.map((session) => (
          <li key={session.sessionId}>
            <button type="button" className="left-line" onClick={() => act(api.openSession(session.sessionId))}>
              <bdi>{showLine(session.title) || t('Untitled session')}</bdi>
            </button>
            <span className="hint">
              {[formatDateTime(session.at), t('files: {0}', formatNumber(session.files))].join(' · ')}
            </span>
            <ul>
              {session.done.slice(0, 3).map((line, index) => (
                <li key={index}>
                  <Line line={line} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </List>
      <List title={t('Open ends')}>
        {data.openEnds.filter(isShown).map((end, index) => (
          <li key={index}>
            <Line line={end} />
            <Source line={end} more={end.times > 1 ? t('left open {0} times', formatNumber(end.times)) : undefined} />
            <Button isSecondary onClick={() => close(end.pieceId, true)}>
              {t('Not Open Any More')}
            </Button>
          </li>
        ))}
      </List>
      <List title={t('Done since')}>
        {data.closed.filter(isShown).map((end, index) => (
          <li key={index}>
            <Line line={end} className="left-closed" />
            {end.by.how === 'person' ? (
              <>
                <span className="hint">{t('Closed by you, {0}', formatDateTime(end.by.at))}</span>
                <Button isSecondary onClick={() => close(end.pieceId, false)}>
                  {t('Open Again')}
                </Button>
              </>
            ) : (
              <>
                <span className="left-by">
                  <Icon name="check" label={t('Done by')} className="status-ok" />
                  <Line line={end.by} />
                </span>
                <Source line={end.by} />
              </>
            )}
          </li>
        ))}
      </List>
      <List title={t('Decisions in force')}>
        {data.decisions.filter(isShown).map((decision, index) => (
          <li key={index}>
            <Line line={decision} />
            <Source line={decision} />
            {decision.superseded.length > 0 && (
              <ul aria-label={t('In place of')}>
                {decision.superseded.map((before, which) => (
                  <li key={which}>
                    <Line line={before} className="left-closed" />
                    <Source line={before} />
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </List>
      <List title={t('Dead ends')}>
        {data.deadEnds.map(({ id, title, isAccepted }) => (
          <li key={id}>
            <bdi>{showLine(title)}</bdi> {!isAccepted && <span className="hint">{t('not reviewed yet')}</span>}
          </li>
        ))}
      </List>
      <List title={t('Errors that came back')}>
        {data.errors.map(({ line, sessions, fix }, index) => (
          <li key={index}>
            <Line line={line} />
            <Source line={line} more={t('sessions: {0}', formatNumber(sessions))} />
            {fix && (
              <span className="left-by">
                <Icon name="check" label={t('What made it go away')} className="status-ok" />
                <Line line={fix} />
              </span>
            )}
          </li>
        ))}
      </List>
    </>
  );
}

function List({ title, children }: { title: string; children: ReactNode[] }) {
  if (children.length === 0) return null;
  return (
    <Section title={`${title} (${formatNumber(children.length)})`}>
      <ul className="left-list">{children}</ul>
    </Section>
  );
}

function Line({ line, className = '' }: { line: LeftLine; className?: string }) {
  const { api } = useHost();
  const act = useAct();
  const { sessionId, key, turn, text } = line;
  return (
    <button
      type="button"
      className={`left-line ${className}`}
      onClick={() => act(api.openSession(sessionId, { turn, ...(key !== undefined && { key }) }))}
    >
      <bdi>{showLine(text)}</bdi>
    </button>
  );
}

const Source = ({ line, more }: { line: LeftLine; more?: string | undefined }) => (
  <span className="hint">
    {[showLine(line.title), formatDateTime(line.at), ...(more === undefined ? [] : [more])].join(' · ')}
  </span>
);
