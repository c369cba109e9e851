import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { showInvisible, showLine } from './visible-text';

describe('showInvisible', () => {
  it('names what changes the reading order', () => {
    expect(showInvisible('a\u202Eb\u2066c\u200F')).toBe('a‹U+202E›b‹U+2066›c‹U+200F›');
  });

  it('drops terminal colours and titles, shows other controls as pictures', () => {
    expect(showInvisible('\u001B[1;31mred\u001B[0m \u001B]0;title\u0007ok\u0000\u001B')).toBe('red ok␀␛');
  });

  it('leaves ordinary text of any script alone', () => {
    for (const text of ['tab\tand\nline', 'العربية', '中文', '👩‍💻 emoji', 'é', 'हिन्दी', 'a\u00A0b'])
      expect(showInvisible(text)).toBe(text);
  });

  it('shows a carriage return that would hide what stands before it', () => {
    expect(showInvisible('rm -rf /\recho hi\r\nnext')).toBe('rm -rf /␍echo hi\nnext');
  });

  it('never lets one through', () => {
    const hostile = fc.string({
      unit: fc.constantFrom(
        'a',
        '\u001B',
        '[',
        '3',
        'm',
        '\u202A',
        '\u202E',
        '\u2069',
        '\u200B',
        '\r',
        '\n',
        '\u0007',
        ']',
        '\u{E0041}',
      ),
    });
    fc.assert(
      fc.property(hostile, (text) => {
        // oxlint-disable-next-line no-control-regex
        expect(showInvisible(text)).not.toMatch(
          /[\u0000-\u0008\u000B-\u001F\u007F\u200B\u202A-\u202E\u2066-\u2069\u{E0041}]/u,
        );
      }),
    );
  });
});

describe('showLine', () => {
  it('makes one line of many', () => {
    expect(showLine('  a\n\n b\tc ')).toBe('a b c');
  });
});
