/** A step of the keeper that nobody waits for fails: the keeper goes on, says so, and logs where it was. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openMemory } from '../../src/keeper/connect';
import { bundleKeeper } from './patched-bundle';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'claude-mem-step-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it.each([
  ['an exception in a callback', 'setImmediate(function plantedStep() { throw new TypeError("planted"); });'],
  ['a promise that nobody waits for', 'void (async function plantedStep() { throw new TypeError("planted"); })();'],
])('%s does not end the keeper', async (_name, step) => {
  const workerFile = await bundleKeeper(folder, 'keeper', [
    { file: 'src/core/memory.ts', from: '      importer.start();\n', to: `      importer.start();\n${step}\n` },
  ]);
  const lines: string[] = [];
  const memory = await openMemory({
    dataDir: path.join(folder, 'data'),
    workerFile,
    version: 'test',
    log: (_level, line) => void lines.push(line),
  });
  await expect.poll(async () => (await memory.status()).warnings.map(({ code }) => code)).toContain('step_failed');
  expect(lines.filter((line) => line.includes('planted'))).toHaveLength(1);
  await memory.close();
  expect(await readFile(path.join(folder, 'data', 'logs', 'keeper.log'), 'utf8')).toMatch(
    /not caught: TypeError at .{0,10}plantedStep:\d+:\d+/,
  );
});
