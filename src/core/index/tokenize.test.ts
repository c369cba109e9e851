/** One tokenizer for both indexes: typed words match stored ones. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growthOf, maxGrowth } from '../../../test/growth';
import { composed, withoutVariation } from '../lib/text';
import { indexText, tokenize, tokensOf } from './tokenize';

/** One word for the index, which parts words at ASCII signs and blanks only. */
const isTerm = /^(?:[\p{L}\p{M}\p{N}]+|[\p{Extended_Pictographic}\p{Regional_Indicator}\u200d\p{Emoji_Modifier}]+)$/u;
const terms = (text: string) => tokensOf(text).map(({ term }) => term);

describe('tokens', () => {
  it.each([
    ['readFile', ['readfile', 'read', 'file']],
    ['XMLHttpRequest', ['xmlhttprequest', 'xml', 'http', 'request']],
    ['snake_case_name', ['snakeˑcaseˑname', 'snake', 'case', 'name']],
    ['src/core/index.ts', ['srcˑcoreˑindexˑts', 'src', 'core', 'index', 'ts']],
    ['std::vec', ['stdˑvec', 'std', 'vec']],
    ['TS2304', ['ts2304', 'ts', '2304']],
    ['utf8', ['utf8', 'utf', '8']],
    ['a.b', ['aˑb', 'a', 'b']],
    ['running tests', ['run', 'test']],
    ['API', ['api']],
    ["don't", ['don', 't']],
    ['', []],
    ['   ', []],
    ['!!! ... ---', []],
    ['___', []],
    ['👍 🎉', ['👍', '🎉']],
    // The sign that asks for colours is no word, and colours of skin are no other word.
    ['⭐️⭐', ['⭐', '⭐']],
    ['\ufe0f', []],
    ['👍🏽', ['👍']],
    ['👩‍🚀 flew', ['👩‍🚀', 'flew']],
    ['❤️‍🔥', ['❤‍🔥']],
    ['🇨🇦🇯🇵', ['🇨🇦', '🇯🇵']],
    ['fix🐛now', ['fix', '🐛', 'now']],
    // Spellings of Unicode: decomposed, wide and narrow.
    ['Zu\u0308rich', ['zürich']],
    ['U\u0308berName', ['übername', 'über', 'name']],
    ['ＡＰＩ２', ['api2', 'api', '2']],
    ['ﾃｽﾄ', ['テス', 'スト']],
    ['ｶﾞｽ', ['ガス']],
    ['\u1112\u116c\u110b\u1174', ['회의']],
    ['ﬁle', ['file']],
    ['x²', ['x²', 'x', '²']],
    // Scripts without spaces.
    ['สวัสดี', ['สวั', 'วัส', 'สดี']],
    ['ຂໍ້ມູນ', ['ຂໍ້ມູ', 'ມູນ']],
    ['ខ្មែរ', ['ខ្មែ', 'មែរ']],
    ['မြန်မာ', ['မြန်', 'န်မာ']],
    ['ไทยcode', ['ไท', 'ทย', 'code']],
    ['naïve café', ['naïve', 'café']],
    ['𠀀𠀁㐀', ['𠀀𠀁', '𠀁㐀']],
    ['𠀀', ['𠀀']],
    ['购物车', ['购物', '物车']],
    ['中', ['中']],
    ['修复cart功能', ['修复', 'cart', '功能']],
    ['カートの', ['カー', 'ート', 'トの']],
    ['한국어', ['한국', '국어']],
    ['हिन्दी', ['हिन्दी']],
  ])('of %j are %j', (text, expected) => {
    expect(terms(text)).toEqual(expected);
  });

  it('are the same for every spelling, and point at the letters as written', () => {
    const letters = fc.constantFrom('é', 'Ü', 'ñ', 'ガ', '회', '록', 'ệ', 'a', 'B', '1', '_', '.', '字', 'สี', 'ขี้', ' ');
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 20 }), (parts) => {
        const text = parts.join('').normalize('NFC');
        const decomposed = text.normalize('NFD');
        expect(terms(decomposed)).toEqual(terms(text));
        for (const { term, start, end } of tokensOf(decomposed))
          expect(tokensOf(decomposed.slice(start, end)).map((token) => token.term)).toContain(term);
      }),
      { numRuns: 500 },
    );
  });

  it('of a script without spaces are found in a run of any length, listed or not', () => {
    for (const letter of ['ไ', 'ແ', 'ក', 'က', '字', 'ꯀ', 'ᱟ'])
      expect(terms(letter.repeat(500)).length).toBeGreaterThan(400);
  });

  it('leave out what nobody types: hashes, base64 and data', () => {
    expect(terms('x'.repeat(81))).toEqual([]);
    expect(terms('x'.repeat(80))).toHaveLength(1);
  });

  it('are the same on the quick way of plain ASCII as on the way of all letters', () => {
    const unit = fc.oneof(
      fc.string({ unit: 'binary-ascii' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('src/core/readFile.ts', 'a.b--c', '修复cart功能', 'getUserByID_v2', '___', 'x'.repeat(90)),
    );
    fc.assert(
      fc.property(fc.array(unit), (parts) => {
        const text = parts.join(' ');
        expect(indexText(text)).toBe(terms(text).join(' '));
        // A letter of another script makes the tokenizer use its slower pattern for the whole text.
        expect(terms(`${text} 中`)).toEqual([...terms(text), '中']);
      }),
      { numRuns: 500 },
    );
  });

  it('point at the text they came from, in order and inside it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string({ unit: 'grapheme' }),
          fc.constantFrom('src/core/readFile.ts', '修复cart功能', 'getUserByID_v2'),
        ),
        // Other spellings have a test of their own, since their words differ from what stands there.
        (written) => {
          const text = composed(written);
          let last = 0;
          tokenize(text, (term, start, end) => {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeLessThanOrEqual(text.length);
            expect(end).toBeGreaterThan(start);
            const letters = (value: string) =>
              withoutVariation(composed(value))
                .toLowerCase()
                .replace(
                  /[^\p{L}\p{N}\p{M}\p{Extended_Pictographic}\p{Regional_Indicator}\u200d]|(?<=.)\p{Emoji_Modifier}/gu,
                  '',
                )
                .replaceAll('ˑ', '');
            // A stem is a prefix of its word, except for one or two changed letters at its end.
            expect(
              letters(text.slice(start, end)).startsWith(letters(term).slice(0, Math.max(1, letters(term).length - 2))),
            ).toBe(true);
            expect(end).toBeGreaterThan(last - text.length);
            last = end;
          });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('are one run of letters for the full-text index: no spaces, quotes or operators in them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const term of terms(text)) expect(term).toMatch(isTerm);
        expect(
          indexText(text)
            .split(' ')
            .filter((term) => term !== ''),
        ).toEqual(terms(text));
      }),
      { numRuns: 500 },
    );
  });

  it('of a text are the same whichever texts came before', () => {
    const text = 'readFile src/core/index.ts 购物车 running';
    const before = terms(text);
    for (let count = 0; count < 60_000; count++) terms(`identifier${count}Of`);
    expect(terms(text)).toEqual(before);
  });

  it.each([
    ['capitals', 'A'],
    ['letters of another script', 'Я'],
    ['joints', 'a.'],
    ['digits', '1'],
    ['letters without a case', '漢'],
  ])('of an endless run of %s are made in linear time', async (_, unit) => {
    expect(await growthOf((size) => indexText(`${unit.repeat(size)} ${unit.repeat(size)}b`), 50_000)).toBeLessThan(
      maxGrowth,
    );
  });
});
