/** The thread for long tasks on copies: checking, compressing, erasing, salvaging. It runs one task and ends. */
import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { createCareTasks } from '../core/care/tasks';
import type { CareTaskName, CareTasks } from '../core/care/tasks';
import { loadSqlite } from '../core/store/sqlite/sqlite';
import { asMemoryError } from '../protocol/errors';

/** Task and paths that the keeper passes to the thread. */
export interface CareInput {
  name: CareTaskName;
  task: CareTasks[CareTaskName]['task'];
  wasmFile: string;
}
export type CareAnswer =
  | { isDone: true; result: unknown }
  | { isDone: false; code: string; message: string; data: unknown };

async function answer(): Promise<CareAnswer> {
  const { name, task, wasmFile } = workerData as CareInput;
  try {
    const engine = await loadSqlite({ wasm: await readFile(wasmFile), platform: process.platform });
    return { isDone: true, result: await createCareTasks(engine)(name, task as never) };
  } catch (error) {
    const { code, message, data } = asMemoryError(error);
    // The system's error code is logged instead of its message, which contains file names.
    const reason = (error as NodeJS.ErrnoException).code;
    return { isDone: false, code, message: code === 'internal' && typeof reason === 'string' ? reason : message, data };
  }
}

async function run(): Promise<void> {
  parentPort?.postMessage(await answer());
}

void run();
