/** A part of what was given, with its place and the person's word about it. */
import type { GivenPart } from '../../../src/protocol/given';
import { showLine } from '../../../src/protocol/visible-text';
import { Button } from '../../parts/button';
import { useAct, useHost } from '../../state/host';
import { t } from '../../state/words';

interface GivenItemProps {
  part: GivenPart;
  /** What became of it. */
  children?: React.ReactNode;
}

export function GivenItem({ part, children }: GivenItemProps) {
  const { api } = useHost();
  const act = useAct();
  const { id, text, title, sessionId, turn, key, isNever = false } = part;
  const isSession = id.startsWith('s') && id === `s${sessionId ?? ''}`;
  const at = key !== undefined && /^[po]/.test(key) ? { key } : turn === undefined ? {} : { turn };
  return (
    <li className={isNever ? 'given-item given-never' : 'given-item'}>
      <p>{text === undefined ? t('No longer in memory, or worded anew') : showLine(text)}</p>
      {children}
      <div className="given-foot">
        {sessionId === undefined ? (
          <span className="hint">{title === undefined ? '' : showLine(title)}</span>
        ) : (
          <button type="button" className="link task-session" onClick={() => act(api.openSession(sessionId, at))}>
            {showLine(title ?? '') || t('Untitled session')}
          </button>
        )}
        {(isNever || text !== undefined) && !isSession && (
          <Button isSecondary onClick={() => act(api.setNeverGiven(id, !isNever))}>
            {isNever ? t('May Be Given Again') : t('Never This')}
          </Button>
        )}
      </div>
    </li>
  );
}
