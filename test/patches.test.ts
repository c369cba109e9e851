/**
 * Tests of processes plant faults by replacing text of the code. A text that is no longer there would be noticed only
 * after minutes, when its test builds the bundle.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && name !== 'patches.test.ts')
  .map((name) => join('test', name));
const patches = tests.flatMap((path) => findPatches(read(path)));

it('every text that a test replaces stands in its file once', () => {
  expect(patches.length).toBeGreaterThan(8);
  expect(patches.filter(({ file, from }) => read(file).split(from).length !== 2)).toEqual([]);
});

it('a patch is found with its file and its text', () => {
  expect(
    findPatches(`const place = 'src/a.ts';
      [{ file: 'src/b.ts', from: 'it\\'s\\n', to: '' }, { file: place, from: "x", to: '' }]`),
  ).toEqual([
    { file: 'src/b.ts', from: "it's\n" },
    { file: 'src/a.ts', from: 'x' },
  ]);
});

/** Patches whose text is a plain literal; the file may be named by a constant. */
function findPatches(source: string): { file: string; from: string }[] {
  const pattern = /\bfile: ('[^']+'|\w+),\s*from: ('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"),/g;
  return [...source.matchAll(pattern)].map(([, file = '', from = '']) => ({
    file: file.startsWith("'") ? plain(file) : (new RegExp(`const ${file} = '([^']+)'`).exec(source)?.[1] ?? ''),
    from: plain(from),
  }));
}

/** What a literal says. */
function plain(literal: string): string {
  return literal.slice(1, -1).replaceAll(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
}
