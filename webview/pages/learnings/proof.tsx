/** Evidence for and against a learning, each with the lines it rests on, and the learning's history. */
import type { EvidenceKind, LearningEvidence, TrailEntry } from '../../../src/protocol/learning';
import type { Learning } from '../../../src/protocol/model';
import type { Evidence } from '../../../src/protocol/summary';
import { showLine } from '../../../src/protocol/visible-text';
import { Spinner } from '../../parts/button';
import { Icon } from '../../parts/icon';
import { Meter } from '../../parts/meter';
import { formatAgo, formatDateTime, formatPercent } from '../../state/format';
import { useAct, useEvent, useHost } from '../../state/host';
import { useThrottled } from '../../state/throttle';
import { useResource } from '../../state/use-resource';
import { t, translate } from '../../state/words';

interface ProofProps {
  learning: Learning;
  /** Shows another learning, e.g. the one that replaced this one. */
  onGo: (learning: Learning) => void;
}

export function Proof({ learning, onGo }: ProofProps) {
  const { api } = useHost();
  const proof = useResource((id: string, _signal: AbortSignal) => api.learningProof(id), [learning.id]);
  const refresh = useThrottled(proof.reload, 1000);
  useEvent('changed', (event) => {
    if (event.learnings || event.isReset) refresh();
  });
  if (proof.error && !proof.data)
    return (
      <p className="field-error" role="alert">
        {proof.error.message}
      </p>
    );
  if (!proof.data) return <Spinner />;
  const { evidence, trail, supersededBy } = proof.data;
  return (
    <section className="proof" aria-label={t('Evidence')}>
      {supersededBy && (
        <p className="proof-by">
          <Icon name="arrow-swap" />
          {t('Another learning took its place:')}
          <button type="button" className="link" onClick={() => onGo(supersededBy)}>
            {showLine(supersededBy.title)}
          </button>
        </p>
      )}
      <h3>{t('Evidence')}</h3>
      {evidence.length === 0 ? <p className="hint">{t('Nothing but the word of whoever wrote it.')}</p> : null}
      <ul>
        {evidence.map((piece) => (
          <Piece key={piece.id} piece={piece} />
        ))}
      </ul>
      {trail.length > 0 && (
        <details className="trail">
          <summary>{t('What happened to it')}</summary>
          <ol>
            {trail.map((entry, index) => (
              <TrailRow key={index} entry={entry} />
            ))}
          </ol>
        </details>
      )}
    </section>
  );
}

function Piece({ piece }: { piece: LearningEvidence }) {
  const { kind, speaks, message, args, value, lines, at } = piece;
  return (
    <li className={`piece piece-${speaks}`}>
      <div className="piece-head">
        <Icon name={speakIcons[speaks]} label={nameSpeaks(speaks)} />
        <span className="piece-text">
          <span className="piece-kind">{nameKind(kind)}</span> {showLine(translate(message, args))}
        </span>
        <time dateTime={new Date(at).toISOString()} title={formatDateTime(at)}>
          {formatAgo(at)}
        </time>
      </div>
      {kind === 'survival' && value !== undefined && (
        <Meter share={value} label={t('Still there: {0}', formatPercent(value))} />
      )}
      {lines.length > 0 && (
        <ul className="lines">
          {lines.map((line, index) => (
            <Line key={index} line={line} kind={kind} index={index} isPair={lines.length > 1} />
          ))}
        </ul>
      )}
    </li>
  );
}

interface LineProps {
  line: Evidence;
  kind: EvidenceKind;
  index: number;
  isPair: boolean;
}

/** A line of a transcript; a click opens it. Of a deleted row only the quote is left. */
function Line({ line, kind, index, isPair }: LineProps) {
  const { api } = useHost();
  const act = useAct();
  const { key, sessionId, turn, quote } = line;
  const quoted = <bdi className="line-quote">{showLine(quote)}</bdi>;
  if (key === undefined)
    return (
      <li className="line line-gone" title={t('No longer in memory')}>
        {quoted}
      </li>
    );
  return (
    <li className="line">
      {kind === 'verification' && isPair && (
        <Icon
          name={index === 0 ? 'error' : 'pass'}
          label={index === 0 ? t('Red before') : t('Green after')}
          className={index === 0 ? 'line-red' : 'line-green'}
        />
      )}
      <button
        type="button"
        className="line-open"
        title={t('Open the session at this line')}
        onClick={() => act(api.openSession(sessionId, { key, turn }))}
      >
        {quoted}
      </button>
      {kind === 'survival' && (
        <button type="button" className="link" onClick={() => act(api.openDiff(key, 0))}>
          {t('Diff')}
        </button>
      )}
    </li>
  );
}

function TrailRow({ entry }: { entry: TrailEntry }) {
  return (
    <li>
      <time dateTime={new Date(entry.at).toISOString()} title={formatDateTime(entry.at)}>
        {formatAgo(entry.at)}
      </time>
      <span>
        {nameAction(entry.action)}
        {` · ${nameOrigin(entry.by)}`}
        {entry.note !== '' && <span className="trail-note">{showLine(translate(entry.note, []))}</span>}
      </span>
    </li>
  );
}

const speakIcons: Readonly<Record<LearningEvidence['speaks'], string>> = {
  for: 'pass',
  against: 'error',
  neither: 'dash',
};

function nameSpeaks(speaks: LearningEvidence['speaks']): string {
  if (speaks === 'neither') return t('Speaks neither for nor against it');
  return speaks === 'for' ? t('Speaks for it') : t('Speaks against it');
}

function nameKind(kind: EvidenceKind): string {
  switch (kind) {
    case 'survival':
      return t('Code');
    case 'verification':
      return t('Check');
    case 'reaction':
      return t('You');
    case 'revert':
      return t('Undone');
    case 'reconfirmation':
      return t('Again');
    case 'presence':
      return t('Files');
    default:
      return t('Seen');
  }
}

export function nameOrigin(origin: TrailEntry['by']): string {
  if (origin === 'person') return t('by you');
  if (origin === 'claude') return t('by Claude');
  return origin === 'rules' ? t('by rules') : t('by a model');
}

function nameAction(action: TrailEntry['action']): string {
  switch (action) {
    case 'proposed':
      return t('Proposed');
    case 'accepted':
      return t('Accepted');
    case 'rejected':
      return t('Rejected');
    case 'reopened':
      return t('Opened again');
    case 'edited':
      return t('Edited');
    case 'merged':
      return t('Merged');
    case 'superseded':
      return t('Superseded');
    case 'stale':
      return t('Went stale');
    case 'fresh':
      return t('Holds again');
    default:
      return t('Written to CLAUDE.md');
  }
}
