import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import english from '../../l10n/bundle.l10n.json';
import chinese from '../../l10n/bundle.l10n.zh-cn.json';

const folder = 'src/extension';
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));
const literal = /\bt\(\s*'((?:[^'\\]|\\.)*)'/g;
const used = [
  ...new Set(sources.flatMap(({ text }) => [...text.matchAll(literal)].map(([, words]) => words ?? ''))),
].toSorted();
const placeholders = (text: string) => [...text.matchAll(/\{\d+\}|\$\([a-z-]+\)/g)].map(String).toSorted();

describe('words of the code', () => {
  it('are found at all', () => {
    expect(used.length).toBeGreaterThan(50);
  });

  it('are in both bundles, and none is left over', () => {
    expect(Object.keys(english).toSorted()).toEqual(used);
    expect(Object.keys(chinese).toSorted()).toEqual(used);
  });

  it('are never computed: the extractor would not see them', () => {
    const computed = sources.flatMap(({ file, text }) => [...text.matchAll(/\bl10n\.t\((?!\s*')/g)].map(() => file));
    expect(computed).toEqual([]);
  });

  it.each(Object.entries(chinese))('%s keeps its placeholders and icons', (key, text) => {
    expect(placeholders(text)).toEqual(placeholders(key));
    expect(text).not.toBe(key);
  });
});
