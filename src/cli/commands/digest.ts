import { findDataDir } from '../../keeper/pointer';
import { digestText } from '../../protocol/digest-text';
import { MemoryError } from '../../protocol/errors';
import { withMemory } from '../memory';
import { readOptions } from '../options';
import { print, printJson } from '../output';
import { projectsCalled } from './export';

/** What was done in a day or a week, as Markdown. */
export async function digestCommand(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {
    day: { type: 'string' },
    week: { type: 'boolean', default: false },
    project: { type: 'string', multiple: true },
  });
  const start = startOf(values.day);
  const [from, to] = values.week ? [addDays(start, -6), addDays(start, 1)] : [start, addDays(start, 1)];
  const digest = await withMemory(await findDataDir(values['data-dir']), async (memory) => {
    const projectIds = await projectsCalled(memory, values.project ?? []);
    return memory.digest({
      from: from.getTime(),
      to: to.getTime(),
      ...(projectIds.length > 0 && { scope: { projectIds } }),
    });
  });
  if (values.json) {
    printJson(digest);
    return;
  }
  const words = {
    title: values.week ? `${dayOf(from)} – ${dayOf(start)}` : dayOf(start),
    done: 'Done',
    decided: 'Decided',
    closed: 'Open before, done now',
    open: 'Still open',
    nothing: 'Nothing was done, as far as summaries tell.',
    workedOn: 'Worked on:',
  };
  print(digestText(digest, words, (text) => text.replace(/[\\`*_[\]<>#|~]/g, '\\$&')));
}

/** @throws MemoryError `invalid_input` */
function startOf(day: string | undefined): Date {
  if (day === undefined) {
    const now = new Date();
    return new Date(now.getFullYear(), now.getMonth(), now.getDate());
  }
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  const start = new Date(Number(year), Number(month) - 1, Number(date));
  if (year === undefined || dayOf(start) !== day)
    throw new MemoryError('invalid_input', '--day is a day, as 2026-11-22.');
  return start;
}

/** By the calendar: a day may have 23 or 25 hours. */
const addDays = (day: Date, days: number): Date => new Date(day.getFullYear(), day.getMonth(), day.getDate() + days);
const dayOf = (day: Date): string =>
  [day.getFullYear(), String(day.getMonth() + 1).padStart(2, '0'), String(day.getDate()).padStart(2, '0')].join('-');
