/** States in which a window cannot open its memory: each has a code, a reason and a solution. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdir, open, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { protocolVersion } from '../../src/protocol/version';
import { Transcript, sessionId, writeTranscript } from '../fixtures/transcript-lines';
import type { Patch } from './patched-bundle';
import { prepareDesk } from './windows';
import type { Desk, Window } from './windows';

let desk: Desk;
const cleanUp: (() => unknown)[] = [];
beforeEach(async () => {
  desk = await prepareDesk();
});
afterEach(async () => {
  for (const clean of cleanUp.splice(0)) await clean();
  await desk.clear();
});

const fatal = async (window: Window) => {
  const { fatal: code, reason } = await window.reply((each) => each.fatal !== undefined);
  return [code, reason];
};
const keeperFile = () => path.join(desk.dataDir, 'keeper.json');

/** Exit code and message of the command line for this folder. */
function cli(): Promise<{ code: unknown; words: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['dist/cli.js', 'status', '--data-dir', desk.dataDir], (error, _, stderr) =>
      resolve({ code: error?.code ?? 0, words: stderr }),
    );
  });
}

describe('versions', () => {
  const newer: readonly Patch[] = [
    {
      file: 'src/protocol/version.ts',
      from: `export const protocolVersion = ${protocolVersion};`,
      to: `export const protocolVersion = ${protocolVersion + 1};`,
    },
  ];

  it('an old keeper makes room for a newer window, after what it was writing; its own window asks to be reloaded', async () => {
    const old = await desk.open();
    for (let index = 0; index < 30; index++) old.send(`put written-${String(index).padStart(3, '0')}`);
    await old.reply(({ done }) => done === 'put written-003');
    const later = await desk.open({
      keeper: await desk.buildKeeper('newer', newer),
      script: await desk.buildWindow('newer-window', newer),
    });
    expect(await later.ask('keeper')).toBe(later.process.pid);
    await old.reply(({ isConnected, reason }) => isConnected === false && reason === 'newer_keeper');
    const rows = (await later.ask('list')) as string[];
    expect(rows).toEqual(expect.arrayContaining(old.acknowledged));
    expect(new Set(rows).size).toBe(rows.length);
  });

  it('a new keeper sends an old window away with a reason, and is not disturbed', async () => {
    const later = await desk.open({
      keeper: await desk.buildKeeper('newer', newer),
      script: await desk.buildWindow('newer-window', newer),
    });
    expect(await fatal(desk.start())).toEqual(['too_new', 'newer_keeper']);
    expect(await later.ask('keeper')).toBe(later.process.pid);
    expect((await cli()).code).toBe(6);
  });

  it('a database of a later version is left as it is', async () => {
    const first = await desk.open();
    first.process.stdin!.end();
    await first.exited;
    const file = path.join(desk.dataDir, 'memory.db');
    const handle = await open(file, 'r+');
    // `user_version` in SQLite's header.
    await handle.write(Buffer.from([0, 0, 0, 99]), 0, 4, 60);
    await handle.close();
    const before = await readFile(file);
    expect((await fatal(desk.start()))[0]).toBe('too_new');
    const { code, words } = await cli();
    expect([code, words]).toEqual([6, expect.stringContaining('Update the extension')]);
    expect(Buffer.compare(await readFile(file), before)).toBe(0);
  });
});

describe('the meeting point', () => {
  it('with a wrong token is put right by the keeper’s next beat', async () => {
    const first = await desk.open();
    await first.ask('put before-it-all');
    await writeFile(
      keeperFile(),
      JSON.stringify({ ...(JSON.parse(await readFile(keeperFile(), 'utf8')) as object), token: 'wrong' }),
      { mode: 0o600 },
    );
    const second = await desk.open();
    expect(await second.ask('list')).toEqual(['before-it-all']);
    expect(await first.ask('keeper')).toBe(await second.ask('keeper'));
  });

  it('is kept fresh for other hosts by a beat', async () => {
    await desk.open();
    const files = [keeperFile(), path.join(desk.dataDir, 'keeper-1.claim')];
    const old = new Date(Date.now() - 60_000);
    for (const file of files) await utimes(file, old, old);
    for (const file of files)
      await expect.poll(async () => (await stat(file)).mtimeMs).toBeGreaterThan(old.getTime() + 1000);
  });

  it('that a keeper takes away as it closes is not missed by a beat that waited for the disk', async () => {
    // A beat that waits until the keeper has taken its socket away, as on a slow disk.
    const slow: readonly Patch[] = [
      { file: 'src/keeper/keeper-file.ts', from: 'heartbeatMs = 3000', to: 'heartbeatMs = 50' },
      {
        file: 'src/keeper/keeper.worker.ts',
        from: 'const isReachable = await hasSocket(endpoint);',
        to: `log.info('a slow beat');
          while (await hasSocket(endpoint)) await new Promise((next) => setTimeout(next, 5));
          const isReachable = false;`,
      },
    ];
    const window = await desk.open({ keeper: await desk.buildKeeper('slow', slow) });
    await window.reply(({ message }) => message === 'a slow beat');
    window.process.stdin!.end();
    await window.exited;
    expect(window.replies.filter(({ log }) => log === 'warn' || log === 'error')).toEqual([]);
  });

  it('that is missing while the lock is held is said', async () => {
    const first = await desk.open();
    // Suspended, so that its heartbeat does not write the file again.
    first.process.kill('SIGSTOP');
    await rm(keeperFile());
    expect(await fatal(desk.start({ env: { WINDOW_TIMING: '{"lockedMs":300}' } }))).toEqual(['locked', 'no_endpoint']);
    first.process.kill('SIGCONT');
    expect(await first.ask('list')).toEqual([]);
  });

  it('whose folder is a file is said, with the exit code of a locked memory', async () => {
    await writeFile(desk.dataDir, 'not a folder');
    expect(await fatal(desk.start())).toEqual(['locked', 'not_a_folder']);
    const { code, words } = await cli();
    expect([code, words]).toEqual([4, expect.stringContaining('Move it away')]);
  });
});

