/** An import of memory by a real process that is killed in the middle, as often as it likes. Uses the built command line. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ExportReport, MemoryImportReport } from '../../src/protocol/portable';
import { makeHistory } from '../fixtures/make-history';

const folder = mkdtempSync(path.join(tmpdir(), 'claude-mem-portable-'));
const inFolder = (...parts: string[]) => path.join(folder, ...parts);
const extra = 150;

function start(args: readonly string[]) {
  const child = spawn(process.execPath, [path.resolve('dist/cli.js'), ...args, '--json'], {
    env: { ...process.env, HOME: folder, CLAUDE_CONFIG_DIR: inFolder('config'), CLAUDE_MEM_DATA_DIR: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr.on('data', (part: Buffer) => (err += part.toString()));
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.once('exit', (code) => resolve({ code, out, err })),
  );
  return { child, ended };
}
async function run<T>(...args: string[]): Promise<T> {
  const { code, out, err } = await start(args).ended;
  expect(`${code} ${err}`).toBe('0 ');
  return JSON.parse(out) as T;
}

let exported: ExportReport;
beforeAll(async () => {
  makeHistory(inFolder('config'), { workspace: inFolder('work'), now: Date.UTC(2026, 10, 22), extra });
  await run('import', '--data-dir', inFolder('from'));
  exported = await run('export', folder, '--data-dir', inFolder('from'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
/** What the memory has on the disk, its journal included. */
const bytesIn = (dataDir: string): number =>
  sizeOf(path.join(dataDir, 'memory.db')) + sizeOf(path.join(dataDir, 'memory.db.vwal'));

it('loses nothing and doubles nothing when an import is killed, wherever that is', async () => {
  const to = inFolder('to');
  let killed = 0;
  for (const bytes of [1_200_000, 2_000_000]) {
    const { child, ended } = start(['import-memory', exported.folder, '--data-dir', to]);
    let isOver = false;
    void ended.then(() => (isOver = true));
    // Each round kills later: when so much has come, not after a time.
    await expect.poll(() => isOver || bytesIn(to) > bytes, { interval: 5 }).toBe(true);
    if (child.kill('SIGKILL')) killed++;
    await ended;
  }
  expect(killed).toBeGreaterThan(0);
  const rest = await run<MemoryImportReport>('import-memory', exported.folder, '--data-dir', to);
  expect(rest.skipped.known?.sessions, 'a part had come').toBeGreaterThan(0);
  const again = await run<MemoryImportReport>('import-memory', exported.folder, '--data-dir', to);
  expect(again).toMatchObject({ added: {}, changed: {} });
  // All that was exported is here, and no more than that.
  const { calls: _, ...counts } = exported.counts;
  expect(again.skipped.known).toEqual(Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)));
  const { sessions, observations } = await run<Record<string, number>>('status', '--data-dir', to);
  expect({ sessions, observations }).toEqual({ sessions: counts.sessions, observations: counts.observations });
  expect(readdirSync(to).filter((name) => name.startsWith('import-'))).toEqual([]);
});

it('says in words what is wrong with an export, and changes nothing', async () => {
  rmSync(path.join(exported.folder, 'learnings.jsonl'));
  const { code, err } = await start(['import-memory', exported.folder, '--dry-run', '--data-dir', inFolder('other')])
    .ended;
  expect({ code, err }).toEqual({
    code: 5,
    err: 'learnings.jsonl is missing in this export. Copy the whole export again.\n',
  });
});
