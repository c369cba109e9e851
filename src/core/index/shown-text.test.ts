import { expect, it } from 'vitest';
import { eachPathOnce, isInCode, withoutMarkdown } from './shown-text';

const shown = (text: string, changes = {}) =>
  withoutMarkdown(text, { isLineStart: true, isCode: false, isWanted: () => false, ...changes });

it.each([
  ['## What is **left**', 'What is left'],
  ['- one\n- [x] two\n* three', 'one\ntwo\nthree'],
  ['> Never *tag* by hand', 'Never tag by hand'],
  ['see [the page](https://example.com/a) and ![a boat](b.png)', 'see the page and a boat'],
  ['| step | who |\n|---|---|\n| tag | anyone |', 'step · who\ntag · anyone'],
  ['Run `npm test` with `**kwargs`', 'Run npm test with **kwargs'],
  ['~~old~~ new', 'old new'],
  ['```ts\nconst a = 2 ** 3;\n# no head\n```\nafter **it**', 'const a = 2 ** 3;\n# no head\nafter it'],
])('%j reads %j', (text, read) => {
  expect(shown(text)).toBe(read);
});

it.each([
  '2 ** 3',
  'a * b * c',
  '__init__',
  'snake_case_name',
  'a `lone quote',
  '#1042',
  '-1 degrees',
  'def f(**kwargs)',
])('%j stays as it is', (text) => expect(shown(text)).toBe(text));

it('knows whether a part begins in a line, and in a block of code', () => {
  expect(shown('# not a head', { isLineStart: false })).toBe('# not a head');
  expect(shown('**kept**', { isCode: true })).toBe('**kept**');
  const text = 'a\n```\nb\n```\nc';
  expect(['a', 'b', 'c'].map((letter) => isInCode(text, text.indexOf(letter)))).toEqual([false, true, false]);
});

it('keeps an address that was searched for', () => {
  expect(shown('[page](https://example.com)', { isWanted: (address: string) => address.includes('example') })).toBe(
    'page https://example.com',
  );
});

it('says a path once, also where it stands in full and in short', () => {
  expect(eachPathOnce('Read src/flamingo.ts\nsrc/flamingo.ts:12: and/or src/other.ts')).toBe(
    'Read src/flamingo.ts\n:12: and/or src/other.ts',
  );
  expect(eachPathOnce('/work/shop/src/flamingo.ts src/flamingo.ts')).toBe('/work/shop/src/flamingo.ts ');
});
