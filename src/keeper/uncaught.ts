/**
 * Errors that nobody caught. Node ends a thread at the first one: every window would lose its answers because one
 * step in the background failed, and the next keeper would fail at the same step.
 */
import type { EventEmitter } from 'node:events';
import { traceOf } from '../core/lib/log';
import type { Log } from '../core/lib/log';
import type { MemoryStatus } from '../protocol/status';

/** Logs each error and adds one warning for all of them. `thread`: the `process` of this thread. */
export function containErrors(thread: EventEmitter, log: Log, warnings: MemoryStatus['warnings']): void {
  const contain = (error: unknown) => {
    log.error(`keeper: not caught: ${traceOf(error)}`);
    if (warnings.some(({ code }) => code === stepFailed.code)) return;
    warnings.push(stepFailed);
  };
  thread.on('uncaughtException', contain);
  thread.on('unhandledRejection', contain);
}

const stepFailed = {
  code: 'step_failed',
  message: 'A step in the background failed and was left out. The memory goes on; the log says which step it was.',
};
