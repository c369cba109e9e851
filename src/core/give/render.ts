/**
 * Writes pieces of memory for a reader who was not there: facts with their date and session, and no orders, because the
 * client takes text that gives orders for an attack.
 */
import type { GivenItem, GivenKind } from '../../protocol/given';
import { givenEnd, givenStart } from '../../protocol/own-text';
import { shorten } from '../../protocol/text';
import { localDay } from '../lib/local-day';

/** An item before its tokens are counted. */
export type GivenPiece = Omit<GivenItem, 'tokens'>;

const heading = 'Notes from earlier Claude Code sessions, quoted from their transcripts. They may be out of date.';
const maxTitle = 70;

export const labels: Readonly<Record<GivenKind, string>> = {
  learning: 'Learnt',
  decision: 'Decided',
  fix: 'Fixed',
  done: 'Done',
  open: 'Left open',
  said: 'Said',
};

/** Lines, and the heading that the first block of a group has. */
export interface Block {
  group: string;
  head: string;
  lines: string;
}

/** In the order given. Blocks of one group that follow each other share its heading. */
export function renderBlocks(blocks: readonly Block[]): string {
  if (blocks.length === 0) return '';
  const parts = blocks.flatMap(({ group, head, lines }, index) =>
    group === blocks[index - 1]?.group ? [lines] : [head, lines],
  );
  return [givenStart, heading, ...parts, givenEnd].join('\n');
}

/** Items of one session must stand together. */
export const renderItems = (items: readonly GivenItem[]): string =>
  renderBlocks(items.map((item) => ({ group: groupOf(item), head: headOf(item), lines: lineOf(item) })));

/** Bytes of what stands around the items, of a group's heading and of an item's line: together those of the text. */
export const frameBytes = Buffer.byteLength([givenStart, heading, givenEnd].join('\n'));
export const headBytes = (item: GivenPiece): number => Buffer.byteLength(`\n${headOf(item)}`);
export const lineBytes = (item: GivenPiece): number => Buffer.byteLength(`\n${lineOf(item)}`);

export const groupOf = ({ kind, sessionId, id }: Pick<GivenItem, 'kind' | 'sessionId' | 'id'>): string =>
  kind === 'learning' ? id : (sessionId ?? id);

export function headOf({
  kind,
  title,
  at,
  sessionId,
  amendedBy,
}: Pick<GivenPiece, 'kind' | 'title' | 'at' | 'sessionId' | 'amendedBy'>): string {
  const from = `${localDay(at)}, "${shorten(title, maxTitle)}"`;
  if (kind === 'learning') return `## Learning of ${from}`;
  const amended = amendedBy ? `, amended on ${localDay(amendedBy.at)} by "${shorten(amendedBy.title, maxTitle)}"` : '';
  return `## ${from} (session ${sessionId?.slice(0, 8) ?? ''})${amended}`;
}

const lineOf = ({ kind, text }: Pick<GivenItem, 'kind' | 'text'>): string => `- ${labels[kind]}: ${text}`;
