/** The door to memory for every head: find the keeper that owns the database, or become it. */
import type { MemoryClient } from '../protocol/memory-api';
import { MemoryError } from '../protocol/errors';

export interface OpenOptions {
  /** Folder of the database; created when missing. */
  dataDir: string;
  /** Absolute path of the built `keeper.cjs`. */
  workerFile: string;
  /** Version of the extension, shown in status and handshake. */
  version: string;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string): void;
  /** Told when the keeper goes away, comes back, or cannot be had (with a reason a person can act on). */
  onConnection?(state: { isConnected: boolean; reason?: string }): void;
}

/**
 * Resolves when the keeper answers. Calls made during a hand-over wait and are repeated on the new keeper.
 * @throws MemoryError `locked` when another program holds the lock but cannot be reached, `too_new` for a newer database.
 */
export async function openMemory(_options: OpenOptions): Promise<MemoryClient> {
  throw new MemoryError('internal', 'not built yet');
}
