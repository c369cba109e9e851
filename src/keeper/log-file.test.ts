/** The log: complete lines, five files, no text of a person. */
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogFile, describeLine } from './log-file';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'claude-mem-log-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the log', () => {
  it('has one object a line, with the part, the words and their numbers', async () => {
    const log = new LogFile(folder, () => 0);
    log.write('info', 'care: 3 sessions left to keep the bounds');
    log.write('error', 'something odd');
    await log.close();
    const lines = (await readFile(path.join(folder, 'logs/keeper.log'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toEqual([
      {
        time: '1970-01-01T00:00:00.000Z',
        level: 'info',
        where: 'care',
        what: '3 sessions left to keep the bounds',
        numbers: [3],
      },
      { time: '1970-01-01T00:00:00.000Z', level: 'error', where: 'keeper', what: 'something odd', numbers: [] },
    ]);
    expect((await stat(path.join(folder, 'logs/keeper.log'))).mode & 0o077).toBe(0);
  });

  it('keeps five files of a mebibyte', async () => {
    const log = new LogFile(folder, () => 0);
    for (let round = 0; round < 60; round++) {
      for (let line = 0; line < 1000; line++)
        log.write('debug', `capture: line ${round * 1000 + line} ${'x'.repeat(80)}`);
      await log.close();
    }
    const names = (await readdir(path.join(folder, 'logs'))).toSorted();
    expect(names).toEqual(['keeper.1.log', 'keeper.2.log', 'keeper.3.log', 'keeper.4.log', 'keeper.log']);
    for (const name of names) expect((await stat(path.join(folder, 'logs', name))).size).toBeLessThanOrEqual(1 << 20);
    expect(await readFile(path.join(folder, 'logs/keeper.log'), 'utf8')).toContain('line 59999');
  });

  it('drops lines of a storm, says how many, and returns at once', async () => {
    const log = new LogFile(folder, () => 0);
    for (let line = 0; line < 5000; line++) log.write('warn', `capture: ${line}`);
    await log.close();
    expect(await readFile(path.join(folder, 'logs/keeper.log'), 'utf8')).toContain('3000 lines dropped');
  });

  it('that cannot be written ends nothing', async () => {
    await writeFile(path.join(folder, 'logs'), 'a file where the folder should be');
    const log = new LogFile(folder, () => 0);
    log.write('info', 'care: x');
    await log.close();
    log.write('info', 'care: y');
    await log.close();
  });

  it('keeps paths, names and quoted text out', () => {
    const { what } = describeLine(
      'warn',
      `capture: EACCES, open '/home/anna/plan.jsonl' at my-notes.jsonl of ~/work/secret`,
      0,
    );
    expect(what).toBe('EACCES, open … at … of …');
  });
});
