/** Which project a folder belongs to, found by git's files without running git. */
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { normalizeFolder } from '../../protocol/paths';
import { ProjectFinder } from './project';

const spawned = vi.hoisted(() => [] as string[]);
vi.mock(
  'node:child_process',
  () =>
    new Proxy(
      {},
      { get: (_, name) => (name === 'then' ? undefined : () => spawned.push(String(name))), has: () => true },
    ),
);

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'claude-mem-project-')));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const at = (...parts: string[]) => path.join(root, ...parts);
async function put(name: string, content: string): Promise<void> {
  await mkdir(path.dirname(at(name)), { recursive: true });
  await writeFile(at(name), content);
}
/** The files of a git repository that the finder reads. */
async function repository(name: string): Promise<void> {
  await put(`${name}/.git/HEAD`, 'ref: refs/heads/main\n');
  await mkdir(at(name, 'src', 'deep'), { recursive: true });
}
async function worktree(repo: string, place: string, name = path.basename(place)): Promise<void> {
  await put(`${place}/.git`, `gitdir: ${at(repo, '.git/worktrees', name)}\n`);
  await put(`${repo}/.git/worktrees/${name}/commondir`, '../..\n');
  await put(`${repo}/.git/worktrees/${name}/HEAD`, 'ref: refs/heads/x\n');
}
const find = async (folder: string) => (await new ProjectFinder().find(folder)).root;

describe('a project', () => {
  it('is its repository, seen from the root and from any folder in it', async () => {
    await repository('shop');
    for (const folder of [at('shop'), at('shop', 'src'), at('shop', 'src', 'deep'), `${at('shop')}/`])
      expect(await find(folder)).toBe(at('shop'));
    expect((await new ProjectFinder().find(at('shop', 'src'))).name).toBe('shop');
  });

  it('is the same from a worktree, wherever that is, and from a folder in it', async () => {
    await repository('shop');
    await worktree('shop', 'elsewhere/fix-1');
    await worktree('shop', 'shop/.worktrees/fix-2');
    await mkdir(at('elsewhere/fix-1/src'));
    for (const folder of [at('elsewhere/fix-1'), at('elsewhere/fix-1/src'), at('shop/.worktrees/fix-2')])
      expect(await find(folder)).toBe(at('shop'));
  });

  it('is known from a worktree with relative paths', async () => {
    await repository('shop');
    await worktree('shop', 'side');
    await put('side/.git', 'gitdir: ../shop/.git/worktrees/side\n');
    expect(await find(at('side'))).toBe(at('shop'));
  });

  it('is known by its place when the worktree is gone', async () => {
    for (const place of [
      '.worktrees/fix-1',
      '.worktrees/fix-1/src',
      '.claude/worktrees/fix-2',
      '.claude/worktrees/fix-2/a/b',
    ])
      expect(await find(`/gone/api/${place}`)).toBe('/gone/api');
    expect(await find('/gone/api/worktrees/x')).toBe('/gone/api/worktrees/x');
    expect(await find('C:\\Work\\api\\.worktrees\\x')).toBe('C:/Work/api');
  });

  it('of a submodule is the submodule', async () => {
    await repository('shop');
    await put('shop/vendor/lib/.git', 'gitdir: ../../.git/modules/lib\n');
    await put('shop/.git/modules/lib/HEAD', 'ref: refs/heads/main\n');
    expect(await find(at('shop/vendor/lib'))).toBe(at('shop/vendor/lib'));
  });

  it('of a worktree of a bare repository is the bare repository', async () => {
    await put('shop.git/HEAD', 'ref: refs/heads/main\n');
    await put('shop.git/worktrees/main/commondir', '../..\n');
    await put('main/.git', `gitdir: ${at('shop.git/worktrees/main')}\n`);
    expect(await find(at('main'))).toBe(at('shop.git'));
  });

  it('outside git, and of a folder that is gone, is the folder', async () => {
    await mkdir(at('notes'));
    expect(await find(at('notes'))).toBe(at('notes'));
    expect(await find(at('never', 'was'))).toBe(at('never', 'was'));
    await repository('shop');
    // The folder was deleted, the repository above it exists.
    expect(await find(at('shop', 'removed', 'deep'))).toBe(at('shop'));
  });

  it('with a broken .git file is the folder that has it', async () => {
    for (const [index, content] of [
      '',
      'nonsense',
      'gitdir: /nowhere/at/all',
      'gitdir: \n',
      'x'.repeat(10_000),
    ].entries()) {
      await put(`broken-${index}/.git`, content);
      expect(await find(at(`broken-${index}`))).toBe(at(`broken-${index}`));
    }
  });

  it('of the same name elsewhere is another project', async () => {
    await repository('ann/shop');
    await repository('ben/shop');
    const finder = new ProjectFinder();
    const [a, b] = [await finder.find(at('ann/shop/src')), await finder.find(at('ben/shop/src'))];
    expect([a.name, b.name]).toEqual(['shop', 'shop']);
    expect(a.root).not.toBe(b.root);
  });

  it.skipIf(process.platform === 'win32')('is found from a folder reached by a link', async () => {
    await repository('shop');
    await symlink(at('shop'), at('link'));
    expect(await find(at('link', 'src'))).toBe(at('link'));
  });

  it('is found without starting a program, and asks the disk once a folder', async () => {
    await repository('shop');
    const finder = new ProjectFinder();
    const first = finder.find(at('shop'));
    expect(finder.find(`${at('shop')}/`)).toBe(first);
    await first;
    expect(spawned).toEqual([]);
  });

  it('of a folder that is not absolute is never looked up beside this program', async () => {
    expect(await find('src')).toBe('src');
    expect(await find('')).toBe('');
    expect((await new ProjectFinder().find('')).name).toBe('unknown');
    expect((await new ProjectFinder().find('/')).name).toBe('/');
  });
});

describe('a folder', () => {
  it.each([
    ['/work/shop/', '/work/shop'],
    ['/work/shop', '/work/shop'],
    ['/', '/'],
    ['c:\\Work\\Shop', 'C:/Work/Shop'],
    ['C:/Work/Shop/', 'C:/Work/Shop'],
    ['c:', 'C:/'],
    ['C:\\', 'C:/'],
    ['\\\\server\\share\\x\\', '\\\\server\\share\\x'],
    ['', ''],
  ])('%j has one spelling: %j', (folder, normal) => {
    expect(normalizeFolder(folder)).toBe(normal);
    expect(normalizeFolder(normal)).toBe(normal);
  });
});
