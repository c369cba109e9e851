import { parseArgs } from 'node:util';
import { findDataDir } from '../../keeper/pointer';
import { MemoryError } from '../../protocol/errors';
import { formatBytes } from '../format';
import { withMemory } from '../memory';
import { print } from '../output';

/** Returns free pages to the file system. */
export async function compactCommand(args: readonly string[]): Promise<void> {
  const { values } = parseOptions(args);
  const sizes = await withMemory(await findDataDir(values['data-dir']), (memory) => memory.compact());
  print(
    values.json
      ? `${JSON.stringify(sizes)}\n`
      : `${formatBytes(sizes.bytesBefore)} before, ${formatBytes(sizes.bytesAfter)} now\n`,
  );
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { 'data-dir': { type: 'string' }, json: { type: 'boolean', default: false } },
    });
  } catch (error) {
    throw new MemoryError('invalid_input', (error as Error).message);
  }
}
