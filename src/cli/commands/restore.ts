import path from 'node:path';
import { findDataDir } from '../../keeper/pointer';
import { MemoryError } from '../../protocol/errors';
import { withCare } from '../care';
import { readOptionsAndWords } from '../options';
import { print } from '../output';

/** Restores a backup, or the state before the last restore. */
export async function restoreCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = readOptionsAndWords(args, {
    exact: { type: 'boolean', default: false },
    undo: { type: 'boolean', default: false },
    from: { type: 'string' },
  });
  const [name, ...rest] = positionals;
  if (
    rest.length > 0 ||
    (name === undefined) !== values.undo ||
    (values.undo && (values.exact || values.from !== undefined))
  )
    throw new MemoryError('invalid_input', 'Name one backup (`backup list` shows them), or say --undo.');
  const dataDir = await findDataDir(values['data-dir']);
  const outcome = await withCare(
    dataDir,
    name === undefined
      ? { kind: 'undo_restore' }
      : {
          kind: 'restore',
          name,
          isExact: values.exact,
          ...(values.from !== undefined && { from: path.resolve(values.from) }),
        },
  );
  print(
    values.json
      ? `${JSON.stringify(outcome)}\n`
      : `${values.undo ? 'undone' : 'restored'}; learnings kept: ${outcome.learningsKept}. Take it back with: restore --undo\n`,
  );
}
