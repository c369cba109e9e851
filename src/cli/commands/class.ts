import { findDataDir } from '../../keeper/pointer';
import { dataClasses } from '../../protocol/classes';
import type { DataClass, SetClass } from '../../protocol/classes';
import { MemoryError } from '../../protocol/errors';
import { rowKeyOf } from '../../protocol/row-key';
import { showLine } from '../../protocol/visible-text';
import { withMemory } from '../memory';
import { readOptionsAndWords } from '../options';
import { print, printJson } from '../output';
import { projectsCalled } from './export';

/** Lists classes that were set, or sets the class of a project, a session, a row or a learning. */
export async function classCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = readOptionsAndWords(args, {
    project: { type: 'string' },
    session: { type: 'string' },
    key: { type: 'string' },
  });
  const [action = 'list', word, ...rest] = positionals;
  const named = [values.project, values.session, values.key].filter((each) => each !== undefined);
  if (rest.length > 0 || !['list', 'set'].includes(action) || (action === 'list') !== (word === undefined))
    throw new MemoryError('invalid_input', 'Say `class list`, or `class set --session ID CLASS`.');
  if (named.length !== (action === 'set' ? 1 : 0))
    throw new MemoryError('invalid_input', 'Say one of --project, --session and --key with `class set`.');
  const to = word === 'none' ? null : dataClasses.find((each) => each === word);
  if (action === 'set' && to === undefined)
    throw new MemoryError('invalid_input', `A class is one of ${dataClasses.join(', ')}, or none.`);
  const dataDir = await findDataDir(values['data-dir']);
  const classes = await withMemory(dataDir, async (memory) => {
    if (action === 'set') {
      const [projectId] = await projectsCalled(memory, values.project === undefined ? [] : [values.project]);
      const key = values.session === undefined ? values.key : rowKeyOf({ kind: 'session', id: values.session });
      await memory.setClasses([
        { ...(projectId === undefined ? { key: key ?? '' } : { projectId }), class: to as DataClass | null },
      ]);
    }
    return memory.listClasses();
  });
  if (values.json) printJson({ classes });
  else print(classes.length === 0 ? 'no class is set\n' : classes.map(describe).join(''));
}

const describe = ({ class: of, what, key, projectId, name }: SetClass): string =>
  `${of}  ${what}  ${key ?? projectId ?? ''}  ${showLine(name)}\n`;
