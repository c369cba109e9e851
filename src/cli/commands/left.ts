import { findDataDir } from '../../keeper/pointer';
import { withMemory } from '../memory';
import { readOptions } from '../options';
import { print, printJson } from '../output';
import { projectsCalled } from './export';

/** What is left in projects: open ends, what closed others, decisions in force, errors that came back. */
export async function leftCommand(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, { project: { type: 'string', multiple: true } });
  const left = await withMemory(await findDataDir(values['data-dir']), async (memory) => {
    const projectIds = await projectsCalled(memory, values.project ?? []);
    return memory.whatIsLeft(projectIds.length > 0 ? { scope: { projectIds } } : {});
  });
  if (values.json) {
    printJson(left);
    return;
  }
  const part = (title: string, lines: readonly string[]) =>
    lines.length > 0 ? `${title}\n${lines.map((line) => `  ${line}\n`).join('')}` : '';
  print(
    part(
      'Open ends',
      left.openEnds.map(({ text }) => text),
    ) +
      part(
        'Done since',
        left.closed.map(({ text, by }) =>
          by.how === 'person' ? `${text}\n    closed by hand` : `${text}\n    by: ${by.text} (${by.sessionId})`,
        ),
      ) +
      part(
        'Decisions in force',
        left.decisions.map(({ text }) => text),
      ) +
      part(
        'Dead ends',
        left.deadEnds.map(({ title }) => title),
      ) +
      part(
        'Errors that came back',
        left.errors.map(({ line, sessions }) => `${line.text} (sessions: ${sessions})`),
      ) || 'Nothing is left, as far as summaries tell.\n',
  );
}
