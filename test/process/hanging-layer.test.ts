/** A layer in which tests hang is ended, and its report has what had passed and names what hung. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

const run = promisify(execFile);
const script = (name: string) => JSON.stringify(pathToFileURL(path.resolve('scripts', name)).href);
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'claude-mem-hang-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function runLayer(files: Readonly<Record<string, string>>): Promise<unknown> {
  const config = `
    import { chooseReporters } from ${script('progress-reporter.mjs')};
    const test = { reporters: chooseReporters(), globals: true, maxWorkers: 2, testTimeout: 0, include: ['*.test.mjs'] };
    /* Vitest reads the default export. */ export default { test };`;
  for (const [name, text] of Object.entries({ 'vitest.config.mjs': config, ...files }))
    writeFileSync(path.join(folder, name), text);
  const main = `
    import { runVitest } from ${script('vitest-layer.mjs')};
    const args = ['--root', ${JSON.stringify(folder)}, '--config', ${JSON.stringify(path.join(folder, 'vitest.config.mjs'))}];
    const checks = await runVitest('hang', args, { maxSilenceMinutes: 0.25 });
    console.log('\\n' + JSON.stringify(checks.map(([name, complaints]) => [name.split('/').at(-1), complaints])));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', main]);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

it('waits for tests that never end no longer than nothing ends, whether they let go of their thread or not', async () => {
  const checks = await runLayer({
    'waits.test.mjs': `it('passes', () => {}); it('waits for ever', () => new Promise(() => {}));`,
    'spins.test.mjs': `it('passes first', () => {}); it('spins', () => { for (;;); });`,
  });
  const stuck = 'nothing had finished for 0.25 minutes';
  expect(checks).toEqual(
    expect.arrayContaining([
      ['waits.test.mjs › passes', []],
      ['waits.test.mjs › waits for ever', [`was running when ${stuck}`]],
      [expect.stringMatching(/^spins\.test\.mjs(,| › spins)/), [`was running when ${stuck}`]],
      ['vitest', [`was ended: ${stuck}`]],
    ]),
  );
}, 120_000);

it('names the file of a rejection that nobody waits for', async () => {
  const checks = await runLayer({
    'late.test.mjs': `it('passes', async () => {
      void Promise.reject(new Error('nobody waits'));
      await new Promise((next) => setTimeout(next, 50));
    });`,
  });
  expect(checks).toEqual([
    ['late.test.mjs › passes', []],
    ['late.test.mjs', [expect.stringMatching(/^outside a test, last "passes": nobody waits \(at .*late\.test\.mjs:2/)]],
  ]);
}, 120_000);
