/**
 * What Claude Code runs, as it runs it: our command in a shell, the launcher, the program. Whatever is broken, it prints
 * one JSON or nothing, and ends with 0.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeLauncher } from '../../src/extension/give/mcp-launcher';
import { installHooks } from '../../src/hook/install/install';
import type { HooksPlace } from '../../src/hook/install/install';
import { hookGroups } from '../../src/hook/install/launcher';
import { writePlugin } from '../../src/hook/install/plugin';
import { makeEndpoint, removeEndpoint } from '../../src/keeper/endpoint';
import { writeKeeperFile } from '../../src/keeper/keeper-file';
import { protocolVersion } from '../../src/protocol/version';
import { startGiveKeeper } from '../fakes/give-keeper';
import type { GiveKeeper } from '../fakes/give-keeper';

/** What a batch file does was never tried: there the shell is another program. */
const isWindows = process.platform === 'win32';
const program = path.resolve('dist/hook.cjs');
const marked = '<claude-mem-memory>\nlast: tabs\n</claude-mem-memory>';
const packed = { items: [{ id: 'learning/a' }], text: 'tabs, since May', tokens: 5 };
let folder: string;
let place: HooksPlace;
let keeper: GiveKeeper | undefined;

beforeAll(() => {
  if (existsSync(program)) return;
  const built = spawnSync(process.execPath, ['esbuild.mjs'], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(built.stdout + built.stderr);
});

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'claude-mem-hook-'));
  // Everything that a shell would take for more than a letter.
  const dataDir = path.join(folder, `it's $HOME \`id\` "data" \\ ü & co`);
  mkdirSync(path.join(dataDir, 'give'), { recursive: true });
  writeFileSync(
    path.join(dataDir, 'give/index.json'),
    JSON.stringify({ version: 1, folders: [{ folder: '/work', file: 'a.md', at: 1 }] }),
  );
  writeFileSync(path.join(dataDir, 'give/a.md'), 'last: tabs\n');
  place = {
    dataDir,
    programFile: program,
    runtime: process.execPath,
    platform: process.platform,
    settingsFile: path.join(folder, 'settings.json'),
  };
  await installHooks(place, 1);
});
afterEach(async () => {
  await keeper?.close();
  keeper = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const inHooks = (name: string) => path.join(place.dataDir, 'hooks', name);
const input = (more: object = {}) =>
  JSON.stringify({ session_id: 's1', cwd: '/work/app', source: 'startup', prompt: 'why tabs?', ...more });

interface Ended {
  code: number | null;
  out: string;
  error: string;
}

/** Undefined for an input that never ends. */
function run(event: 'SessionStart' | 'UserPromptSubmit', given: string | undefined, env: object = {}): Promise<Ended> {
  const command = hookGroups(place)[event].hooks[0]?.command ?? '';
  const child = spawn('/bin/sh', ['-c', command], {
    env: { PATH: process.env['PATH'], CLAUDE_MEM_HOOK_MS: '50000', ...env },
  });
  const ended: Ended = { code: null, out: '', error: '' };
  child.stdout.on('data', (text: Buffer) => (ended.out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (ended.error += text.toString()));
  child.stdin.on('error', () => {});
  if (given !== undefined) child.stdin.end(given);
  return new Promise((resolve) => child.on('close', (code) => resolve({ ...ended, code })));
}
const start = (more: object = {}, env: object = {}) => run('SessionStart', input(more), env);
const prompt = (env: object = {}) => run('UserPromptSubmit', input(), env);
const said = (event: string, text: string): Ended => ({
  code: 0,
  out: JSON.stringify({ hookSpecificOutput: { hookEventName: event, additionalContext: text } }),
  error: '',
});
const nothing: Ended = { code: 0, out: '', error: '' };

describe.skipIf(isWindows)('a session that starts', () => {
  it('is given the brief, once, with no keeper', async () => {
    expect(await start()).toEqual(said('SessionStart', marked));
    const transcript = path.join(folder, 's1.jsonl');
    writeFileSync(transcript, `${JSON.stringify({ hookEvent: 'SessionStart', content: marked })}\n`);
    expect(await start({ source: 'resume', transcript_path: transcript })).toEqual(nothing);
    expect(await start({ source: 'compact', transcript_path: transcript })).toEqual(nothing);
    writeFileSync(transcript, '{"type":"user"}\n');
    expect(await start({ source: 'resume', transcript_path: transcript })).toEqual(said('SessionStart', marked));
    expect(await start({ cwd: '/elsewhere' })).toEqual(nothing);
  });

  it.each<[string, () => void]>([
    ['the notes are a file', () => writeFileSync(path.join(place.dataDir, 'give/sessions'), '')],
    ['the keeper file is garbage', () => writeFileSync(path.join(place.dataDir, 'keeper.json'), '{"endpoint":')],
    ['the runtime is gone', () => relaunch('/nowhere/editor')],
    ['the runtime is a folder', () => relaunch(folder)],
    ['the runtime fails', () => relaunch(script('exit 3'))],
    ['the launcher may not be run', () => chmodSync(inHooks('claude-mem-hook'), 0o600)],
  ])('is given the brief although %s', async (_, harm) => {
    harm();
    expect(await start()).toEqual(said('SessionStart', marked));
  });

  it.each<[string, () => void]>([
    ['the program is gone', () => rmSync(inHooks('hook.cjs'))],
    ['the program is empty', () => writeFileSync(inHooks('hook.cjs'), '')],
    ['the program is broken', () => writeFileSync(inHooks('hook.cjs'), 'throw new Error("out loud")')],
    ['the launcher is gone', () => rmSync(inHooks('claude-mem-hook'))],
    ['the folder is gone', () => rmSync(place.dataDir, { recursive: true })],
    ['the index is garbage', () => writeFileSync(path.join(place.dataDir, 'give/index.json'), '\u0000[')],
    ['the brief is a pipe', () => pipe('give/a.md')],
    ['the index is a pipe', () => pipe('give/index.json')],
  ])('goes on without a word when %s', async (_, harm) => {
    harm();
    expect(await start()).toEqual(nothing);
  });

  it('goes on where nothing can run the program', async () => {
    relaunch('/nowhere/editor');
    expect(await start({}, { PATH: folder })).toEqual(nothing);
  });

  it('does not read options of Node that are for others', async () => {
    expect(await start({}, { NODE_OPTIONS: '--require /nowhere/x.js' })).toEqual(said('SessionStart', marked));
  });

  it.each(['', 'garbage', '[]', '{"cwd":1}', '{"cwd":"/work'])('with the input %j goes on', async (text) => {
    expect(await run('SessionStart', text)).toEqual(nothing);
  });

  it('does not wait for an input that never ends', async () => {
    expect(await run('SessionStart', undefined)).toEqual(nothing);
  });
});

describe.skipIf(!canMount())('a real disk (skipped where none can be mounted)', () => {
  const mount = (...args: string[]) => execFileSync('mount', [...args, place.dataDir]);

  it('that is full, or may not be written, still gives', async () => {
    const kept = path.join(folder, 'kept');
    cpSync(place.dataDir, kept, { recursive: true });
    mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs');
    try {
      cpSync(kept, place.dataDir, { recursive: true });
      expect(() => writeFileSync(path.join(place.dataDir, 'big'), Buffer.alloc(2 << 20))).toThrow('ENOSPC');
      expect(await start()).toEqual(said('SessionStart', marked));
      keeper = await startGiveKeeper(folder, { promptContext: () => packed });
      // Not written anew: there is no room for it.
      truncateSync(path.join(place.dataDir, 'big'), (1 << 20) - (300 << 10));
      cpSync(path.join(folder, 'keeper.json'), path.join(place.dataDir, 'keeper.json'));
      mount('-o', 'remount,ro');
      expect(await start()).toEqual(said('SessionStart', marked));
      expect(await prompt()).toMatchObject({ code: 0, out: expect.stringContaining(packed.text), error: '' });
    } finally {
      execFileSync('umount', ['-l', place.dataDir]);
    }
  });
});

describe.skipIf(isWindows)('a prompt', () => {
  it('is given what the keeper says, once, and the keeper is told', async () => {
    keeper = await startGiveKeeper(place.dataDir, { promptContext: () => packed });
    expect(await prompt()).toEqual(
      said('UserPromptSubmit', '<claude-mem-memory>\ntabs, since May\n</claude-mem-memory>'),
    );
    expect(keeper.asked).toEqual([
      ['promptContext', { prompt: 'why tabs?', folder: '/work/app', sessionId: 's1' }],
      ['noteGiven', expect.objectContaining({ sessionId: 's1', source: 'prompt', items: packed.items, tokens: 5 })],
    ]);
    expect(await prompt()).toEqual(nothing);
  });

  it('goes on where there is no keeper, and none is started', async () => {
    expect(await prompt()).toEqual(nothing);
    expect(existsSync(path.join(place.dataDir, 'memory.db'))).toBe(false);
  });

  it.each([-1, 1])('a keeper of another version (%i) is left alone', async (apart) => {
    keeper = await startGiveKeeper(place.dataDir, { promptContext: () => packed }, protocolVersion + apart);
    expect(await prompt()).toEqual(nothing);
    expect(keeper).toMatchObject({ met: 0, hasYielded: false, asked: [] });
  });

  it.each<[string, () => unknown]>([
    ['has nothing', () => ({ items: [], text: '', tokens: 0 })],
    ['fails', () => Promise.reject(new Error('out loud'))],
    ['answers anything', () => 'anything'],
    ['never answers', () => new Promise(() => {})],
  ])('goes on when the keeper %s', async (_, answer) => {
    keeper = await startGiveKeeper(place.dataDir, { promptContext: answer });
    expect(await prompt({ CLAUDE_MEM_HOOK_MS: '2000' })).toEqual(nothing);
  });

  it('goes on when a stranger sits in the place of the keeper, and says nothing or anything', async () => {
    const endpoint = await makeEndpoint(`stranger-${process.pid}`);
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
    });
    await new Promise<void>((resolve) => server.listen(endpoint, resolve));
    await writeKeeperFile(place.dataDir, { endpoint, token: 't', protocolVersion, pid: process.pid, host: '' });
    try {
      expect(await prompt({ CLAUDE_MEM_HOOK_MS: '2000' })).toEqual(nothing);
    } finally {
      server.close();
      await removeEndpoint(endpoint);
    }
  });

  it('does not wait for an input that never ends', async () => {
    expect(await run('UserPromptSubmit', undefined, { CLAUDE_MEM_HOOK_MS: '300' })).toEqual(nothing);
  });
});

describe.skipIf(isWindows)('the command line and the uninstalling', () => {
  const settings = '{\n    "model": "opus"\n}';
  const env = () => ({
    ...process.env,
    HOME: folder,
    XDG_CONFIG_HOME: path.join(folder, 'xdg'),
    CLAUDE_CONFIG_DIR: '',
  });
  const cli = (...args: string[]) =>
    spawnSync(process.execPath, ['dist/cli.js', 'hooks', ...args, '--data-dir', place.dataDir, '--json'], {
      env: env(),
      encoding: 'utf8',
    });
  const file = () => path.join(folder, '.claude/settings.json');
  beforeEach(() => {
    mkdirSync(path.dirname(file()));
    writeFileSync(file(), settings);
  });

  it('installs, says how it stands, and removes without a trace', async () => {
    expect(JSON.parse(cli('install').stdout)).toEqual({
      state: 'installed',
      settingsFile: file(),
      events: ['SessionStart', 'UserPromptSubmit'],
      hasChanged: true,
    });
    expect(await start()).toEqual(said('SessionStart', marked));
    expect(JSON.parse(cli('status').stdout)).toMatchObject({ state: 'installed', hasChanged: false });
    expect(JSON.parse(cli('remove').stdout)).toMatchObject({ state: 'absent', hasChanged: true });
    expect(readFileSync(file(), 'utf8')).toBe(settings);
  });

  it('refuses broken settings with their place', () => {
    writeFileSync(file(), '{\n  // mine\n}');
    const { status, stderr, stdout } = cli('install');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('line 2, column 3');
    expect(readFileSync(file(), 'utf8')).toBe('{\n  // mine\n}');
    expect(cli('other').status).toBe(2);
  });

  it.each([
    ['the editor that put them in', 'extensions', true],
    ['another editor', 'other-extensions', false],
  ])('uninstalling from %s', async (_, extensions, isGone) => {
    const extensionsFolder = path.join(folder, 'extensions');
    await installHooks({ ...place, settingsFile: file(), extensionsFolder }, 1);
    await writePlugin({ ...place, extensionsFolder, version: '1', server: { command: 'node', args: [], env: {} } });
    const asked = path.join(folder, 'asked');
    mkdirSync(path.join(folder, 'bin'));
    writeFileSync(path.join(folder, 'bin/claude'), `#!/bin/sh\necho "$*" >> '${asked}'\n`, { mode: 0o755 });
    await writeLauncher({ dataDir: place.dataDir, extensionDir: path.join(extensionsFolder, 'claude-mem-1') });
    const pointers = path.join(folder, 'xdg/claude-mem-vscode/pointers');
    mkdirSync(pointers, { recursive: true });
    writeFileSync(path.join(pointers, 'a.json'), JSON.stringify({ dataDir: place.dataDir, at: 1 }));
    const dist = path.join(folder, extensions, 'claude-mem-1/dist');
    mkdirSync(dist, { recursive: true });
    copyFileSync('dist/uninstall.cjs', path.join(dist, 'uninstall.cjs'));
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(dist, 'uninstall.cjs')], {
      env: { ...env(), PATH: `${path.join(folder, 'bin')}:/usr/bin:/bin` },
      encoding: 'utf8',
    });
    expect([status, stdout, stderr]).toEqual([0, '', '']);
    expect(readFileSync(file(), 'utf8') === settings).toBe(isGone);
    expect(existsSync(path.join(place.dataDir, 'claude-plugin'))).toBe(!isGone);
    expect(existsSync(path.join(place.dataDir, 'hooks/hook.cjs'))).toBe(!isGone);
    expect(existsSync(asked) ? readFileSync(asked, 'utf8').trim().split('\n') : []).toEqual(
      isGone
        ? [
            'plugin uninstall session-memory@session-memory-local',
            'plugin marketplace remove session-memory-local',
            'mcp remove --scope user claude-mem-vscode',
          ]
        : [],
    );
  });
});

/** The launcher as it would be with this to run it. */
function relaunch(runtime: string): void {
  const file = inHooks('claude-mem-hook');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(/^runtime=.*$/m, () => `runtime='${runtime}'`),
  );
}

function canMount(): boolean {
  const words = 'd=$(mktemp -d) && mount -t tmpfs -o size=1m tmpfs "$d" && umount "$d" && rmdir "$d"';
  return spawnSync('sh', ['-c', words], { stdio: 'ignore' }).status === 0;
}

function script(text: string): string {
  const file = path.join(folder, 'runtime');
  writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return file;
}

function pipe(name: string): void {
  const file = path.join(place.dataDir, name);
  rmSync(file);
  if (spawnSync('mkfifo', [file]).status !== 0) throw new Error('mkfifo failed');
}
