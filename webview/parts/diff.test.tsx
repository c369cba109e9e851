// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { createFakeHost } from '../fake-host';
import { openPage } from '../test-page';
import { Diff, diffLines } from './diff';

const draw = (before: string, after: string) =>
  diffLines({ file: 'x', before, after }).map(
    ({ kind, text }) => `${{ added: '+', removed: '-', same: ' ', gap: '~' }[kind]}${text}`,
  );

describe('diffLines', () => {
  it('shows what changed with the lines around it', () => {
    expect(draw('a\nb\nc\n', 'a\nB\nc\n')).toEqual([' a', '-b', '+B', ' c']);
  });

  it('shows a new file as added and an emptied one as removed', () => {
    expect(draw('', 'a\nb')).toEqual(['+a', '+b']);
    expect(draw('a\nb\n', '')).toEqual(['-a', '-b']);
  });

  it('leaves out what is far from any change', () => {
    const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`);
    const changed = lines.with(2, 'X').with(35, 'Y');
    const shown = draw(lines.join('\n'), changed.join('\n'));
    expect(shown).toContain('~');
    expect(shown.length).toBeLessThan(20);
  });

  it('makes invisible characters visible', () => {
    expect(draw('a', 'a\u202E')).toEqual(['-a', '+a‹U+202E›']);
  });

  it('gives up on a giant change and still shows both sides', () => {
    const side = (word: string) =>
      Array.from({ length: 8000 }, (_, index) => `${word} ${(index * 7919) % 8000}`).join('\n');
    expect(draw(side('a'), side('b')).length).toBe(16_000);
  });
});

describe('Diff', () => {
  it('says in words, with numbers of the language, how much was added and removed', async () => {
    const after = Array.from({ length: 1234 }, (_, index) => `line ${index}`).join('\n');
    const diff = { file: 'src/mast.ts', before: 'one\ntwo', after };
    const page = await openPage(createFakeHost(), <Diff diff={diff} onOpenFile={() => {}} onOpenDiff={() => {}} />);
    const counts = [...page.root.querySelectorAll('.diff-count')];
    const spoken = counts.map((count) => [...count.querySelectorAll(':scope > :not([aria-hidden])')]);
    expect(spoken.flat().map((element) => element.textContent)).toEqual(['Lines added: 1,234', 'Lines removed: 2']);
    await page.close();
  });
});
