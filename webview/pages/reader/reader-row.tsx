/** One row of the conversation, with what stands between it and the row before. */
import { Icon } from '../../parts/icon';
import { useAct, useHost } from '../../state/host';
import { t } from '../../state/words';
import { MessageRow } from './message-row';
import type { ReaderRow } from './rows';
import { ToolRow } from './tool-row';

export function Row({ row, isLit }: { row: ReaderRow; isLit: boolean }) {
  const { api } = useHost();
  const act = useAct();
  const { item } = row;
  const classes = [
    'turn-row',
    item.agentId !== undefined && 'of-agent',
    item.copiedFrom !== undefined && 'copied',
    isLit && 'lit',
  ];
  return (
    <div
      className={classes.filter(Boolean).join(' ')}
      data-turn={item.turn}
      data-vscode-context={JSON.stringify({ webviewSection: 'row', key: item.key, turn: item.turn })}
    >
      {row.startsCopy && item.copiedFrom !== undefined && (
        <p className="row-note">
          <Icon name="git-pull-request-go-to-changes" />
          {t('Copied from an earlier session.')}
          <button type="button" className="link" onClick={() => act(api.openSession(item.copiedFrom ?? ''))}>
            {t('Open it')}
          </button>
        </p>
      )}
      {row.startsAgent && (
        <p className="row-note">
          <Icon name="robot" />
          {t('Sub-agent')}
        </p>
      )}
      {item.kind === 'message' ? <MessageRow item={item} /> : <ToolRow item={item} />}
    </div>
  );
}
