/** Reader items with what follows from their neighbours. */
import type { ReaderItem } from '../../../src/protocol/model';

export interface ReaderRow {
  item: ReaderItem;
  key: string;
  /** The first of consecutive rows of a sub-agent. */
  startsAgent: boolean;
  /** The first of consecutive rows copied from another session. */
  startsCopy: boolean;
}

/** The summary, which stands before the first row and scrolls away with the text. */
export interface LeadRow {
  key: 'summary';
  item?: undefined;
}

export type ReaderLine = ReaderRow | LeadRow;

export const leadRow: LeadRow = { key: 'summary' };
export const isLead = (line: ReaderLine): line is LeadRow => line.item === undefined;
export const isRow = (line: ReaderLine): line is ReaderRow => line.item !== undefined;

export function toRows(items: readonly ReaderItem[]): ReaderRow[] {
  return items.map((item, index) => {
    const before = items[index - 1];
    return {
      item,
      key: item.key,
      startsAgent: item.agentId !== undefined && item.agentId !== before?.agentId,
      startsCopy: item.copiedFrom !== undefined && item.copiedFrom !== before?.copiedFrom,
    };
  });
}

/**
 * An estimate good enough that the scroll bar does not jump: tools have one line, texts wrap at about a hundred
 * characters.
 */
export function estimateRow({ item }: ReaderLine): number {
  if (item === undefined) return 34;
  if (item.kind === 'tool') return 30;
  if (item.role === 'system' || item.role === 'tool') return 28;
  const lines = item.text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 100)), 0);
  return 48 + Math.min(lines, 400) * 19;
}
