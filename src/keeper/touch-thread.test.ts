/** The touching thread goes on while this thread is stuck. */
import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { startTouching } from './touch-thread';

it('touches the file although this thread does nothing but wait, and only while something is read', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'claude-mem-touch-'));
  const file = path.join(folder, 'note');
  writeFileSync(file, '');
  utimesSync(file, 1, 1);
  const isReading = new Int32Array(new SharedArrayBuffer(4));
  const lock = new Int32Array(new SharedArrayBuffer(4));
  const touchedWithin = (ms: number) => {
    for (let waited = 0; waited < ms && statSync(file).mtimeMs === 1000; waited += 100) Atomics.wait(lock, 0, 0, 100);
    return statSync(file).mtimeMs > 1000;
  };
  isReading[0] = 1;
  const stop = startTouching(file, isReading);
  expect(touchedWithin(10_000)).toBe(true);
  Atomics.store(isReading, 0, 0);
  // A touch that had begun before.
  Atomics.wait(lock, 0, 0, 100);
  utimesSync(file, 1, 1);
  expect(touchedWithin(2500)).toBe(false);
  stop();
  rmSync(folder, { recursive: true });
});
