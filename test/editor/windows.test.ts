import { appendFileSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeHistory } from '../fixtures/make-history';
import type { History } from '../fixtures/make-history';
import { MemoryPage } from './pages/memory';
import { ReaderPage } from './pages/reader';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';
import { until } from './support/until';

/** Two windows of one editor with one memory, whose keeper is killed. */
let first: Editor;
let second: Editor;
let history: History;
keepEditor(() => second ?? first);

beforeAll(async () => {
  const profile = makeProfile();
  history = makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now() });
  first = await openEditor(profile);
  const memory = await MemoryPage.open(first);
  await memory.card('Sessions', 'Session that is still going').waitFor();
  second = await first.openWindow();
  await (await MemoryPage.open(second)).card('Sessions', 'Session that is still going').waitFor();
});

const keeperPid = (): number =>
  (JSON.parse(readFileSync(join(first.profile.globalStorage, 'keeper.json'), 'utf8')) as { pid: number }).pid;

/** Processes of this editor that run our code, recognised by their config folder. */
function ourProcesses(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && hasConfigDir(pid));
}
const extensionHosts = (): number[] =>
  ourProcesses().filter((pid) => readProc(pid, 'cmdline').includes('--type=extensionHost'));
const hasConfigDir = (pid: number) =>
  readProc(pid, 'environ').includes(`CLAUDE_CONFIG_DIR=${first.profile.configDir}`) &&
  !/^\d+ \(.*\) [ZX]/s.test(readProc(pid, 'stat'));

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

/** A process may have ended since it was listed: killing the editor's first process ends those that serve it. */
function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const titlesOf = async (editor: Editor) =>
  (await (await MemoryPage.find(editor)).titles('Sessions')).toSorted((a, b) => a.localeCompare(b));

describe('kill -9', () => {
  it('of the window that keeps the memory: the other takes over and goes on showing what is written', async () => {
    const before = await titlesOf(second);
    const hosts = extensionHosts();
    const keeper = keeperPid();
    expect(hosts).toContain(keeper);
    expect(hosts.length).toBe(2);
    await (
      await MemoryPage.find(second)
    )
      .card('Sessions', 'Session that is still going')
      .locator('.card-title')
      .click();
    const reader = await ReaderPage.find(second, 'Session that is still going');
    await reader.row('I am ready for the next step').waitFor();

    const { live } = history.sessions;
    const file = live.fileIn(first.profile.configDir);
    appendFileSync(file, live.answer('The last word before the kill: sandpiper.').takeNew());
    const startedAt = performance.now();
    process.kill(keeper, 'SIGKILL');
    await until(() => keeperPid() !== keeper, { what: 'another keeper', timeoutMs: 20_000, everyMs: 10 });
    console.log(`another window keeps the memory ${Math.round(performance.now() - startedAt)} ms after the kill`);
    expect(hosts).toContain(keeperPid());
    appendFileSync(file, live.answer('The first word after the kill: turnstone.').takeNew());
    await reader.row('turnstone').first().waitFor({ timeout: 20_000 });
    console.log(
      `what was written after the kill is on the screen ${Math.round(performance.now() - startedAt)} ms after it`,
    );
    for (const word of ['sandpiper', 'turnstone']) expect(await reader.row(word).count()).toBe(1);
    expect(await titlesOf(second)).toEqual(before);
    await second.screenshot('after-kill');
  });

  it('of both windows: what was there is there when they are opened again, once', async () => {
    const before = await titlesOf(second);
    for (const pid of extensionHosts()) killNow(pid);
    await until(() => extensionHosts().length === 0, { what: 'no extension host' });
    for (const editor of [first, second]) await editor.reload();
    for (const editor of [first, second]) {
      const memory = await MemoryPage.open(editor);
      await memory.card('Sessions', 'Session that is still going').waitFor();
      expect(await titlesOf(editor)).toEqual(before);
    }
    const memory = await MemoryPage.find(second);
    await memory.findHit('turnstone', 'Session that is still going');
    expect(ourProcesses()).toContain(keeperPid());
  });

  it('of the editor: nothing of ours goes on running, and nothing it leaves is in the way', async () => {
    const server = ourProcesses().filter((pid) => !extensionHosts().includes(pid));
    const hosts = extensionHosts();
    const startedAt = performance.now();
    for (const pid of server) killNow(pid);
    // When extension hosts end after their server is up to the editor: usually after 2 to 3 s, once not at all.
    while (extensionHosts().length > 0 && performance.now() - startedAt < 20_000) await setTimeout(100);
    const left = extensionHosts();
    console.log(
      `${hosts.length} extension hosts, ${left.length} of them still there ` +
        `${Math.round(performance.now() - startedAt)} ms after the kill of the editor`,
    );
    for (const pid of left) killNow(pid);
    await until(() => extensionHosts().length === 0, { what: 'no extension host' });
    expect(ourProcesses()).toEqual([]);
    expect(existsSync(join(first.profile.globalStorage, 'memory.db'))).toBe(true);
  });
});
