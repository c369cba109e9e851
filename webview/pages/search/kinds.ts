/** Names and icons of the kinds of hits. */
import type { SearchHit } from '../../../src/protocol/search-hit';
import { iconOfTool } from '../../parts/tool-icon';
import { t } from '../../state/words';

/** The icon for who or what said it. */
export function iconOfHit(hit: SearchHit): string {
  if (hit.kind === 'learning') return 'lightbulb';
  if (hit.kind === 'note') return 'book';
  if (hit.kind === 'session') return 'history';
  if (hit.kind === 'tool') return hit.type === 'error' ? 'error' : iconOfTool(hit.tool);
  return hit.role === 'user' ? 'account' : 'sparkle';
}

/** The same in words, as the label of the icon. */
export function nameHit(hit: SearchHit): string {
  if (hit.kind === 'tool') return hit.tool;
  if (hit.kind === 'learning') return t('Learning');
  if (hit.kind === 'note') return t('Note of Claude');
  if (hit.kind === 'session') return t('Session');
  return hit.role === 'user' ? t('Prompt') : t('Answer');
}

/** Names of `type` values; unknown ones keep the keeper's label. */
export function nameType(value: string, label: string): string {
  switch (value) {
    case 'user':
      return t('Prompts');
    case 'assistant':
      return t('Answers');
    case 'tool_result':
      return t('Results');
    case 'error':
      return t('Errors');
    case 'warning':
      return t('Warnings');
    case 'info':
      return t('Notices');
    case 'learning':
      return t('Learnings');
    case 'note':
      return t('Notes of Claude');
    default:
      return label;
  }
}
