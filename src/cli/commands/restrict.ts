import { findDataDir } from '../../keeper/pointer';
import { MemoryError } from '../../protocol/errors';
import { mostRestrictedDays } from '../../protocol/portable';
import type { Restriction } from '../../protocol/portable';
import { withMemory } from '../memory';
import { readOptionsAndWords } from '../options';
import { print, printJson } from '../output';
import { projectsCalled } from './export';

const dayMs = 86_400_000;

/** Restricts the processing of a project or of everything for some days, lifts that, or lists what is restricted. */
export async function restrictCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = readOptionsAndWords(args, {
    project: { type: 'string' },
    days: { type: 'string' },
  });
  const [action = 'list', ...rest] = positionals;
  if (rest.length > 0 || !['list', 'on', 'lift'].includes(action))
    throw new MemoryError('invalid_input', 'Say `restrict list`, `restrict on --days N` or `restrict lift`.');
  const days = Number(values.days ?? '30');
  if (!Number.isInteger(days) || days < 1 || days > mostRestrictedDays)
    throw new MemoryError('invalid_input', `--days is a number from 1 to ${mostRestrictedDays}.`);
  const dataDir = await findDataDir(values['data-dir']);
  const restrictions = await withMemory(dataDir, async (memory) => {
    const [projectId] = await projectsCalled(memory, values.project === undefined ? [] : [values.project]);
    if (action === 'on') return memory.restrictProcessing(Date.now() + days * dayMs, projectId);
    const known = await memory.restrictions();
    if (action === 'list') return known;
    for (const { id, project } of known)
      // oxlint-disable-next-line no-await-in-loop -- there are a few
      if (projectId === undefined || project?.id === projectId) await memory.liftRestriction(id);
    return memory.restrictions();
  });
  if (values.json) printJson({ restrictions });
  else print(restrictions.length === 0 ? 'nothing is restricted\n' : restrictions.map(describe).join(''));
}

const describe = ({ project, until }: Restriction): string =>
  `${project ? `${project.name}  ${project.root}` : 'everything'}  until ${new Date(until).toISOString().slice(0, 10)}\n`;
