/** Money is counted exactly, and an estimate is never below the truth. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countTokens } from '../../../test/fakes/messages-api';
import { mostTokens } from '../distil/ask/estimate';
import { dayBefore, localDay, nextMidnight } from './local-day';
import { costOf, isPriced, mostCostOf } from './prices';
import { estimateTokens } from './tokens';

const usage = { inputTokens: 1000, outputTokens: 100, cacheReadTokens: 500, cacheWriteTokens: 200 };

describe('a price', () => {
  it.each([
    ['claude-haiku-4-5', 1_000_000 + 500_000 + 50_000 + 250_000],
    ['claude-haiku-4-5-20251001', 1_800_000],
    ['claude-opus-5-5', 4_000_000 + 2_000_000 + 100_000 + 1_000_000],
    ['claude-sonnet-5-5', 2_000_000 + 1_000_000 + 50_000 + 500_000],
    ['claude-haiku-5-5', 100_000 + 50_000 + 5000 + 25_000],
  ])('of %s', (model, nano) => {
    expect(costOf(model, usage, false)).toBe(nano);
    expect(costOf(model, usage, true)).toBe(nano / 2);
  });

  it('of a long prompt is another one, for all of it', () => {
    expect(costOf('claude-haiku-5-5', { ...usage, inputTokens: 99_300 }, false)).toBe(99_300 * 100 + 80_000);
    expect(costOf('claude-haiku-5-5', { ...usage, inputTokens: 99_301 }, false)).toBe(99_301 * 500 + 400_000);
  });

  it('nobody knows is the dearest there is', () => {
    expect(isPriced('claude-next')).toBe(false);
    expect(isPriced('constructor')).toBe(false);
    for (const model of ['claude-opus-4-1', 'claude-fable-5-1', 'claude-opus-5'])
      expect(costOf('claude-next', usage, false)).toBeGreaterThanOrEqual(costOf(model, usage, false));
  });

  it('is whole, and at its most no less than any way in which the same tokens can be counted', () => {
    const tokens = fc.integer({ min: 0, max: 200_000 });
    fc.assert(
      fc.property(
        tokens,
        tokens,
        tokens,
        fc.integer({ min: 1, max: 8000 }),
        fc.constantFrom('claude-haiku-5-5', 'claude-opus-5-5', 'claude-next'),
        fc.boolean(),
        (inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens, model, isBatch) => {
          const cost = costOf(model, { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens }, isBatch);
          expect(Number.isSafeInteger(cost)).toBe(true);
          expect(cost).toBeLessThanOrEqual(
            mostCostOf(model, inputTokens + cacheReadTokens + cacheWriteTokens, outputTokens, isBatch),
          );
        },
      ),
    );
  });
});

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
    const most = mostTokens(text);
    expect(most).toBeGreaterThanOrEqual(Buffer.byteLength(text) / bytesPerToken);
    expect(most).toBeGreaterThanOrEqual(countTokens(text));
    expect(most).toBeGreaterThanOrEqual(estimateTokens(text));
  });

  it('counts no byte of a blank or a word away twice', () => {
    // By its own rule: two letters or two blanks a token, everything else a byte each; a word takes the blank before
    // it.
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
        const most = mostTokens(parts.map(({ text }) => text).join('')) - mostTokens('');
        expect(most).toBeGreaterThanOrEqual(parts.reduce((sum, { tokens }) => sum + tokens, 0));
      }),
    );
    expect(mostTokens('  a'.repeat(1000)) - mostTokens('')).toBe(2000);
  });

  it('is not more than twice of it for ordinary text', () => {
    const text = 'The basket was renamed to cart everywhere, and the tests were run again. '.repeat(100);
    expect(mostTokens(text)).toBeLessThan(2.5 * estimateTokens(text));
  });
});

it('days are those of the person, and begin at midnight', () => {
  const late = new Date(2026, 10, 22, 23, 59, 59).getTime();
  expect(localDay(late)).toBe('2026-11-22');
  expect(nextMidnight(late)).toBe(new Date(2026, 10, 23).getTime());
  expect(localDay(nextMidnight(late))).toBe('2026-11-23');
  expect(dayBefore(new Date(2026, 2, 1, 12).getTime(), 1)).toBe('2026-02-28');
});
