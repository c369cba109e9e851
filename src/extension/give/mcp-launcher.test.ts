import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { launcherProgram, renewLauncher, writeLauncher } from './mcp-launcher';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'claude-mem-launcher-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

it('stands in the data folder, readable by its person only, and leads to the installed version', async () => {
  const file = await writeLauncher({ dataDir, extensionDir: '/ext/claude-mem-1.0.0' });
  expect(file).toBe(path.join(dataDir, 'mcp-server.cjs'));
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).toContain(JSON.stringify(path.join('/ext/claude-mem-1.0.0', 'dist', 'mcp.cjs')));
  expect(await readdir(dataDir)).toEqual(['mcp-server.cjs']);
});

it('follows an update only where it was wanted', async () => {
  await renewLauncher({ dataDir, extensionDir: '/ext/claude-mem-1.1.0' });
  expect(await readdir(dataDir)).toEqual([]);
  const file = await writeLauncher({ dataDir, extensionDir: '/ext/claude-mem-1.0.0' });
  await renewLauncher({ dataDir, extensionDir: '/ext/claude-mem-1.1.0' });
  const text = await readFile(file, 'utf8');
  expect(text).toContain('claude-mem-1.1.0');
  expect(text).not.toContain('claude-mem-1.0.0');
});

it('is run by the desktop editor as Node, elsewhere by a Node whose place stays', async () => {
  expect(await launcherProgram('/data/mcp-server.cjs', ['--allow-writes'], true)).toEqual({
    command: process.execPath,
    args: ['/data/mcp-server.cjs', '--allow-writes'],
    env: { ELECTRON_RUN_AS_NODE: '1' },
  });
  const { command, env } = await launcherProgram('/data/mcp-server.cjs', [], false);
  expect(command).toMatch(/node/);
  expect(env).toEqual({});
});
