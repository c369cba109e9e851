/** One session: its summary, then its turns in pages. */
import * as z from 'zod/mini';
import type { ReaderItem, ReaderTool } from '../protocol/model';
import { cursor, sessionId, turn } from '../protocol/questions/schemas';
import type { Claim, SessionSummary } from '../protocol/summary';
import { project, sightOf } from './project-scope';
import { cardLines, elsewhere } from './timeline';
import { modelTool } from './tool';
import { fitting, history, line, nextPage, passage, roleName, toolName } from './words';

/** With their longest texts they fit a page, beside the summary. */
const rowsOfPage = 12;
const maxRow = 1_500;
const maxSummary = 5_000;

export const getSession = modelTool({
  name: 'get_session',
  title: 'Read a session',
  about:
    'Answers one session: what was asked, done, decided and left open in it, ' +
    'then its turns in pages (prompts, answers, tool calls, each shortened, with its key for get_observations). ' +
    '`turn` begins at a turn that search named and leaves the summary out.',
  takes: z.object({
    id: sessionId,
    turn: z.exactOptional(turn),
    project,
    cursor: z.exactOptional(cursor),
  }),
  async answer({ id, turn: around, project: name, cursor: from }, ports, signal) {
    const { memory } = ports;
    const sight = await sightOf(ports, name);
    const isFirst = from === undefined && around === undefined;
    const page = await memory.readSession(
      {
        sessionId: id,
        limit: rowsOfPage,
        ...(from === undefined ? around !== undefined && { aroundTurn: around } : { cursor: from }),
      },
      signal,
    );
    if (!sight.has(page.session.project.id)) throw elsewhere(id);
    const summary = isFirst ? await memory.summary(id) : null;
    const text = history(
      cardLines(page.session),
      summary ? fitting(summaryLines(summary), maxSummary).join('\n') : '',
      page.items.map((item, at) => rowLines(item, page.items[at - 1])).join('\n'),
      nextPage(page.after),
    );
    return { text, items: page.items.map(({ key }) => ({ id: key, sessionId: id })) };
  },
});

function summaryLines(summary: SessionSummary): string[] {
  const list = (title: string, claims: readonly Claim[]): string[] =>
    claims.length === 0 ? [] : [`${title}:`, ...claims.map(({ text }) => `- ${line(text, 300)}`)];
  return [
    `Summary, made by ${summary.source === 'local' ? 'rules' : 'a model'}${
      summary.isBehind ? '; the session has grown since' : ''
    }`,
    ...list('Asked', summary.asked),
    ...list('Decided', summary.decisions),
    ...list('Done', summary.done),
    ...list('Left open', summary.openEnds),
    ...list('Key points', summary.keyPoints),
    ...(summary.files.length === 0 ? [] : ['Files edited:']),
    ...summary.files.map(({ path, edits, isNew }) => `- ${line(path, 200)} (${edits} edits${isNew ? ', new' : ''})`),
    ...(summary.errors.length === 0 ? [] : ['Errors met:']),
    ...summary.errors.map(
      ({ text, times, fix }) => `- ${line(text, 200)} (${times}×)${fix ? `; solved by: ${line(fix.text, 200)}` : ''}`,
    ),
  ];
}

function rowLines(item: ReaderItem, before: ReaderItem | undefined): string {
  const heading = item.turn === before?.turn ? '' : `\n## Turn ${item.turn}\n`;
  const text = passage(item.kind === 'message' ? item.text : callText(item), maxRow, item.truncatedBytes);
  return `${heading}${item.key} ${actorOf(item)}: ${text}`;
}

function actorOf(item: ReaderItem): string {
  if (item.kind === 'tool') return toolName(item);
  return `${roleName(item.role)}${item.note === undefined ? '' : ` (${line(item.note, 40)})`}`;
}

function callText({ headline, input, output, diffs }: ReaderTool): string {
  if (diffs.length > 0)
    return diffs.map(({ file, before, after }) => `${file}\n${signed(before, '-')}${signed(after, '+')}`).join('\n');
  return [input === '' ? headline : input, output].filter((part) => part !== '').join('\n→ ');
}

const signed = (text: string, sign: string): string =>
  text === ''
    ? ''
    : text
        .split('\n')
        .map((each) => `${sign}${each}\n`)
        .join('');
