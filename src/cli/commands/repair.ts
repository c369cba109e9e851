import { findDataDir } from '../../keeper/pointer';
import { withCare } from '../care';
import { readOptions } from '../options';
import { print, printJson } from '../output';

/** Copies everything readable into a new database. The old one is kept aside. */
export async function repairCommand(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {});
  const outcome = await withCare(await findDataDir(values['data-dir']), { kind: 'repair' });
  if (values.json) {
    printJson(outcome);
    return;
  }
  const saved = Object.entries(outcome.rowsSaved ?? {}).map(([table, rows]) => `${table} ${rows}`);
  print(`repaired: ${saved.join(', ') || 'nothing was there'}\n`);
  print(
    `places that could not be read: ${outcome.damagedPages ?? 0}; learnings taken from a backup: ${outcome.learningsKept}\n`,
  );
}
