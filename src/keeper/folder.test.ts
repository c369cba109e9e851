/** Problems of a folder that cannot be produced on any one machine, and their messages. */
import { chmod, lstat, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isTrustedEndpoint, makeEndpoint, removeEndpoint, sweepSockets } from './endpoint';
import { explainDisk, isLocalDisk, networkFileSystem, prepareFolder } from './folder';
import type { FolderCalls } from './folder';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'f-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
const calls = (more: Partial<FolderCalls>): FolderCalls => ({
  mkdir: () => Promise.resolve(),
  access: () => Promise.resolve(),
  statfs: () => Promise.resolve({ type: 0xef53 }),
  platform: 'linux',
  ...more,
});

describe('a memory folder', () => {
  it.each([
    ['that may not be written', { access: failing('EACCES') }, 'read_only'],
    ['on a read-only disk', { mkdir: failing('EROFS') }, 'read_only'],
    ['on a full disk', { mkdir: failing('ENOSPC') }, 'disk_full'],
  ])('%s is a state with a reason', async (_, more, reason) => {
    await expect(prepareFolder('/memory', calls(more))).rejects.toMatchObject({ code: 'locked', data: { reason } });
  });

  it('that is a file is a state with a reason', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    await expect(prepareFolder(file)).rejects.toMatchObject({ code: 'locked', data: { reason: 'not_a_folder' } });
    await expect(prepareFolder(path.join(file, 'below'))).rejects.toMatchObject({
      code: 'locked',
      data: { reason: 'not_a_folder' },
    });
  });

  it.each([
    [0x6969, 'NFS'],
    [0xff53_4d42, 'CIFS'],
    [-0x1ac_b2be, 'SMB2'],
    [0x0102_1997, '9P'],
    [0xef53, undefined],
  ])('of type %d is %s', async (type, name) => {
    expect(await networkFileSystem('/memory', calls({ statfs: () => Promise.resolve({ type }) }))).toBe(name);
    expect(await isLocalDisk('/memory', calls({ statfs: () => Promise.resolve({ type }) }))).toBe(name === undefined);
  });

  it('on a Windows share is one on a network', async () => {
    expect(await networkFileSystem('\\\\server\\share', calls({ platform: 'win32' }))).toBe('UNC');
    expect(await networkFileSystem('C:\\memory', calls({ platform: 'win32' }))).toBeUndefined();
    expect(await isLocalDisk('C:\\memory', calls({ platform: 'win32' }))).toBe(false);
  });
});

it.each([
  ['database or disk is full', 'disk_full'],
  ['ENOSPC: no space left on device, write', 'disk_full'],
  ['attempt to write a readonly database', 'read_only'],
  ['no such table: t', undefined],
])('an error "%s" has the reason %s', (message, reason) => {
  expect(explainDisk(new Error(message)).data?.['reason']).toBe(reason);
});

describe.skipIf(process.platform === 'win32')('the place of the socket', () => {
  const mine = () => `claude-mem-vscode-${process.getuid?.() ?? 0}`;

  it('is private, also when somebody took the name before', async () => {
    await writeFile(path.join(folder, mine()), 'squatted');
    const endpoint = await makeEndpoint('0123456789abcdef', [folder]);
    expect(path.dirname(endpoint)).not.toBe(path.join(folder, mine()));
    expect(await isTrustedEndpoint(endpoint)).toBe(true);
    expect((await lstat(path.dirname(endpoint))).mode & 0o077).toBe(0);
    await removeEndpoint(endpoint);
    expect(await readdir(folder)).toEqual([mine()]);
  });

  it('that others may enter is mended when it is ours, and not trusted before', async () => {
    await mkdir(path.join(folder, mine()), { mode: 0o755 });
    await chmod(path.join(folder, mine()), 0o755);
    expect(await isTrustedEndpoint(path.join(folder, mine(), 'x.sock'))).toBe(false);
    expect(await isTrustedEndpoint(await makeEndpoint('0123456789abcdef', [folder]))).toBe(true);
  });

  it('that cannot be had is a state with a reason', async () => {
    await writeFile(path.join(folder, 'file'), '');
    await expect(
      makeEndpoint('0123456789abcdef', [path.join(folder, 'file'), path.join(folder, 'x'.repeat(100))]),
    ).rejects.toMatchObject({ code: 'locked', data: { reason: 'no_socket_folder' } });
  });

  it('is tidied of what killed keepers left, and of nothing else', async () => {
    const endpoint = await makeEndpoint('ffffffffffffffff', [folder]);
    const named = (name: string) => path.join(path.dirname(endpoint), name);
    const [dead, live, young, other] = [
      '1111111111111111.sock',
      '2222222222222222.sock',
      '3333333333333333.sock',
      'notes.txt',
    ].map(named) as [string, string, string, string];
    for (const file of [dead, young]) await leaveSocket(file);
    await writeFile(other, '');
    const server = net.createServer().listen(live);
    await new Promise((resolve) => server.once('listening', resolve));
    const old = new Date(Date.now() - 60_000);
    for (const file of [dead, live, other]) await utimes(file, old, old);
    await sweepSockets(endpoint, undefined, Date.now());
    expect((await readdir(path.dirname(endpoint))).toSorted((a, b) => a.localeCompare(b))).toEqual([
      '2222222222222222.sock',
      '3333333333333333.sock',
      'notes.txt',
    ]);
    await sweepSockets(endpoint, young, Date.now());
    expect(await readdir(path.dirname(endpoint))).not.toContain('3333333333333333.sock');
    await new Promise((resolve) => server.close(resolve));
  });
});

/** A socket whose process died without deleting it. */
async function leaveSocket(file: string): Promise<void> {
  const { spawn } = await import('node:child_process');
  const child = spawn(
    process.execPath,
    ['-e', `require('net').createServer().listen(${JSON.stringify(file)}, () => process.kill(process.pid, 'SIGKILL'))`],
    { stdio: 'ignore' },
  );
  await new Promise((resolve) => child.once('close', resolve));
}
