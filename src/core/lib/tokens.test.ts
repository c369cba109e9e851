/** The upper estimate of tokens is never below the real number. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countTokens } from '../../../test/fakes/messages-api';
import { estimateTokens, maxTokensOf } from './tokens';

describe('the most tokens a text can be', () => {
  const base64 = Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * 7919) % 251)).toString('base64');
  it.each([
    ['English', 'The basket was renamed to cart everywhere, and the tests were run again. '.repeat(40), 4],
    [
      'code',
      'export const totalOf = (items: readonly CartItem[]): number => items.reduce((sum, { price }) => sum + price, 0);\n'.repeat(
        30,
      ),
      2.2,
    ],
    ['Chinese', '请把购物车重命名，然后再运行一次测试。'.repeat(40), 1.5],
    ['Japanese and Korean', 'かごの名前を変えてください。장바구니 이름을 바꿔 주세요.'.repeat(40), 1.5],
    [
      'JSON',
      JSON.stringify(
        Array.from({ length: 60 }, (_, id) => ({ id, name: `item-${id}`, price: id * 1.5, tags: ['a', 'b'] })),
      ),
      1.8,
    ],
    ['base64', base64, 1.3],
    ['hex', Buffer.from(base64).toString('hex'), 1.3],
    ['emoji', '🧺➡️🛒'.repeat(200), 1.3],
    ['random letters', 'qzxv wjkq pfgh bvcx '.repeat(100), 2],
  ])('%s: above what a poor tokenizer makes of it', (_, text, bytesPerToken) => {
    const most = maxTokensOf(text);
    expect(most).toBeGreaterThanOrEqual(Buffer.byteLength(text) / bytesPerToken);
    expect(most).toBeGreaterThanOrEqual(countTokens(text));
    expect(most).toBeGreaterThanOrEqual(estimateTokens(text));
  });

  it('counts no byte of a blank or a word away twice', () => {
    // Counted by the rule itself: two letters or two blanks per token, any other byte one token; a word includes the
    // blank before it.
    const word = fc
      .stringMatching(/^[a-z]{1,12}$/)
      .map((letters) => ({ text: ` ${letters}`, tokens: Math.ceil((letters.length + 1) / 2) }));
    const blanks = fc.stringMatching(/^[ \t\n]{1,6}$/).map((text) => ({ text, tokens: Math.ceil(text.length / 2) }));
    const sign = fc.stringMatching(/^[0-9.;(){}=é漢]{1,4}$/).map((text) => ({ text, tokens: Buffer.byteLength(text) }));
    const part = fc.tuple(fc.option(blanks), fc.oneof(word, sign)).map(([before, { text, tokens }]) => ({
      text: (before?.text ?? '') + text,
      tokens: (before?.tokens ?? 0) + tokens,
    }));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const most = maxTokensOf(parts.map(({ text }) => text).join('')) - maxTokensOf('');
        expect(most).toBeGreaterThanOrEqual(parts.reduce((sum, { tokens }) => sum + tokens, 0));
      }),
    );
    expect(maxTokensOf('  a'.repeat(1000)) - maxTokensOf('')).toBe(2000);
  });

  it('is not more than twice of it for ordinary text', () => {
    const text = 'The basket was renamed to cart everywhere, and the tests were run again. '.repeat(100);
    expect(maxTokensOf(text)).toBeLessThan(2.5 * estimateTokens(text));
  });
});
