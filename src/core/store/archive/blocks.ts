/** Blocks of the archive: bytes of whole lines, packed, each kept once by its SHA-256. */
import { createHash } from 'node:crypto';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { MemoryError } from '../../../protocol/errors';
import type { SqlDriver } from '../sqlite/driver';

/**
 * A block is full at this many bytes. Measured on coding sessions: 64 KiB packs to 0.169 of the source, 256 KiB to
 * 0.137, 512 KiB to 0.124; but the last block of a growing file is packed anew with every line, and then every byte
 * costs.
 */
export const fullBlockBytes = 256 * 1024;
/** Half the time of 6, and 2 % larger. */
const quality = 5;

/** The id of the block with these bytes, which is made when there is none. */
export function putBlock(driver: SqlDriver, bytes: Uint8Array): number {
  const hash = createHash('sha256').update(bytes).digest();
  const known = driver.get<{ id: number }>('SELECT id FROM blocks WHERE hash = ?', [hash]);
  if (known) return known.id;
  const packed = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  driver.run('INSERT INTO blocks (hash, plain_bytes, packed) VALUES (?, ?, ?)', [hash, bytes.length, packed]);
  return driver.lastInsertId();
}

/** @throws MemoryError `corrupt` when the block is not what was put there. */
export function readBlock(driver: SqlDriver, id: number): Uint8Array {
  const row = driver.get<{ hash: Uint8Array; packed: Uint8Array }>('SELECT hash, packed FROM blocks WHERE id = ?', [
    id,
  ]);
  const bytes = row && unpack(row.packed);
  if (!bytes || !createHash('sha256').update(bytes).digest().equals(row.hash))
    throw new MemoryError('corrupt', 'A part of an archived transcript is damaged.', { reason: 'archive_block' });
  return bytes;
}

/** How many blocks are not what was put there. Unpacks all of them: not for the keeper's thread. */
export function countDamagedBlocks(driver: SqlDriver): number {
  let damaged = 0;
  for (const { id } of driver.all<{ id: number }>('SELECT id FROM blocks')) {
    try {
      readBlock(driver, id);
    } catch (error) {
      if (!MemoryError.is(error, 'corrupt')) throw error;
      damaged++;
    }
  }
  return damaged;
}

/** Takes away blocks that no file needs any more. */
export function dropUnusedBlocks(driver: SqlDriver, ids: readonly number[]): void {
  for (const id of ids)
    driver.run('DELETE FROM blocks WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM parts WHERE block = ?1)', [id]);
}

function unpack(packed: Uint8Array): Uint8Array | undefined {
  try {
    return brotliDecompressSync(packed);
  } catch {
    return undefined;
  }
}
