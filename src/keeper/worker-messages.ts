/** Messages between a window and the keeper thread it started; everything else uses the socket. */
export interface WorkerInput {
  dataDir: string;
  wasmFile: string;
  version: string;
  /** For tests: simulates another host, where the lock of this one is not visible. */
  host?: string;
}

export type WorkerMessage =
  | { kind: 'ready'; generation: number }
  /** A newer head wants to run the keeper, so this one ends. */
  | { kind: 'yielding' }
  /** Another keeper has taken over while this one was opening. */
  | { kind: 'lost' }
  | { kind: 'failed'; code: string; message: string; reason?: string }
  | { kind: 'log'; level: 'debug' | 'info' | 'warn' | 'error'; message: string };

export type WorkerCommand = 'close';

/** Exit code of a keeper that must be restarted at once, because a restore waits for the next start. */
export const reopeningCode = 75;
