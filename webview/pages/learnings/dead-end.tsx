/** A dead end: what does not work and when, drawn so that it is not taken for a fact. */
import type { DeadEnd } from '../../../src/protocol/learning';
import { showInvisible } from '../../../src/protocol/visible-text';
import { Icon } from '../../parts/icon';
import { t } from '../../state/words';

export function DeadEndText({ deadEnd: { when, because, instead } }: { deadEnd: DeadEnd }) {
  const rows = [
    [t('Fails when'), when],
    [t('because'), because],
    [t('instead'), instead],
  ].filter(([, text]) => text !== '');
  return (
    <dl className="dead-end" aria-label={t('Dead end')}>
      {rows.map(([name = '', text = '']) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{showInvisible(text)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Why the learning may be outdated. The reason is text from the keeper. */
export function StaleLine({ reason }: { reason: string }) {
  return (
    <p className="stale">
      <Icon name="warning" label={t('May no longer hold')} />
      {showInvisible(reason)}
    </p>
  );
}
