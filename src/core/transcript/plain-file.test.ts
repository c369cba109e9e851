/** Files of other programs that are, or become, something else than a file: nothing waits and nothing else is read. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isNetworkPath, openPlainFile, readPlainText } from './plain-file';
import { ProjectFinder } from './project';
import { emptyCursor, isSameBefore, readNewLines } from './tail';

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'claude-mem-plain-')));
});
afterEach(() => rm(root, { recursive: true, force: true }));
const at = (...parts: string[]) => path.join(root, ...parts);
const makePipe = (file: string) => execFileSync('mkfifo', [file]);
const find = async (folder: string) => (await new ProjectFinder().find(folder)).root;
const prove = (bytes: Uint8Array) => String(bytes.length);
async function read(file: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const { lines } of readNewLines(file, emptyCursor, { maxLineBytes: 1000, prove }))
    texts.push(...lines.flatMap(({ text }) => text ?? []));
  return texts;
}

describe.skipIf(process.platform === 'win32')('a transcript that is', () => {
  it('a file is read', async () => {
    await writeFile(at('a.jsonl'), '{"a":1}\n');
    expect(await read(at('a.jsonl'))).toEqual(['{"a":1}']);
  });

  it('a link is read where it leads, which no file of another kind is', async () => {
    await writeFile(at('kept'), '{"a":1}\n');
    await symlink(at('kept'), at('link.jsonl'));
    expect(await read(at('link.jsonl'))).toEqual(['{"a":1}']);
    await expect(openPlainFile(at('link.jsonl'))).rejects.toThrow();
  });

  it('a pipe, a device or a folder, or leads to one, is refused at once', async () => {
    makePipe(at('pipe.jsonl'));
    await mkdir(at('folder.jsonl'));
    const others = [at('pipe.jsonl'), '/dev/zero', at('folder.jsonl')];
    const links = others.map((_, number) => at(`link-${number}.jsonl`));
    for (const [number, link] of links.entries()) await symlink(others[number]!, link);
    for (const file of [...others, ...links]) {
      await expect(read(file), file).rejects.toThrow();
      await expect(isSameBefore(file, { offset: 1, tailHash: '1' }, prove), file).rejects.toThrow();
      await expect(openPlainFile(file), file).rejects.toThrow();
    }
  });
});

describe.skipIf(process.platform === 'win32')('a folder whose', () => {
  const shop = () => at('shop', 'src');
  beforeEach(async () => {
    await mkdir(shop(), { recursive: true });
    await mkdir(at('secret', '.git', 'worktrees', 'x'), { recursive: true });
    await writeFile(at('secret', '.git', 'worktrees', 'x', 'commondir'), '../..');
    await writeFile(at('secret', 'gitfile'), `gitdir: ${at('secret', '.git', 'worktrees', 'x')}\n`);
  });

  it('.git is a pipe does not wait for a writer', async () => {
    makePipe(at('shop', '.git'));
    expect(await find(shop())).toBe(shop());
  });

  it('.git is a link to a file does not follow it, a file of its own counts', async () => {
    await symlink(at('secret', 'gitfile'), at('shop', '.git'));
    expect(await find(shop())).toBe(at('shop'));
    await rm(at('shop', '.git'));
    await writeFile(at('shop', '.git'), `gitdir: ${at('secret', '.git', 'worktrees', 'x')}\n`);
    expect(await find(shop())).toBe(at('secret'));
  });

  it('commondir is a pipe, a device or much too long is a project of its own', async () => {
    await writeFile(at('shop', '.git'), `gitdir: ${at('secret', '.git', 'worktrees', 'x')}\n`);
    const common = at('secret', '.git', 'worktrees', 'x', 'commondir');
    await rm(common);
    makePipe(common);
    expect(await find(shop())).toBe(at('shop'));
    await rm(common);
    await symlink('/dev/zero', common);
    expect(await find(shop())).toBe(at('shop'));
    await rm(common);
    await writeFile(common, '../'.repeat(5000));
    expect(await readPlainText(common, 4096)).toBe('');
    expect(await find(shop())).toBe(at('shop'));
  });
});

describe('a path on another computer', () => {
  it.each(['\\\\server\\share\\work', '//server/share/work', '\\\\?\\UNC\\server\\share'])('%s is known', (folder) => {
    expect(isNetworkPath(folder)).toBe(true);
  });

  it.each(['/work//shop', 'C:\\work', '/work/shop'])('%s is none', (folder) => {
    expect(isNetworkPath(folder)).toBe(false);
  });

  it.skipIf(process.platform === 'win32')('is no reason to look: a gitdir there is not followed', async () => {
    await mkdir(at('shop'));
    await mkdir(at('far', '.git', 'worktrees', 'x'), { recursive: true });
    await writeFile(at('far', '.git', 'worktrees', 'x', 'commondir'), '../..');
    await writeFile(at('shop', '.git'), `gitdir: /${at('far', '.git', 'worktrees', 'x')}\n`);
    expect(await find(at('shop'))).toBe(at('shop'));
  });
});
