/** Backup and restore with real processes that are killed in the middle. Uses the built keeper. */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBackupList } from '../../src/keeper/next-open';
import type { CareOutcome } from '../../src/protocol/care';
import { Transcript, sessionId, writeTranscript } from '../fixtures/transcript-lines';
import { prepareDesk } from './windows';
import type { Desk, Window } from './windows';

let desk: Desk;
beforeEach(async () => {
  desk = await prepareDesk();
});
afterEach(() => desk.clear());

const listed = async (window: Window) =>
  ((await window.ask('list')) as string[]).toSorted((a, b) => a.localeCompare(b));
const inData = (...parts: string[]) => path.join(desk.dataDir, ...parts);

describe('two windows', () => {
  it('both go on after a restore that one of them asked for', async () => {
    const [first, second] = [await desk.open(), await desk.open()];
    await first.ask('put learning-before');
    const name = (await second.ask('backup request-1')) as string;
    await second.ask('put learning-since');
    const outcome = (await second.ask(`restore ${name}/request-2`)) as CareOutcome;
    expect(outcome).toMatchObject({ isDone: true, learningsKept: 1 });
    for (const window of [first, second]) expect(await listed(window)).toEqual(['learning-before', 'learning-since']);
    expect(await second.ask('undo request-3')).toMatchObject({ isDone: true });
    expect(await listed(first)).toEqual(['learning-before', 'learning-since']);
  });
});

describe('kill -9', () => {
  it('at any time of a restore loses no learning, and the restore is done or not, never half', async () => {
    const sent: string[] = [];
    const outcomes = new Set<string>();
    for (let round = 0; round < 4; round++) {
      const [first, second] = [await desk.open(), await desk.open()];
      const id = `learning-${String(round).padStart(4, '0')}`;
      const name = (await second.ask(`backup backup-${round}`)) as string;
      await second.ask(`put ${id}`);
      sent.push(id);
      const restored = second.ask(`restore ${name}/restore-${round}`);
      restored.catch(() => {});
      // Each round kills later: after the next visible sign of progress, not after a time.
      const marks = [
        () => true,
        () => existsSync(inData('memory.next.db.tmp')),
        () => existsSync(inData('next-open.json')),
        () => existsSync(inData('memory.before-restore.db')),
      ];
      const isThere = marks[round % marks.length]!;
      for (const until = Date.now() + 3000; !isThere() && Date.now() < until;)
        await new Promise((resolve) => setImmediate(resolve));
      await Promise.all([first.kill(), round % 2 === 0 ? second.kill() : Promise.resolve()]);
      const survivor = await desk.open();
      expect(await listed(survivor)).toEqual(sent);
      const outcome = (await survivor.ask(`restore ${name}/restore-${round}`)) as CareOutcome;
      expect(outcome.isDone).toBe(true);
      outcomes.add(JSON.stringify(outcome.requestId));
      expect(await listed(survivor)).toEqual(sent);
      expect(existsSync(inData('next-open.json'))).toBe(false);
      await Promise.all([survivor.kill(), second.kill()]);
    }
    expect(outcomes.size).toBe(4);
  });

  it('in the middle of a backup leaves no half one in the list', async () => {
    for (let round = 0; round < 3; round++) {
      const window = await desk.open();
      await window.ask(`put learning-${String(round).padStart(4, '0')}`);
      window.send(`backup backup-${round}`);
      const isBegun = () =>
        existsSync(inData('backups')) && readdirSync(inData('backups')).some((name) => name.endsWith('.tmp'));
      for (const until = Date.now() + 2000; !isBegun() && Date.now() < until;)
        await new Promise((resolve) => setImmediate(resolve));
      await window.kill();
      for (const { name, bytes } of await readBackupList(desk.dataDir)) {
        const file = inData('backups', `${name}.db.gz`);
        expect(statSync(file).size).toBe(bytes);
        expect(gunzipSync(readFileSync(file)).toString('latin1', 0, 15)).toBe('SQLite format 3');
      }
    }
    const window = await desk.open();
    const name = (await window.ask('backup the-last-one')) as string;
    expect(await window.ask('backups')).toContain(name);
    expect(readdirSync(inData('backups')).filter((each) => each.endsWith('.tmp'))).toEqual([]);
  });
});

describe('forgetting', () => {
  it('that is killed on its way through the backups is finished by the next keeper', async () => {
    const config = path.join(desk.dataDir, '..', 'config');
    const transcript = new Transcript(sessionId(1));
    transcript.prompt('what about the wombatquux');
    await writeTranscript(config, sessionId(1), transcript);
    execFileSync(process.execPath, ['dist/cli.js', 'import', '--config-dir', config, '--data-dir', desk.dataDir]);
    const first = await desk.open();
    for (const id of ['learning-1', 'learning-2', 'learning-3']) {
      await first.ask(`put ${id}`);
      await first.ask(`backup of-${id}`);
    }
    first.send(`forget ${sessionId(1)}`);
    await seen(
      () => existsSync(inData('backups')) && readdirSync(inData('backups')).some((name) => /\.tmp$|\.r1\./.test(name)),
    );
    await first.kill();
    expect(holding('wombat')).not.toEqual([]);
    await desk.open();
    await seen(
      () =>
        (JSON.parse(readFileSync(inData('care.json'), 'utf8')) as { unforgotten: unknown[] }).unforgotten.length === 0,
    );
    expect(holding('wombat')).toEqual([]);
    expect((await readBackupList(desk.dataDir)).filter(({ kind }) => kind === 'manual')).toHaveLength(3);
  });

  const seen = async (isThere: () => boolean) => {
    for (const until = Date.now() + 15_000; !isThere() && Date.now() < until;)
      await new Promise((resolve) => setTimeout(resolve, 1));
    expect(isThere()).toBe(true);
  };
  /** Files that contain a word; compressed files are decompressed, and unfinished ones count. */
  const holding = (word: string) =>
    readdirSync(desk.dataDir, { recursive: true, encoding: 'utf8' }).filter((name) => {
      if (!statSync(inData(name)).isFile()) return false;
      const bytes = readFileSync(inData(name));
      return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1').includes(word);
    });
});

