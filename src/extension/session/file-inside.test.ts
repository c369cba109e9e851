import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileInside, writableInside } from './file-inside';

let base = '';
let root = '';

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'claude-mem-open-')));
  root = join(base, 'project');
  await mkdir(join(root, 'src'), { recursive: true });
  await Promise.all(
    [join(root, 'src', 'a.ts'), join(root, '..b.ts'), join(base, 'secret')].map((file) => writeFile(file, '')),
  );
  await symlink(join(base, 'secret'), join(root, 'link'));
  await symlink(root, join(base, 'alias'));
  await mkdir(join(base, 'elsewhere'));
  await symlink(join(base, 'elsewhere'), join(root, 'out'));
  await symlink(join(base, 'nowhere'), join(root, 'dangling'));
});
afterAll(() => rm(base, { recursive: true, force: true }));

describe('fileInside', () => {
  it.each(['src/a.ts', './src/../src/a.ts', '..b.ts'])('finds %s', async (path) => {
    expect(await fileInside(root, path)).toBe(join(root, path));
  });

  it('finds by absolute path, and through a link to the folder', async () => {
    const file = join(root, 'src', 'a.ts');
    expect(await fileInside(root, file)).toBe(file);
    expect(await fileInside(join(base, 'alias'), join(base, 'alias', 'src', 'a.ts'))).toBe(file);
  });

  it.each(['../secret', 'link', 'src', '.', '', 'src/missing.ts', 'src/a.ts\0'])('refuses %j', async (path) => {
    expect(await fileInside(root, path)).toBeUndefined();
  });

  it('refuses to be inside of a whole disk or of a relative folder', async () => {
    expect(await fileInside('/', join(base, 'secret'))).toBeUndefined();
    expect(await fileInside('', join(base, 'secret'))).toBeUndefined();
  });
});

describe('writableInside', () => {
  it.each(['src/a.ts', 'new.md', '.claude/new.md', 'src/deep/er/new.md'])('lets %s be written', async (path) => {
    expect(await writableInside(root, path)).toBe(join(root, path));
  });

  it.each(['../new.md', '../secret', 'link', 'out/new.md', 'dangling', 'src'])(
    'refuses %s, which is or leads elsewhere',
    async (path) => {
      expect(await writableInside(root, path)).toBeUndefined();
    },
  );
});
