import { describe, expect, it } from 'vitest';
import { hasSection, putSection } from './marked-section';

const marks = { begin: '<!-- ours — kept by us -->', end: '<!-- /ours -->', opening: '<!-- ours' };

describe('a section in a file of somebody else', () => {
  it.each([
    ['an empty file', ''],
    ['a file', '# House rules\n\n- Be kind.\n'],
    ['a file of Windows', '# House rules\r\n\r\n- Be kind.\r\n'],
  ])('comes into %s, is replaced, and goes without a trace', (_, before) => {
    const once = putSection(before, marks, ['one', 'two']);
    expect(hasSection(once, marks)).toBe(true);
    expect(once.startsWith(before.trimEnd())).toBe(true);
    const twice = putSection(once, marks, ['three']);
    expect(twice).toContain('three');
    expect(twice).not.toContain('two');
    if (before.includes('\r')) expect(twice.replaceAll('\r\n', '')).not.toContain('\n');
    expect(putSection(twice, marks, [])).toBe(before);
  });

  it('leaves what was written below it', () => {
    const text = `above\n\n${marks.begin}\nold\n${marks.end}\n\nbelow\n`;
    expect(putSection(text, marks, ['new'])).toBe(`above\n\n${marks.begin}\nnew\n${marks.end}\n\nbelow\n`);
    expect(putSection(text, marks, [])).toBe('above\n\nbelow\n');
    expect(putSection('nothing of ours\n', marks, [])).toBe('nothing of ours\n');
  });

  it.each([`${marks.begin}\nold\n`, `old\n${marks.end}\n`, `${marks.end}\n${marks.begin}\n`])(
    'is not guessed when its marks are not whole: %j',
    (text) => expect(() => putSection(text, marks, ['new'])).toThrow('Only one of the two markers'),
  );
});
