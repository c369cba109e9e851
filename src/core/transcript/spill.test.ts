/** A line names a file: it is read only when it is in the session's own folder. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maxSpillBytes, readSpill } from './spill';

let root: string;
let folder: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'claude-mem-spill-'));
  folder = path.join(root, 'session', 'tool-results');
  await mkdir(path.join(folder, 'inner'), { recursive: true });
  await mkdir(path.join(folder, 'folder.txt'));
  await writeFile(path.join(folder, 'good.txt'), 'the whole output');
  await writeFile(path.join(folder, 'toolu_01-a.b.txt'), 'other');
  await writeFile(path.join(folder, '.hidden'), 'OUTSIDE');
  await writeFile(path.join(folder, 'inner', 'deep.txt'), 'OUTSIDE');
  await writeFile(path.join(root, 'secret.txt'), 'OUTSIDE');
  await writeFile(path.join(root, 'session', 'secret.txt'), 'OUTSIDE');
  if (process.platform !== 'win32') {
    await symlink(path.join(root, 'secret.txt'), path.join(folder, 'link.txt'));
    await symlink(path.join(folder, 'good.txt'), path.join(folder, 'inside.txt'));
    await symlink(root, path.join(folder, 'up'));
  }
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('a spilled output', () => {
  it.each([
    'good.txt',
    '/somewhere/else/tool-results/good.txt',
    'C:\\Users\\ann\\.claude\\projects\\x\\tool-results\\good.txt',
    '../good.txt',
    '/etc/../x/good.txt',
  ])('named %j is the file of that name in the folder', async (named) => {
    expect(await readSpill(named, folder)).toEqual({ text: 'the whole output', bytes: 16 });
  });

  it.each([
    '',
    '.',
    '..',
    '/',
    '../../secret.txt',
    '..\\..\\secret.txt',
    '/etc/passwd',
    'link.txt',
    '.hidden',
    'inner',
    'inner/deep.txt',
    'folder.txt',
    'up',
    'up/secret.txt',
    'nothing.txt',
    'good.txt\0.png',
    'good.txt\n',
    'a b.txt',
    '%2e%2e%2fsecret.txt',
    'NUL:',
    '~',
  ])('named %j is not read', async (named) => {
    expect(await readSpill(named, folder)).toBeUndefined();
  });

  it('of any name never leaves the folder and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc
            .array(fc.constantFrom('..', '/', '\\', 'up', 'secret.txt', 'link.txt', '.', 'session'), { maxLength: 8 })
            .map((parts) => parts.join('')),
        ),
        async (named) => {
          expect((await readSpill(named, folder))?.text ?? '').not.toContain('OUTSIDE');
        },
      ),
    );
  });

  it.skipIf(process.platform === 'win32')(
    'is read through a link that stays inside, and from a folder that is itself reached by one',
    async () => {
      expect((await readSpill('inside.txt', folder))?.text).toBe('the whole output');
      await symlink(path.join(root, 'session'), path.join(root, 'alias'));
      expect((await readSpill('good.txt', path.join(root, 'alias', 'tool-results')))?.text).toBe('the whole output');
    },
  );

  it.skipIf(process.platform === 'win32')('that is a pipe nobody writes to is not waited for', async () => {
    execFileSync('mkfifo', [path.join(folder, 'pipe.txt')]);
    expect(await readSpill('pipe.txt', folder)).toBeUndefined();
  });

  it('of one endless word is cut, not looked at letter by letter again', async () => {
    const word = `${'x'.repeat(maxSpillBytes - 1)} `;
    await writeFile(path.join(folder, 'word.txt'), `${word}more`);
    expect((await readSpill('word.txt', folder))?.text).toBe(word);
    await writeFile(path.join(folder, 'word.txt'), 'x'.repeat(maxSpillBytes * 1.5));
    expect((await readSpill('word.txt', folder))?.text).toBe('');
  });

  it('in a folder that is not there is nothing', async () => {
    expect(await readSpill('good.txt', path.join(root, 'nowhere'))).toBeUndefined();
  });

  it('that is huge is read up to a bound, at the end of a line, and its size is told', async () => {
    const line = 'a line of a long log\n';
    const content = line.repeat(Math.ceil((maxSpillBytes * 1.5) / line.length));
    await writeFile(path.join(folder, 'huge.txt'), content);
    const spill = await readSpill('huge.txt', folder);
    expect(spill?.bytes).toBe(content.length);
    expect(spill?.text.length).toBeLessThanOrEqual(maxSpillBytes);
    // A cut inside a line could split a secret, and no rule would recognise the part.
    expect(spill?.text.endsWith(line.trimEnd())).toBe(true);
  });

  it.skipIf(process.platform === 'win32')('in a folder that is itself a link is not read', async () => {
    await mkdir(path.join(root, 'other'), { recursive: true });
    await symlink(folder, path.join(root, 'other', 'tool-results'));
    expect(await readSpill('good.txt', path.join(root, 'other', 'tool-results'))).toBeUndefined();
  });
});
