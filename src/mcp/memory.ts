/** The memory of a server: opened when something is asked, because many sessions of Claude Code never ask. */
import path from 'node:path';
import { openMemory } from '../keeper/connect';
import { findDataDir } from '../keeper/pointer';
import { MemoryError } from '../protocol/errors';
import type { MemoryClient } from '../protocol/memory-api';

declare const __dirname: string;

/** After a failure the next call tries again. */
export class AskedMemory {
  #client: Promise<MemoryClient> | undefined;
  #isClosed = false;

  constructor(
    private readonly dataDir: string | undefined,
    private readonly log: (message: string) => void,
  ) {}

  async open(): Promise<MemoryClient> {
    if (this.#isClosed) throw new MemoryError('cancelled', 'The server is ending.');
    this.#client ??= this.#find();
    try {
      return await this.#client;
    } catch (error) {
      this.#client = undefined;
      throw error;
    }
  }

  /** Resolves when the memory is closed or handed over to another process. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#client?.then((client) => client.close()).catch(() => {});
  }

  async #find(): Promise<MemoryClient> {
    return openMemory({
      dataDir: await findDataDir(this.dataDir),
      head: 'mcp',
      workerFile: path.join(__dirname, 'keeper.cjs'),
      version,
      log: (level, message) => {
        if (level === 'warn' || level === 'error') this.log(message);
      },
    });
  }
}

/** Replaced by the bundler with the version of package.json. */
declare const EXTENSION_VERSION: string;
export const version = EXTENSION_VERSION;
