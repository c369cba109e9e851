import { parseArgs } from 'node:util';
import { findDataDir } from '../../keeper/pointer';
import { MemoryError } from '../../protocol/errors';
import { withCare } from '../care';
import { print } from '../output';

/** Restores a backup, or the state before the last restore. */
export async function restoreCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseOptions(args);
  const [name, ...rest] = positionals;
  if (rest.length > 0 || (name === undefined) !== values.undo || (values.undo && values.exact))
    throw new MemoryError('invalid_input', 'Name one backup (`backup list` shows them), or say --undo.');
  const dataDir = await findDataDir(values['data-dir']);
  const outcome = await withCare(
    dataDir,
    name === undefined ? { kind: 'undo_restore' } : { kind: 'restore', name, isExact: values.exact },
  );
  print(
    values.json
      ? `${JSON.stringify(outcome)}\n`
      : `${values.undo ? 'undone' : 'restored'}; learnings kept: ${outcome.learningsKept}. Take it back with: restore --undo\n`,
  );
}

function parseOptions(args: readonly string[]) {
  try {
    const options = {
      'data-dir': { type: 'string' },
      json: { type: 'boolean', default: false },
      exact: { type: 'boolean', default: false },
      undo: { type: 'boolean', default: false },
    } as const;
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new MemoryError('invalid_input', (error as Error).message);
  }
}
