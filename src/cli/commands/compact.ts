import { findDataDir } from '../../keeper/pointer';
import { formatBytes } from '../format';
import { withMemory } from '../memory';
import { readOptions } from '../options';
import { print } from '../output';

/** Returns free pages to the file system. */
export async function compactCommand(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {});
  const sizes = await withMemory(await findDataDir(values['data-dir']), (memory) => memory.compact());
  print(
    values.json
      ? `${JSON.stringify(sizes)}\n`
      : `${formatBytes(sizes.bytesBefore)} before, ${formatBytes(sizes.bytesAfter)} now\n`,
  );
}
