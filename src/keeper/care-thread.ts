/** Runs each long task on copies in a thread of its own, so that all memory of its SQLite is freed when it ends. */
import { Worker } from 'node:worker_threads';
import type { CareTasks, RunCareTask } from '../core/care/tasks';
import { MemoryError, errorCodes } from '../protocol/errors';
import type { ErrorCode } from '../protocol/errors';
import type { CareAnswer, CareInput } from './care.worker';

/** @param workerFile absolute path of the built `care.cjs` */
export function createCareThread(workerFile: string, wasmFile: string): RunCareTask {
  return async (name, task, signal) => {
    if (signal?.aborted) throw new MemoryError('cancelled', 'The operation was cancelled.');
    const worker = new Worker(workerFile, {
      workerData: { name, task, wasmFile } satisfies CareInput,
      name: `claude-mem-care-${name}`,
      execArgv: [],
      stdout: false,
    });
    const end = () => void worker.terminate();
    signal?.addEventListener('abort', end, { once: true });
    try {
      return (await answerOf(worker, signal)) as CareTasks[typeof name]['result'];
    } finally {
      signal?.removeEventListener('abort', end);
    }
  };
}

function answerOf(worker: Worker, signal: AbortSignal | undefined): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once('message', (answer: CareAnswer) => {
      if (answer.isDone) resolve(answer.result);
      else
        reject(
          new MemoryError(
            errorCodes.includes(answer.code as ErrorCode) ? (answer.code as ErrorCode) : 'internal',
            answer.message,
            answer.data as Record<string, unknown> | undefined,
          ),
        );
    });
    worker.once('error', (error) => reject(new MemoryError('internal', error.message)));
    worker.once('exit', () =>
      reject(
        signal?.aborted
          ? new MemoryError('cancelled', 'The operation was cancelled.')
          : new MemoryError('internal', 'The thread for backups ended without an answer.'),
      ),
    );
  });
}