describe.skipIf(!canMount())('a real disk (skipped where none can be mounted)', () => {
  beforeEach(async () => {
    await mkdir(desk.dataDir);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', desk.dataDir]);
    cleanUp.push(() => execFileSync('umount', ['-l', desk.dataDir]));
  });

  it('that is full lets reading go on, says so, and is used again when there is room', async () => {
    const configDir = path.join(desk.folder, 'config');
    const transcript = new Transcript(sessionId(1));
    transcript.prompt('please feed the okapi');
    await writeTranscript(configDir, sessionId(1), transcript);
    const window = await desk.open({ env: { WINDOW_CONFIG_DIR: configDir } });
    expect(await window.ask('import')).toBe(true);
    await window.ask('put before-full');
    const filler = path.join(desk.dataDir, 'filler');
    await writeFile(filler, Buffer.alloc(16 << 20)).catch((error: NodeJS.ErrnoException) =>
      expect(error.code).toBe('ENOSPC'),
    );
    for (let index = 0; index < 40; index++) window.send(`put no-room-${String(index).padStart(3, '0')}`);
    const { code, reason } = await window.reply((each) => each.failed?.startsWith('put no-room') === true);
    expect([code, reason]).toEqual(['locked', 'disk_full']);
    transcript.prompt('please feed the zebra');
    await writeTranscript(configDir, sessionId(1), transcript);
    await expect
      .poll(async () => ((await window.ask('status')) as { capture: { phase: string } }).capture.phase, {
        timeout: 15_000,
      })
      .toBe('error');
    expect(await window.ask('list')).toContain('before-full');
    expect(await window.ask('find okapi')).toBe(1);
    await rm(filler);
    await window.ask('put after-full');
    await expect.poll(() => window.ask('find zebra'), { timeout: 15_000 }).toBe(1);
    await expect
      .poll(async () => ((await window.ask('status')) as { capture: { phase: string } }).capture.phase, {
        timeout: 15_000,
      })
      .toBe('idle');
    const rows = (await window.ask('list')) as string[];
    expect(rows).toEqual(expect.arrayContaining([...window.acknowledged]));
    await window.kill();
    expect(await (await desk.open()).ask('list')).toEqual(rows);
  });

  it('that is full before the start is said, and opened when there is room', async () => {
    const filler = path.join(desk.dataDir, 'filler');
    await writeFile(filler, Buffer.alloc(16 << 20)).catch(() => {});
    expect(await fatal(desk.start())).toEqual(['locked', 'disk_full']);
    expect((await cli()).code).toBe(4);
    await rm(filler);
    expect(await (await desk.open()).ask('list')).toEqual([]);
  });

  it('that is mounted read-only is said', async () => {
    execFileSync('mount', ['-o', 'remount,ro', desk.dataDir]);
    expect(await fatal(desk.start())).toEqual(['locked', 'read_only']);
    expect((await cli()).words).toContain('Check its permissions');
  });
});

describe.skipIf(!canMakeImmutable())(
  'a database file that may not be written (skipped where files cannot be made immutable)',
  () => {
    it('is said, and left as it is', async () => {
      const first = await desk.open();
      await first.ask('put before-it-all');
      first.process.stdin!.end();
      await first.exited;
      const file = path.join(desk.dataDir, 'memory.db');
      execFileSync('chattr', ['+i', file]);
      try {
        expect(await fatal(desk.start())).toEqual(['locked', 'read_only']);
        expect((await cli()).code).toBe(4);
      } finally {
        execFileSync('chattr', ['-i', file]);
      }
      expect(await (await desk.open()).ask('list')).toEqual(['before-it-all']);
    });
  },
);

function canMount(): boolean {
  return works('sh', '-c', 'd=$(mktemp -d) && mount -t tmpfs -o size=1m tmpfs "$d" && umount "$d" && rmdir "$d"');
}

function canMakeImmutable(): boolean {
  return works('sh', '-c', 'f=$(mktemp) && chattr +i "$f" && chattr -i "$f" && rm "$f"');
}

function works(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
