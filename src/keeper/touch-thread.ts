/** Touches a file every second from a thread of its own, so that its time tells how long this thread was stuck. */
import { Worker } from 'node:worker_threads';
import type { StartTouching } from '../core/capture/line-guard';

const code = `
const { utimesSync } = require('node:fs');
const { workerData: { file, isReading } } = require('node:worker_threads');
setInterval(() => {
  if (Atomics.load(isReading, 0) === 0) return;
  const now = new Date();
  try { utimesSync(file, now, now); } catch {}
}, 1000);
`;

export const startTouching: StartTouching = (file, isReading) => {
  const worker = new Worker(code, {
    eval: true,
    workerData: { file, isReading },
    name: 'claude-mem-touch',
    execArgv: [],
  });
  worker.unref();
  // Without it a stuck line is not found; reading goes on.
  worker.on('error', () => {});
  return () => void worker.terminate();
};
