/** Blocks of the archive: bytes of whole lines, packed, each kept once by its SHA-256. */
import { createHash } from 'node:crypto';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { MemoryError } from '../../../protocol/errors';
import type { SqlDriver } from '../sqlite/driver';

/**
 * A block is full at this many bytes. Measured on coding sessions, 64 KiB packs to 0.169 of the source, 256 KiB to
 * 0.137, 512 KiB to 0.124. Larger blocks cost more time, because the last block of a growing file is packed again with
 * every line.
 */
export const fullBlockBytes = 256 * 1024;
/** Brotli level 5 takes half the time of level 6; the result is 2 % larger. */
const quality = 5;

/** Stores bytes as a block and returns its id; an equal block that exists is reused. */
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

/** @throws MemoryError `corrupt` when the block does not match its hash */
export function readBlock(driver: SqlDriver, id: number): Uint8Array {
  const row = driver.get<{ hash: Uint8Array; packed: Uint8Array }>('SELECT hash, packed FROM blocks WHERE id = ?', [
    id,
  ]);
  const bytes = row && unpack(row.packed);
  if (!bytes || !createHash('sha256').update(bytes).digest().equals(row.hash))
    throw new MemoryError('corrupt', 'A part of an archived transcript is damaged.', { reason: 'archive_block' });
  return bytes;
}

/** Number of blocks that do not match their hash. Unpacks all blocks, so it must not run in the keeper's thread. */
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

/** Visits all blocks, unpacked; undefined for one that is damaged. */
export function eachBlock(driver: SqlDriver, visit: (bytes: Uint8Array | undefined) => void): void {
  for (const { id } of driver.all<{ id: number }>('SELECT id FROM blocks')) {
    const row = driver.get<{ packed: Uint8Array }>('SELECT packed FROM blocks WHERE id = ?', [id]);
    visit(row && unpack(row.packed));
  }
}

/** Deletes those of the blocks that no file refers to. */
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