describe('the command line', () => {
  const cli = (...args: string[]) =>
    execFileSync(process.execPath, ['dist/cli.js', ...args, '--data-dir', desk.dataDir], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, HOME: desk.dataDir, CLAUDE_CONFIG_DIR: '' },
    });
  const codeOf = (...args: string[]): number => {
    try {
      cli(...args);
      return 0;
    } catch (error) {
      return (error as { status: number }).status;
    }
  };
  const config = () => path.join(desk.dataDir, '..', 'config');

  beforeEach(async () => {
    const transcript = new Transcript(sessionId(1));
    transcript.prompt('what about the wombatquux');
    transcript.tool('Bash', { command: 'cat wombatquux' }, 'wombatquux '.repeat(50));
    await writeTranscript(config(), sessionId(1), transcript);
    cli('import', '--config-dir', config());
  });

  it('makes, lists and restores backups, and takes it back', () => {
    const { name } = JSON.parse(cli('backup', 'now', '--json')) as { name: string };
    expect(cli('backup')).toContain(name);
    expect(JSON.parse(cli('restore', name, '--json'))).toMatchObject({ isDone: true, kind: 'restore' });
    expect(JSON.parse(cli('restore', '--undo', '--json'))).toMatchObject({ isDone: true, kind: 'undo_restore' });
    expect(codeOf('restore', 'no-such-backup')).toBe(3);
    expect(codeOf('restore')).toBe(2);
    expect(codeOf('backup', 'never')).toBe(2);
    expect(JSON.parse(cli('compact', '--json'))).toMatchObject({ bytesAfter: expect.any(Number) as number });
  });

  it('repairs or restores a memory that no keeper can open', () => {
    const { name } = JSON.parse(cli('backup', 'now', '--json')) as { name: string };
    const handle = openSync(inData('memory.db'), 'r+');
    writeSync(handle, Buffer.alloc(4096), 0, 4096, 0);
    closeSync(handle);
    expect(codeOf('status')).toBe(5);
    expect(codeOf('doctor')).toBe(5);
    expect(JSON.parse(cli('repair', '--json'))).toMatchObject({
      isDone: true,
      rowsSaved: { sessions: 1, prompts: 1, observations: 1 },
    });
    expect(JSON.parse(cli('search', '--json', 'wombatquux'))).toMatchObject({ total: 1 });
    expect(codeOf('doctor')).toBe(0);
    writeFileSync(inData('memory.db'), 'not a database'.repeat(500));
    expect(JSON.parse(cli('restore', name, '--json'))).toMatchObject({ isDone: true });
    expect(JSON.parse(cli('status', '--json'))).toMatchObject({ sessions: 1, prompts: 1 });
  });

  it.each([
    ['a negative version', (file: string) => writeAt(file, 60, Buffer.from([0xff, 0xff, 0xff, 0xf0])), 'header'],
    ['an unknown file format', (file: string) => writeAt(file, 18, Buffer.from([9])), 'header'],
    ['nothing in it', (file: string) => truncateSync(file, 0), 'emptied'],
    ['the end missing', (file: string) => truncateSync(file, 3 * 4096), 'truncated'],
  ])('names a memory with %s, restores and repairs it', (_, damage, reason) => {
    const { name } = JSON.parse(cli('backup', 'now', '--json')) as { name: string };
    damage(inData('memory.db'));
    expect(said('doctor')).toContain(`corrupt, ${reason}`);
    expect(JSON.parse(cli('restore', name, '--json'))).toMatchObject({ isDone: true });
    expect(JSON.parse(cli('status', '--json'))).toMatchObject({ sessions: 1, prompts: 1 });
    damage(inData('memory.db'));
    expect(JSON.parse(cli('repair', '--json'))).toMatchObject({ isDone: true });
    expect(codeOf('doctor')).toBe(0);
  });

  const writeAt = (file: string, at: number, bytes: Uint8Array) => {
    const handle = openSync(file, 'r+');
    writeSync(handle, bytes, 0, bytes.length, at);
    closeSync(handle);
  };
  /** What a command prints, also when it fails. */
  const said = (...args: string[]): string => {
    try {
      return cli(...args);
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  };

  it('diagnoses, and neither report nor log has a word of what was imported, searched or met in errors', () => {
    cli('search', 'wombatquux');
    expect(codeOf('import', '--config-dir', path.join(config(), 'wombatquux'))).toBe(3);
    const { findings, report } = JSON.parse(cli('doctor', '--json')) as {
      findings: { id: string; args: unknown[] }[];
      report: string;
    };
    expect(findings.find(({ id }) => id === 'transcripts.ledger')?.args).toEqual([1, 1, 0]);
    expect(report).toContain('| Transcripts, balanced, only here | 1, 1, 0 |');
    for (const text of [
      report,
      cli('doctor', '--report'),
      cli('doctor'),
      ...readdirSync(inData('logs')).map((name) => readFileSync(inData('logs', name), 'utf8')),
    ]) {
      expect(text).not.toMatch(/wombat|work\/shop|claude-mem-windows/);
      expect(text.length).toBeGreaterThan(0);
    }
  });
});
