/** Commits of real repositories, and that no repository can make git run a program. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { GitLog } from './git-log';

let folder: string;
let root: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'claude-mem-git-'));
  root = path.join(folder, 'shop');
  mkdirSync(path.join(root, 'src'), { recursive: true });
  git('init', '-q', '-b', 'main');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function git(...args: string[]): string {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example.com',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.com',
    GIT_COMMITTER_DATE: '2026-11-20T10:00:00Z',
  };
  return execFileSync('git', ['-C', root, ...args], { env, encoding: 'utf8', stdio: 'pipe' });
}
function commit(subject: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, name), text);
  git('add', '-A');
  git('commit', '-q', '-m', `${subject}\n\nmore of it`);
}
function read(roots = [root], log = new GitLog()): ReturnType<GitLog['commits']> {
  log.setRoots('test', roots);
  return log.commits();
}

it('tells subjects, times and files, newest first', async () => {
  commit('rename the basket to cart', { 'src/cart.ts': '1', 'src/with space ü.ts': '1' });
  commit('add a discount field', { 'src/cart.ts': '2' });
  commit('short', { 'src/cart.ts': '3' });
  const at = Date.UTC(2026, 10, 20, 10);
  expect(await read()).toEqual([
    { subject: 'add a discount field', at, files: [path.join(root, 'src/cart.ts')] },
    {
      subject: 'rename the basket to cart',
      at,
      files: [path.join(root, 'src/cart.ts'), path.join(root, 'src/with space ü.ts')],
    },
  ]);
  expect(await read([path.join(root, 'src')])).toHaveLength(2);
});

it.each<[string, () => Promise<unknown[]>]>([
  ['no repository', () => read([folder])],
  ['no such folder', () => read([path.join(folder, 'nothing')])],
  ['no git', () => read([root], new GitLog(path.join(folder, 'no-git')))],
  ['a folder that is none', () => read(['--output=/tmp/x', 'relative'])],
  ['nothing trusted', () => read([])],
])('with %s there are none', async (_, ask) => {
  commit('rename the basket to cart', { 'src/cart.ts': '1' });
  expect(await ask()).toEqual([]);
});

it('asks no folder that is no longer trusted', async () => {
  commit('rename the basket to cart', { 'src/cart.ts': '1' });
  const log = new GitLog();
  log.setRoots('one', [root]);
  log.setRoots('two', []);
  expect(await log.commits()).toHaveLength(1);
  log.setRoots('one', []);
  expect(await log.commits()).toEqual([]);
});

it('asks the folders of a window as long as it is open', async () => {
  commit('rename the basket to cart', { 'src/cart.ts': '1' });
  const log = new GitLog();
  const [first, again, other] = [{}, {}, {}];
  log.setRoots('one', [root]);
  log.join('one', first);
  // The same window connects again; then another one.
  log.join('one', again);
  log.join('two', other);
  log.leave(first);
  log.leave(other);
  expect(await log.commits()).toHaveLength(1);
  log.leave(again);
  expect(await log.commits()).toEqual([]);
});

it('gives up when told to', async () => {
  commit('rename the basket to cart', { 'src/cart.ts': '1' });
  const log = new GitLog();
  log.setRoots('test', [root]);
  expect(await log.commits(AbortSignal.abort())).toEqual([]);
});

it('has nothing run that the repository names', async () => {
  const trap = path.join(folder, 'trap.sh');
  const mark = path.join(folder, 'sprung');
  writeFileSync(trap, `#!/bin/sh\necho "$@" >> '${mark}'\ncat\n`);
  chmodSync(trap, 0o755);
  writeFileSync(path.join(root, '.gitattributes'), '*.ts diff=evil\n');
  commit('rename the basket to cart', { 'src/cart.ts': '1' });
  commit('add a discount field', { 'src/cart.ts': '2' });
  for (const [key, value] of Object.entries({
    'core.fsmonitor': trap,
    'core.pager': trap,
    'pager.log': 'true',
    'diff.evil.textconv': trap,
    'diff.evil.command': trap,
    'diff.external': trap,
    'gpg.program': trap,
    'log.showSignature': 'true',
    'core.sshCommand': trap,
    'alias.log': `!${trap}`,
  }))
    git('config', key, value);
  mkdirSync(path.join(root, '.git/hooks'), { recursive: true });
  expect(await read()).toHaveLength(2);
  expect(existsSync(mark)).toBe(false);
  // Control: without our options the traps run.
  git('status');
  git('log', '-p', '--ext-diff');
  expect(existsSync(mark)).toBe(true);
});

it.each(['this git', 'a git that always fetches what is missing'])(
  'has nothing fetched through a program that the repository names, by %s',
  async (which) => {
    commit('rename the basket to cart', { 'src/cart.ts': '1' });
    commit('add a discount field', { 'src/cart.ts': '2' });
    git('config', 'uploadpack.allowFilter', 'true');
    const partial = path.join(folder, 'partial');
    git('clone', '-q', '--no-checkout', '--filter=tree:0', `file://${root}`, partial);
    const mark = path.join(folder, 'sprung');
    const inPartial = (...args: string[]) => git('-C', partial, ...args);
    inPartial('config', 'protocol.ext.allow', 'always');
    inPartial('config', 'remote.origin.url', `ext::sh -c touch% ${mark}`);
    // A git version that does not know the variable against it.
    const old = path.join(folder, 'git');
    writeFileSync(old, '#!/bin/sh\nunset GIT_NO_LAZY_FETCH\nexec git "$@"\n');
    chmodSync(old, 0o755);
    await read([partial], which === 'this git' ? undefined : new GitLog(old));
    expect(existsSync(mark)).toBe(false);
    // Control: without our options the trap runs.
    expect(() => inPartial('log', '--name-only')).toThrow();
    expect(existsSync(mark)).toBe(true);
  },
);

it('shows files as HEAD has them, whatever the folder makes of them', async () => {
  commit('rename the basket to cart', {
    'src/cart.ts': 'as committed\n',
    '.gitattributes': '*.ts diff=evil text eol=crlf\n',
  });
  git('config', 'diff.evil.textconv', `touch ${path.join(folder, 'ran')}`);
  writeFileSync(path.join(root, 'src/cart.ts'), 'changed since\n');
  writeFileSync(path.join(root, 'src/new.ts'), 'not committed\n');
  const log = new GitLog();
  const at = (name: string) => path.join(root, name);
  expect(await log.head(root)).toBeUndefined();
  expect((await log.files(root, [at('src/cart.ts')])).size).toBe(0);
  log.setRoots('test', [root]);
  expect(await log.head(root)).toMatch(/^[0-9a-f]{40}$/);
  const files = await log.files(root, [
    at('src/cart.ts'),
    at('src/new.ts'),
    at('src/gone.ts'),
    path.join(folder, 'outside.ts'),
    at('--help'),
  ]);
  expect([...files]).toEqual([
    [at('src/cart.ts'), { isThere: true, text: 'as committed\n' }],
    [at('src/new.ts'), { isThere: true }],
    [at('src/gone.ts'), { isThere: false }],
    [at('--help'), { isThere: false }],
  ]);
  expect(existsSync(path.join(folder, 'ran'))).toBe(false);
});
