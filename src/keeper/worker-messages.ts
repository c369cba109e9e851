/** What a window and the keeper thread it started say to each other; everything else goes over the socket. */
export interface WorkerInput {
  dataDir: string;
  wasmFile: string;
  version: string;
}

export type WorkerMessage =
  | { kind: 'ready' }
  /** Somebody else holds the lock. */
  | { kind: 'not_owner' }
  | { kind: 'failed'; code: string; message: string; reason?: string }
  | { kind: 'log'; level: 'debug' | 'info' | 'warn' | 'error'; message: string };

export type WorkerCommand = 'close';

/** A keeper that ends with this wants to be followed at once: a restore is waiting to be done. */
export const reopeningCode = 75;
