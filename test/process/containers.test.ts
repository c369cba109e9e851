/**
 * Containers and their host with one folder. `WINDOW_HOST` simulates a host whose lock and claim are those of another
 * machine; where the system allows network namespaces, real ones are used too.
 */
import { execFileSync } from 'node:child_process';
import { readFile, readdir, utimes } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareDesk } from './windows';
import type { Desk, Window, WindowOptions } from './windows';

let desk: Desk;
beforeEach(async () => {
  desk = await prepareDesk();
});
afterEach(() => desk.clear());

const inHost = (name: string): WindowOptions => ({
  env: { WINDOW_HOST: `${name}-boot-net`, WINDOW_TIMING: '{"answerMs":300}' },
});
const ending = (window: Window) => window.reply((each) => each.fatal !== undefined || each.ready === true);
const owners = (windows: readonly Window[]) =>
  windows.filter(({ replies }) => replies.some(({ message }) => message?.includes('owns the memory')));

/** Makes all files old, as they look to a host when another has been silent for long. */
async function age(folder: string): Promise<void> {
  const old = new Date(Date.now() - 60_000);
  for (const name of await readdir(folder))
    if (name === 'keeper.json' || name.endsWith('.claim')) await utimes(path.join(folder, name), old, old);
}

describe('two hosts', () => {
  it('that start in the same moment have one keeper', async () => {
    const windows = ['a', 'b', 'c'].map((name) => desk.start(inHost(name)));
    const answers = await Promise.all(windows.map(ending));
    expect(answers.filter(({ ready }) => ready)).toHaveLength(1);
    expect(owners(windows)).toHaveLength(1);
    for (const { fatal, reason } of answers.filter((each) => !each.ready))
      expect([fatal, reason]).toEqual(['locked', 'other_host']);
  });

  it('follow each other at once when the first says goodbye', async () => {
    const first = await desk.open(inHost('a'));
    await first.ask('put written-by-a');
    first.process.stdin!.end();
    await first.exited;
    const second = await desk.open(inHost('b'));
    expect(await second.ask('list')).toEqual(['written-by-a']);
  });
});

describe('a keeper that is asleep while another host takes over', () => {
  it('writes nothing and answers nothing when it wakes up, and what it said before is there', async () => {
    const sleeper = await desk.open(inHost('a'));
    await sleeper.ask('put before-sleep');
    sleeper.process.kill('SIGSTOP');
    await age(desk.dataDir);
    const successor = await desk.open(inHost('b'));
    await successor.ask('put while-it-slept');
    // The first message after it wakes up: it must not carry it out.
    sleeper.send('put after-sleep');
    sleeper.send('list');
    sleeper.process.kill('SIGCONT');
    await sleeper.reply(({ done }) => done === 'put after-sleep');
    const said = sleeper.replies.map(({ message, done }) => message ?? done);
    expect(said.indexOf('keeper: another one has taken over')).toBeGreaterThan(0);
    expect(said.indexOf('put after-sleep')).toBeGreaterThan(said.indexOf('keeper: another one has taken over'));
    // Its window has connected to the new keeper, whose socket it can reach here.
    expect(await sleeper.ask('keeper')).toBe(successor.process.pid);
    const { generation, pid } = JSON.parse(await readFile(path.join(desk.dataDir, 'keeper.json'), 'utf8')) as {
      generation: number;
      pid: number;
    };
    expect([generation, pid]).toEqual([2, successor.process.pid]);
    successor.process.stdin!.end();
    await successor.exited;
    expect(((await sleeper.ask('list')) as string[]).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'after-sleep',
      'before-sleep',
      'while-it-slept',
    ]);
  });

  it('without the fence would write into the successor’s files: the control', async () => {
    const keeper = await desk.buildKeeper('unfenced', [
      {
        file: 'src/keeper/fence.ts',
        from: '    if (this.#isLost) return false;\n    try {',
        to: '    if (this.#claimFile !== "") return true;\n    try {',
      },
      {
        file: 'src/keeper/fence.ts',
        from: '.filter((name) => databaseFile.test(name) && !name.endsWith(takenSuffix))',
        to: '.filter(() => false)',
      },
      {
        file: 'src/keeper/keeper.worker.ts',
        from: 'if (known && known.token !== token) {',
        to: 'if (known && known.token === "") {',
      },
    ]);
    const sleeper = await desk.open({ ...inHost('a'), keeper });
    await sleeper.ask('put before-sleep');
    sleeper.process.kill('SIGSTOP');
    await age(desk.dataDir);
    const successor = await desk.open({ ...inHost('b'), keeper });
    await successor.ask('put while-it-slept');
    sleeper.process.kill('SIGCONT');
    // Acknowledged by a keeper that no longer owns the folder.
    await sleeper.ask('put after-sleep');
    await Promise.all([sleeper.kill(), successor.kill()]);
    const last = await desk.open({ ...inHost('a'), keeper }).catch(() => undefined);
    const rows = last ? ((await last.ask('list').catch(() => [])) as string[]) : [];
    expect(rows).not.toEqual(expect.arrayContaining(['before-sleep', 'while-it-slept', 'after-sleep']));
  });
});

describe.skipIf(!canUnshare())('real network namespaces (skipped where they cannot be made)', () => {
  it('do not share the kernel’s lock, and still have one keeper', async () => {
    const wrapper = ['unshare', '--net'];
    const first = await desk.open({ wrapper });
    await first.ask('put from-a-namespace');
    const second = desk.start({ wrapper });
    expect(await ending(second)).toMatchObject({ ready: true });
    // A socket in a shared folder works across namespaces: one process uses the other's keeper.
    expect(await second.ask('list')).toEqual(['from-a-namespace']);
    const third = desk.start({ wrapper, env: { TMPDIR: desk.folder, XDG_RUNTIME_DIR: desk.folder } });
    expect(await ending(third)).toMatchObject({ ready: true });
    expect(owners([first, second, third])).toEqual([first]);
  });
});

function canUnshare(): boolean {
  try {
    execFileSync('unshare', ['--net', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
