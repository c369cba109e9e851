/**
 * The blocks of an archived file, and whether one file is the beginning of another. A damaged block is a value here,
 * not an error.
 */
import type { SqlDriver } from '../sqlite/driver';
import { readBlock } from './blocks';

export interface Part {
  block: number;
  hash: string;
  plain: number;
}

/** The blocks of a file in order. A block whose row cannot be read has no hash and is equal to no other block. */
export function partsOf(driver: SqlDriver, file: number): Part[] {
  return driver
    .all<{ n: number; block: number }>('SELECT n, block FROM parts WHERE file = ? ORDER BY n', [file])
    .map(({ block }) => {
      const row = attempt(() =>
        driver.get<{ hash: Uint8Array; plain_bytes: number }>('SELECT hash, plain_bytes FROM blocks WHERE id = ?', [
          block,
        ]),
      );
      return { block, hash: row ? Buffer.from(row.hash).toString('hex') : '', plain: row?.plain_bytes ?? 0 };
    });
}

/** True when the first list of blocks is the beginning of the second, or all of it. */
export function isBeginning(
  mineIn: SqlDriver,
  mine: readonly Part[],
  theirsIn: SqlDriver,
  theirs: readonly Part[],
): boolean {
  if (mine.length > theirs.length) return false;
  for (const [index, part] of mine.entries()) {
    const their = theirs[index] as Part;
    if (part.hash !== '' && part.hash === their.hash) continue;
    if (index < mine.length - 1 || part.plain > their.plain) return false;
    const [left, right] = [
      attempt(() => readBlock(mineIn, part.block)),
      attempt(() => readBlock(theirsIn, their.block)),
    ];
    return left !== undefined && right !== undefined && Buffer.compare(left, right.subarray(0, left.length)) === 0;
  }
  return true;
}

export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
