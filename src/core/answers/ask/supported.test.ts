import { describe, expect, it } from 'vitest';
import { whyUnsupported } from './supported';

const row =
  'Right, the upstream resets after a minute. MAX_ATTEMPTS is 7 now in retryx/retry.py, eight trips it. The VPN is not needed.';
const on = (quote: string, text = row) => [{ quote, row: text }];

describe('what rows support', () => {
  it.each([
    ['MAX_ATTEMPTS is 7 in `retryx/retry.py`.', 'MAX_ATTEMPTS is 7 now'],
    ['The attempts were set to seven.', 'MAX_ATTEMPTS is 7 now in retryx/retry.py'],
    ['Eight attempts trip the upstream.', 'eight trips it'],
    ['The VPN is not needed.', 'The VPN is not needed.'],
  ])('%s', (sentence, quote) => {
    expect(whyUnsupported(sentence, on(quote))).toBeUndefined();
  });

  it.each([
    ['MAX_ATTEMPTS is 9.', 'MAX_ATTEMPTS is 7 now', 'number'],
    ['MAX_ATTEMPTS is nine.', 'MAX_ATTEMPTS is 7 now', 'number'],
    ['MAX_ATTEMPTS is 7 now.', 'MAX_ATTEMPTS is 9 now', 'quote'],
    ['MAX_ATTEMPTS is 7 now.', 'is 7', 'quote'],
    ['MAX_RETRIES is 7 now.', 'MAX_ATTEMPTS is 7 now', 'name'],
    ['It is 7 in `retryx/other.py`.', 'MAX_ATTEMPTS is 7 now', 'name'],
    ['The attempts were set to 7 by Miriam.', 'MAX_ATTEMPTS is 7 now', 'name'],
    [
      'The upstream resets after a minute and encrypts its payload quickly.',
      'the upstream resets after a minute',
      'words',
    ],
    ['The upstream does not reset after a minute.', 'the upstream resets after a minute', 'negation'],
    ['The VPN is needed.', 'The VPN is not needed.', 'negation'],
  ])('%s is not what it says', (sentence, quote, why) => {
    expect(whyUnsupported(sentence, on(quote))).toBe(why);
  });

  it('rests on at least one row, and on each that is named', () => {
    expect(whyUnsupported('The upstream resets after a minute.', [])).toBe('quote');
    expect(
      whyUnsupported('The upstream resets after a minute.', [
        ...on('the upstream resets after a minute'),
        ...on('stands nowhere at all'),
      ]),
    ).toBe('quote');
  });

  it('takes quotes over line ends, and every sentence that is a row itself', () => {
    expect(
      whyUnsupported(
        'The upstream resets after a minute.',
        on('resets after a minute', 'the upstream resets\n  after a minute'),
      ),
    ).toBeUndefined();
    for (const text of ['Use three attempts, please.', 'Settled: UTC only.', '不要缓存', 'No, never.'])
      expect(whyUnsupported(text, on(text, text))).toBeUndefined();
  });
});
