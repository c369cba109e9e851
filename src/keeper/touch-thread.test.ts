/** The touching thread goes on while this thread is stuck. */
import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { startTouching } from './touch-thread';

it('touches the file although this thread does nothing but wait', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'claude-mem-touch-'));
  const file = path.join(folder, 'note');
  writeFileSync(file, '');
  utimesSync(file, 1, 1);
  const stop = startTouching(file);
  const lock = new Int32Array(new SharedArrayBuffer(4));
  for (let time = 0; time < 100 && statSync(file).mtimeMs === 1000; time++) Atomics.wait(lock, 0, 0, 100);
  expect(statSync(file).mtimeMs).toBeGreaterThan(1000);
  stop();
  rmSync(folder, { recursive: true });
});
