/** Who speaks in an exported session, and when. */
import type { ReaderMessage } from '../../../protocol/model';
import type { SessionLabels } from '../../../protocol/questions/session-text';

/** Undefined for notes of the client, which are not part of the conversation. */
export function speakerOf({ role, agentId }: ReaderMessage, labels: SessionLabels): string | undefined {
  if (role === 'user') return agentId === undefined ? labels.you : labels.task;
  if (role === 'assistant') return agentId === undefined ? labels.claude : labels.subAgent;
  return undefined;
}

/** Local date and time, the same in every language: `2026-11-22 14:03`. */
export function stampOf(at: number): string {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
