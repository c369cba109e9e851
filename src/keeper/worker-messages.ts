/** What a window and the keeper thread it started say to each other; everything else goes over the socket. */
export interface WorkerInput {
  dataDir: string;
  wasmFile: string;
  version: string;
  /** For tests: stands in for another host, where this one's lock is not seen. */
  host?: string;
}

export type WorkerMessage =
  | { kind: 'ready'; generation: number }
  /** A newer head wants to be the keeper: this one makes room. */
  | { kind: 'yielding' }
  /** Another keeper has taken over while this one was opening. */
  | { kind: 'lost' }
  | { kind: 'failed'; code: string; message: string; reason?: string }
  | { kind: 'log'; level: 'debug' | 'info' | 'warn' | 'error'; message: string };

export type WorkerCommand = 'close';

/** A keeper that ends with this wants to be followed at once: a restore is waiting to be done. */
export const reopeningCode = 75;
