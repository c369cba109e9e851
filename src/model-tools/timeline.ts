/** Sessions around a day or around another session. */
import * as z from 'zod/mini';
import { MemoryError } from '../protocol/errors';
import type { ProjectRef, SessionCard } from '../protocol/model';
import { cursor, days, id, localDay } from '../protocol/questions/schemas';
import { parseLineKey } from '../protocol/row-key';
import { project, sightOf } from './project-scope';
import type { Sight } from './project-scope';
import { modelTool } from './tool';
import type { ClassedPorts } from './tool';
import { history, line, moment, nextPage, pageThatFits } from './words';

const defaultDays = 3;
const defaultSessions = 20;
const maxFiles = 5;

export const timeline = modelTool({
  name: 'timeline',
  title: 'Sessions by date',
  about:
    'Lists earlier sessions of this project by date, the latest first: around a day, around a session or a row, or simply the latest. ' +
    'Answers what came before and after something that search found.',
  takes: z.object({
    date: z.exactOptional(localDay),
    around: z.exactOptional(id.check(z.describe('Id of a session, or key of a row (`p…`, `o…`).'))),
    days: z.exactOptional(days.check(z.describe(`Days before and after; ${defaultDays} when absent.`))),
    project,
    limit: z.exactOptional(z.int().check(z.gte(1), z.lte(50), z.describe(`${defaultSessions} when absent.`))),
    cursor: z.exactOptional(cursor),
  }),
  async answer(input, ports, signal) {
    const { days: span = defaultDays, limit = defaultSessions, cursor: from } = input;
    const sight = await sightOf(ports, input.project);
    const middle = await middleOf(input, ports, sight);
    const query = {
      ...(sight.scope && { scope: sight.scope }),
      ...(middle && { after: daysFrom(middle.start, -span), before: daysFrom(middle.end, span) }),
      ...(from !== undefined && { cursor: from }),
    };
    const { parts, next } = await pageThatFits(
      (most) => ports.memory.listSessions({ ...query, limit: most }, signal),
      limit,
      cardLines,
    );
    const when = middle ? ` within ${span} days of ${middle.name}` : '';
    return history(
      parts.length === 0
        ? `No session in ${sight.name}${when}.`
        : `Sessions in ${sight.name}${when}, the latest first.`,
      parts.join('\n'),
      nextPage(next),
    );
  },
});

/** A span of time and its name. @throws MemoryError `invalid_input`, `not_found` */
async function middleOf(
  { date, around }: { date?: string; around?: string },
  { memory }: ClassedPorts,
  sight: Sight,
): Promise<{ start: number; end: number; name: string } | undefined> {
  if (around !== undefined) {
    const [at, own] = await placeOf(around, memory);
    if (!sight.has(own.id)) throw elsewhere(around);
    return { start: at, end: at, name: `${around} (${moment(at)})` };
  }
  if (date === undefined) return undefined;
  const start = new Date(`${date}T00:00`).getTime();
  if (Number.isNaN(start)) throw new MemoryError('invalid_input', `timeline: ${date} is no day of the calendar.`);
  return { start, end: daysFrom(start, 1), name: date };
}

async function placeOf(around: string, memory: ClassedPorts['memory']): Promise<[at: number, project: ProjectRef]> {
  const key = parseLineKey(around);
  if (!key) {
    const { updatedAt, project: own } = await memory.getSession(around);
    return [updatedAt, own];
  }
  const { at, session } = await memory.getItem(around);
  return [at, session.project];
}

/** By the calendar: days may have 23 or 25 hours. */
function daysFrom(at: number, count: number): number {
  const date = new Date(at);
  date.setDate(date.getDate() + count);
  return Math.max(0, date.getTime());
}

export const elsewhere = (what: string): MemoryError =>
  new MemoryError(
    'not_found',
    `${what} is not of this project. When the person asks for another project, name it in \`project\`.`,
  );

export function cardLines({ updatedAt, title, project: { name }, ...card }: SessionCard): string {
  const counts = [
    `${card.turns} turns`,
    ...(card.errors > 0 ? [`${card.errors} errors`] : []),
    ...(card.gitBranch === '' ? [] : [`branch ${line(card.gitBranch, 60)}`]),
    ...(card.isLive ? ['still going'] : []),
  ];
  const files = card.filesTouched.slice(0, maxFiles).map((file) => line(file, 100));
  const more = card.filesTouched.length - files.length;
  return [
    `- ${card.id} | ${moment(updatedAt)} | ${line(name, 60)} | ${counts.join(', ')} | ${line(title, 120)}`,
    ...(card.firstPrompt === '' || card.firstPrompt === title ? [] : [`  asked: ${line(card.firstPrompt, 200)}`]),
    ...(files.length === 0 ? [] : [`  files: ${files.join(', ')}${more > 0 ? `, ${more} more` : ''}`]),
  ].join('\n');
}
