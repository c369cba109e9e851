/** By what a repository is known again: read from files that a stranger may have written. */
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lookAtFolder, normalizeRemote } from './repository-identity';

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'claude-mem-identity-')));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const at = (...parts: string[]) => path.join(root, ...parts);
async function put(name: string, content: string): Promise<void> {
  await mkdir(path.dirname(at(name)), { recursive: true });
  await writeFile(at(name), content);
}
const config = (url: string) =>
  `[core]
	bare = false
[remote "upstream"]
	url = https://host.example/other.git
[remote "origin"]
	fetch = +refs/heads/*:refs/remotes/origin/*
	url = ${url}
[branch "main"]
	remote = origin
`;
const firstLine = '0000000 4b825dc Ann <ann@host.example> 1795000000 +0100\tcommit (initial): begin';

describe('the address of a remote', () => {
  it.each([
    'https://forge.example/team/shop.git',
    'https://forge.example/team/shop',
    'https://forge.example/team/shop/',
    'http://FORGE.example:80/team/shop.git',
    'https://ann:s3cret@forge.example/team/shop.git',
    'https://forge.example/team/shop.git?access_token=s3cret#main',
    'ssh://git@forge.example/team/shop.git',
    'ssh://git@forge.example:22/team/shop.git',
    'git+ssh://git@Forge.Example/team/shop',
    'git://forge.example:9418/team/shop.git',
    'git@forge.example:team/shop.git',
    'git@forge.example:/team/shop',
    'forge.example:team/shop.git',
  ])('%s is one of the same repository', (address) => {
    expect(normalizeRemote(address)).toBe('forge.example/team/shop');
  });

  it.each([
    ['https://forge.example:8443/team/shop.git', 'forge.example:8443/team/shop'],
    ['https://forge.example/Team/shop.git', 'forge.example/Team/shop'],
    ['https://forge.example/team/shop2.git', 'forge.example/team/shop2'],
    ['/srv/git/team/shop.git', 'local:srv/git/team/shop'],
    ['file:///srv/git/team/shop.git/', 'local:srv/git/team/shop'],
    ['C:\\git\\team\\shop.git', 'local:C:/git/team/shop'],
  ])('%s is another one', (address, name) => {
    expect(normalizeRemote(address)).toBe(name);
  });

  it.each(['../shop.git', './a:b', 'shop', '', 'https://', 'https://forge.example', 'ssh://git@/', '/', ':x'])(
    '“%s” says nothing',
    (address) => {
      expect(normalizeRemote(address)).toBeUndefined();
    },
  );
});

describe('a folder', () => {
  it('has the remote and the beginning of its repository', async () => {
    await put('shop/.git/config', config('git@forge.example:team/shop.git'));
    await put('shop/.git/logs/HEAD', `${firstLine}\n4b825dc 1111111 Ann\tcommit: more\n`);
    expect(await lookAtFolder(at('shop'))).toEqual({
      isThere: true,
      identity: { remote: 'forge.example/team/shop', start: firstLine },
    });
  });

  it.each([
    ['"https://forge.example/a b.git" # a note', 'forge.example/a b'],
    ['https://forge.example/a.git ; a note', 'forge.example/a'],
    ['https://forge.example/a.git\n\turl = https://forge.example/b.git', 'forge.example/a'],
  ])('reads %s as git does', async (url, remote) => {
    await put('shop/.git/config', config(url));
    expect(await lookAtFolder(at('shop'))).toMatchObject({ identity: { remote } });
  });

  it('that is a submodule has that of the submodule', async () => {
    await put('shop/vendor/lib/.git', 'gitdir: ../../.git/modules/lib\n');
    await put('shop/.git/modules/lib/config', config('https://forge.example/lib.git'));
    expect(await lookAtFolder(at('shop/vendor/lib'))).toMatchObject({ identity: { remote: 'forge.example/lib' } });
  });

  it('without a repository, or with a strange one, has no identity', async () => {
    await mkdir(at('plain'));
    await put('long/.git/config', config(`https://forge.example/${'x'.repeat(300_000)}`));
    await put('long/.git/logs/HEAD', 'x'.repeat(5000));
    await put('far/.git', 'gitdir: //evil.example/share/.git\n');
    await put('unfinished/.git/logs/HEAD', 'half a line');
    for (const name of ['plain', 'long', 'far', 'unfinished'])
      expect(await lookAtFolder(at(name))).toEqual({ isThere: true, identity: {} });
  });

  it.skipIf(process.platform === 'win32')('is not read through links', async () => {
    await put('real/.git/config', config('https://forge.example/real.git'));
    await mkdir(at('one'));
    await symlink(at('real/.git'), at('one/.git'));
    await mkdir(at('two/.git'), { recursive: true });
    await symlink(at('real/.git/config'), at('two/.git/config'));
    for (const name of ['one', 'two']) expect(await lookAtFolder(at(name))).toEqual({ isThere: true, identity: {} });
    await symlink(at('real'), at('three'));
    expect(await lookAtFolder(at('three'))).toEqual({ isThere: false, identity: {} });
  });

  it('is gone, or cannot be judged', async () => {
    await put('file', '');
    for (const name of ['nowhere', 'file', 'file/below'])
      expect(await lookAtFolder(at(name))).toEqual({ isThere: false, identity: {} });
    for (const foreign of ['//host/share/shop', '\\\\host\\share', 'relative/shop', ''])
      expect(await lookAtFolder(foreign)).toBeUndefined();
  });
});
