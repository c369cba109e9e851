/** A tool call: one line with what was done and how it ended; expanded, its input and output. */
import { useState } from 'react';
import type { ReaderTool } from '../../../src/protocol/model';
import { showLine } from '../../../src/protocol/visible-text';
import { BasketButton, InBasket } from '../../parts/basket-button';
import { ClassLabel } from '../../parts/class-label';
import { Diff } from '../../parts/diff';
import { Icon, IconButton } from '../../parts/icon';
import { FlagButton, MarkLine } from '../../parts/marks';
import { iconOfTool } from '../../parts/tool-icon';
import { formatDateTime, formatTime } from '../../state/format';
import { useAct, useEditorContext, useHost } from '../../state/host';
import { t } from '../../state/words';
import { useExpanded } from './expanded';
import { LongText, Shortened } from './long-text';

export function ToolRow({ item }: { item: ReaderTool }) {
  const { api } = useHost();
  const act = useAct();
  const { hasStory, reader } = useEditorContext();
  const [isOpen, setIsOpen] = useExpanded(item.key);
  const [isEditing, setIsEditing] = useState(false);
  const isError = item.type === 'error';
  return (
    <article className={isOpen ? 'tool tool-open' : 'tool'} aria-label={t('Tool call: {0}', showLine(item.tool))}>
      <div className="tool-head">
        <button type="button" className="tool-toggle" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} />
          <Icon name={iconOfTool(item.tool)} />
          <span className="tool-name">{nameTool(item.tool)}</span>
          <bdi className="tool-headline" title={showLine(item.headline)}>
            {showLine(item.headline)}
          </bdi>
        </button>
        <ClassLabel of={item.class} />
        <InBasket name={item.key} />
        <Status item={item} />
        <time className="message-time" dateTime={new Date(item.at).toISOString()} title={formatDateTime(item.at)}>
          {formatTime(item.at)}
        </time>
        <span className="message-actions">
          <IconButton
            name="copy"
            label={t('Copy')}
            onClick={() => act(api.copyText(item.output || item.input || item.headline))}
          />
          <IconButton name="insert" label={t('Insert at cursor')} onClick={() => act(api.insert(item.key))} />
          <IconButton name="lightbulb" label={t('Save as learning')} onClick={() => act(api.draftLearning(item.key))} />
          <BasketButton name={item.key} />
          <FlagButton item={item} />
          <IconButton name="tag" label={t('Tags')} onClick={() => setIsEditing(true)} />
        </span>
      </div>
      <MarkLine item={item} isEditing={isEditing} onEdited={() => setIsEditing(false)} />
      {isOpen && (
        <div className="tool-body">
          {item.input !== '' && <LongText name={`${item.key}:in`} label={t('Input')} text={item.input} />}
          {item.diffs.map((diff, index) => (
            <Diff
              key={index}
              diff={diff}
              onOpenFile={() => act(api.openFile(diff.file))}
              onOpenDiff={() => act(api.openDiff(item.key, index))}
              onOpenThen={
                hasStory && reader && !isError
                  ? () => act(api.openFileAt(reader.sessionId, item.turn, diff.file))
                  : undefined
              }
            />
          ))}
          {item.output !== '' ? (
            <LongText
              name={`${item.key}:out`}
              label={isError ? t('Error') : t('Output')}
              text={item.output}
              truncatedBytes={item.truncatedBytes}
              isError={isError}
            />
          ) : (
            <Shortened bytes={item.truncatedBytes} />
          )}
          {item.input === '' && item.output === '' && item.diffs.length === 0 && (
            <p className="shortened">{item.isAnswered ? t('No output') : t('No answer yet')}</p>
          )}
        </div>
      )}
    </article>
  );
}

function Status({ item }: { item: ReaderTool }) {
  if (!item.isAnswered) return <Icon name="clock" label={t('No answer yet')} className="status" />;
  if (item.type === 'error') {
    return (
      <span className="status status-error">
        <Icon name="error" label={t('Failed')} />
        {item.exitStatus !== undefined && item.exitStatus !== 0 && (
          <span title={t('Exit code {0}', item.exitStatus)}>{item.exitStatus}</span>
        )}
      </span>
    );
  }
  if (item.type === 'warning') return <Icon name="warning" label={t('Warning')} className="status status-warning" />;
  return <Icon name="check" label={t('Succeeded')} className="status status-ok" />;
}

/** `mcp__server__tool` in readable form. */
function nameTool(tool: string): string {
  return showLine(tool.startsWith('mcp__') ? tool.slice(5).replace('__', ' › ') : tool);
}
