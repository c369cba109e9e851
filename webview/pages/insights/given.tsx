/** Everything that was given: when, how, to which session, and what a person said about it. */
import { useState } from 'react';
import type { GivenRecord } from '../../../src/protocol/given';
import type { SessionId } from '../../../src/protocol/model';
import { mutableSources } from '../../../src/protocol/shadow';
import type { GiveChoices } from '../../../src/protocol/shadow';
import { showLine } from '../../../src/protocol/visible-text';
import { Button } from '../../parts/button';
import { Empty, Failure, Loading } from '../../parts/empty';
import { Icon } from '../../parts/icon';
import { formatDateTime, formatNumber } from '../../state/format';
import { useAct, useEvent, useHost } from '../../state/host';
import { useThrottled } from '../../state/throttle';
import { usePaged } from '../../state/use-paged';
import { useResource } from '../../state/use-resource';
import { t } from '../../state/words';
import { Section } from './activity';
import { nameSource, nameWay } from './give-words';
import { GivenItem } from './given-item';

const pageSize = 30;
const none: GiveChoices = { never: [], sessions: [] };

/** `session`: only what it was given. */
export function Given({ session }: { session?: SessionId | undefined }) {
  const { api } = useHost();
  const [only, setOnly] = useState(session);
  const given = usePaged(
    async (cursor, sessionId: SessionId | null) => {
      const items = await api.listGiven({
        limit: pageSize,
        ...(cursor !== undefined && { before: Number(cursor) }),
        ...(sessionId !== null && { sessionId }),
      });
      return { items, ...(items.length === pageSize && { next: String(items.at(-1)?.no) }) };
    },
    [only ?? null],
  );
  const said = useResource((_signal: AbortSignal) => api.giveChoices(), []);
  const refresh = useThrottled(() => {
    given.reload();
    said.reload();
  }, 1000);
  useEvent('changed', (event) => event.given && refresh());
  const choices = said.data ?? none;
  const off = new Set(choices.sessions.map(({ sessionId }) => sessionId));
  if (given.error && given.items.length === 0) return <Failure error={given.error} onRetry={given.reload} />;
  if (given.isLoading && given.items.length === 0) return <Loading label={t('Looking at what was given…')} />;
  return (
    <>
      {only !== undefined && (
        <Section title={t('What one session was given')}>
          <div className="buttons">
            <Button isSecondary onClick={() => setOnly(undefined)}>
              {t('Show All Sessions')}
            </Button>
          </div>
        </Section>
      )}
      {given.items.length === 0 ? (
        <Empty icon="gift" title={t('Nothing was given yet')}>
          <p className="empty-text">
            {t('What Claude gets by hooks, by its questions or from you is listed here, with the session that got it.')}
          </p>
        </Empty>
      ) : (
        <Section title={t('What was given')}>
          <ul className="tasks">
            {given.items.map((record) => (
              <Record
                key={record.no}
                record={record}
                isOff={record.sessionId !== undefined && off.has(record.sessionId)}
                onOnly={only === undefined ? setOnly : undefined}
              />
            ))}
          </ul>
          {given.loadMore && (
            <Button isSecondary onClick={given.loadMore}>
              {t('Show more')}
            </Button>
          )}
        </Section>
      )}
      <Said choices={choices} />
      <Muted />
    </>
  );
}

interface RecordProps {
  record: GivenRecord;
  isOff: boolean;
  /** Lists one session only. */
  onOnly: ((id: SessionId) => void) | undefined;
}

function Record({ record, isOff, onOnly }: RecordProps) {
  const { api } = useHost();
  const act = useAct();
  const { at, source, tokens, sessionId, title, items } = record;
  const name = showLine(title ?? '') || t('Untitled session');
  return (
    <li className="task">
      <div className="task-head">
        <Icon name={source === 'session-start' ? 'debug-start' : source === 'mcp' ? 'plug' : 'gift'} />
        <span className="task-name">{nameWay(source)}</span>
        <time dateTime={new Date(at).toISOString()}>{formatDateTime(at)}</time>
        <span className="hint">{t('{0} tokens', formatNumber(tokens))}</span>
      </div>
      {sessionId === undefined ? (
        <p className="hint">{t('To a session that is not known')}</p>
      ) : (
        <div className="given-foot">
          <button type="button" className="link task-session" onClick={() => act(api.openSession(sessionId))}>
            {name}
          </button>
          {onOnly && (
            <Button isSecondary onClick={() => onOnly(sessionId)}>
              {t('Only This Session')}
            </Button>
          )}
          <Button isSecondary onClick={() => act(api.setSessionGiven(sessionId, isOff))}>
            {isOff ? t('Give to It Again') : t('Not This Session')}
          </Button>
        </div>
      )}
      <details>
        <summary>{items.length === 1 ? t('1 memory') : t('{0} memories', formatNumber(items.length))}</summary>
        <ul className="given-items">
          {items.map((part) => (
            <GivenItem key={part.id} part={part} />
          ))}
        </ul>
      </details>
    </li>
  );
}

/** Why some prompts get nothing: said here too, because who misses something looks here. */
function Muted() {
  const { api } = useHost();
  const act = useAct();
  const found = useResource((_signal: AbortSignal) => api.shadowReport(), []);
  const muted = (found.data?.projects ?? []).flatMap(({ project, sources }) =>
    mutableSources
      .filter((name) => sources.some(({ source, isMuted }) => isMuted && source === name))
      .map((source) => ({ project, source })),
  );
  if (muted.length === 0) return null;
  return (
    <Section title={t('Muted itself: not given with prompts')}>
      <ul className="tasks">
        {muted.map(({ project, source }) => (
          <li key={`${project.id} ${source}`} className="given-foot">
            <span>{t('{0} in {1}', nameSource(source), showLine(project.name))}</span>
            <Button isSecondary onClick={() => act(api.setSourceKept(project.id, source, true).finally(found.reload))}>
              {t('Keep Giving')}
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** What a person said, to be taken back. */
function Said({ choices: { never, sessions } }: { choices: GiveChoices }) {
  const { api } = useHost();
  const act = useAct();
  if (never.length + sessions.length === 0) return null;
  return (
    <>
      {never.length > 0 && (
        <Section title={t('Never given')}>
          <ul className="given-items">
            {never.map((part) => (
              <GivenItem key={part.id} part={part} />
            ))}
          </ul>
        </Section>
      )}
      {sessions.length > 0 && (
        <Section title={t('Sessions that get nothing more')}>
          <ul className="tasks">
            {sessions.map(({ sessionId, title }) => (
              <li key={sessionId} className="given-foot">
                <button type="button" className="link task-session" onClick={() => act(api.openSession(sessionId))}>
                  {showLine(title ?? '') || t('Untitled session')}
                </button>
                <Button isSecondary onClick={() => act(api.setSessionGiven(sessionId, true))}>
                  {t('Give to It Again')}
                </Button>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}
