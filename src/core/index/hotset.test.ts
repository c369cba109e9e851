/** Suggestions while typing, and corrections of mistyped words. */
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { HotSet } from './hotset';

function filled(): HotSet {
  const hot = new HotSet();
  hot.put([
    { id: 't1', text: 'Rename the basket to cart', sessionId: 's1' },
    { id: 'p1', text: 'please rename BasketService and running tests', sessionId: 's1' },
    { id: 'p2', text: 'the gateway answers with a timeout', sessionId: 's2' },
    { id: 'l1', text: 'Discounts are percentages', sessionId: '' },
    { id: 't2', text: '购物车 折扣', sessionId: 's3' },
  ]);
  return hot;
}

describe('a suggestion', () => {
  it.each([
    ['bas', 'basket'],
    ['Bas', 'basket'],
    ['gatew', 'gateway'],
    ['rename the gat', 'rename the gateway'],
    ['disc', 'discounts'],
    ['perc', 'percentages'],
    ['购', '购物'],
  ])('for %j is %j, as it was written', (prefix, text) => {
    expect(filled().suggest(prefix)).toContainEqual({ kind: 'term', text });
  });

  it('shows titles of sessions with the word', () => {
    expect(filled().suggest('bask')).toContainEqual({
      kind: 'title',
      text: 'Rename the basket to cart',
      sessionId: 's1',
    });
  });

  it.each(['', ' ', 'b', 'project:sh', '"bask', '-bask', 'xylo'])('for %j is none', (prefix) => {
    expect(filled().suggest(prefix)).toEqual([]);
  });

  it('never offers a stop word or the word itself, and at most eight things', () => {
    const hot = filled();
    hot.put(
      Array.from({ length: 50 }, (_, index) => ({
        id: `t${index + 10}`,
        text: `zebra${String.fromCharCode(97 + (index % 26))} wish`,
        sessionId: 's',
      })),
    );
    expect(hot.suggest('zebra').length).toBeLessThanOrEqual(8);
    expect(hot.suggest('wi').map(({ text }) => text)).not.toContain('with');
    expect(hot.suggest('timeout').map(({ text }) => text)).not.toContain('timeout');
  });
});

describe('a correction', () => {
  it.each([
    ['gatewya', 'gatewai'],
    ['baskte', 'basket'],
    ['timeot', 'timeout'],
  ])('of %j is %j', (typed, stem) => {
    expect(filled().correct(typed)?.slice(0, 5)).toBe(stem.slice(0, 5));
  });

  it.each(['xylophone', 'abc', '', 'a'])('of %j is none', (typed) => {
    expect(filled().correct(typed)).toBeUndefined();
  });
});

describe('the hot set', () => {
  it('renews rows and forgets everything when told to', () => {
    const hot = filled();
    const size = hot.size;
    hot.put([{ id: 't1', text: 'Add a quokka', sessionId: 's1' }]);
    expect(hot.size).toBe(size);
    expect(hot.suggest('quok')).toContainEqual({ kind: 'term', text: 'quokka' });
    expect(hot.suggest('cart')).toEqual([]);
    hot.clear();
    expect([hot.size, hot.suggest('quok'), hot.correct('quokkka')]).toEqual([0, [], undefined]);
    hot.put([{ id: 't1', text: 'back again', sessionId: 's1' }]);
    expect(hot.suggest('agai')).toContainEqual({ kind: 'term', text: 'again' });
  });

  it('at its cap lets go of what was not put for longest', () => {
    const hot = new HotSet(3);
    const row = (id: string, text: string) => ({ id, text, sessionId: 's' });
    hot.put([row('p1', 'aardvark'), row('p2', 'buffalo'), row('p3', 'capybara')]);
    hot.put([row('p1', 'aardvark again')]);
    hot.put([row('p4', 'dromedary')]);
    expect(hot.size).toBe(3);
    expect(['aard', 'buff', 'capy', 'drom'].map((prefix) => hot.suggest(prefix).length > 0)).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it('leaves no work for later when rows give way to others, however their words branch', async () => {
    vi.useFakeTimers();
    try {
      const hot = new HotSet(400);
      const letters = 'abcdefghijklmnopqrstuvwxyz';
      const word = (number: number) =>
        [17, 5, 1].map((step) => letters[Math.floor(number / step) % 26]).join('') + 'ant'.repeat(1 + (number % 3));
      const rows = (from: number, count: number, more: string) =>
        Array.from({ length: count }, (_, index) => ({
          id: `p${from + index}`,
          text: [0, 1, 2, 3].map((part) => word((from + index) * 4 + part) + more).join(' '),
          sessionId: 's',
        }));
      hot.put(rows(0, 400, ''));
      hot.put(rows(0, 400, 'eater'));
      hot.put(rows(400, 100, ''));
      expect(vi.getTimerCount()).toBe(0);
      // Words between the ones that are there: they split the branches that a vacuum would stand on.
      for (let round = 0; round < 20; round++) hot.put(rows(500 + round * 10, 10, String.fromCharCode(98 + round)));
      await vi.runAllTimersAsync();
      expect(hot.size).toBe(400);
      expect(hot.suggest(word(2796)).length).toBeGreaterThan(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('takes any text and any typing without throwing', () => {
    const hot = new HotSet();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fc.nat(20), (text, typed, id) => {
        hot.put([{ id: `p${id}`, text, sessionId: 's' }]);
        hot.suggest(typed);
        hot.correct(typed);
      }),
      { numRuns: 200 },
    );
  });
});
