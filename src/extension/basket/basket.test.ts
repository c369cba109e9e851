/** What a person does with the basket, on a keeper that knows some rows. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { BasketEntry, BasketItem, PackedBasket } from '../../protocol/basket';
import type { MemoryClient } from '../../protocol/memory-api';
import { Basket, fitInto } from './basket';

vi.mock('vscode', () => ({
  EventEmitter: class {
    readonly #listeners: ((event: unknown) => void)[] = [];
    readonly event = (listener: (event: unknown) => void) => void this.#listeners.push(listener);
    fire = (event: unknown) => this.#listeners.forEach((listener) => listener(event));
    dispose() {}
  },
}));

let known: Set<string>;
let saved: unknown;
let basket: Basket;

/** As the keeper does it: row keys become uids. */
function pack(entries: readonly BasketEntry[]): PackedBasket {
  const items: BasketItem[] = [];
  const gone: string[] = [];
  for (const { ref, most = 1000 } of entries) {
    const name = ref.replace(/^[pu]/, '');
    if (!known.has(name)) gone.push(ref);
    else if (!items.some((item) => item.key === `p${name}`))
      items.push({
        ref: `u${name}`,
        key: `p${Number(name)}`,
        kind: 'prompt',
        line: name,
        preview: '',
        at: 0,
        tokens: Math.min(most, 500),
        whole: 500,
      });
  }
  return {
    items,
    gone,
    text: items.map(({ line }) => line).join(),
    tokens: items.reduce((sum, { tokens }) => sum + tokens, 40),
  };
}

const open = () =>
  new Basket({
    state: {
      get: () => saved,
      update: (_: string, value: unknown) => Promise.resolve(void (saved = JSON.parse(JSON.stringify(value)))),
      keys: () => [],
    } as never,
    client: () =>
      Promise.resolve({
        basket: async (entries: BasketEntry[]) => pack(entries),
        basketTokens: async (entries: BasketEntry[]) => ({ ...(await counted), tokens: entries.length }),
      } as unknown as MemoryClient),
  });
let counted = Promise.resolve({ model: 'm', host: 'h' });
const inIt = () => basket.packed.items.map(({ line }) => line).join('');

beforeEach(() => {
  known = new Set('123456789'.split(''));
  saved = undefined;
  basket = open();
});

describe('the basket', () => {
  it('takes things in and out, by the keys that pages know', async () => {
    await basket.set('p1', true);
    await basket.set('p2', true);
    await basket.set('p1', true);
    expect(basket.keys).toEqual(['p1', 'p2']);
    await basket.set('p1', false);
    await basket.set('p7', false);
    expect(basket.keys).toEqual(['p2']);
  });

  it('is there again after the window was reloaded, by references that stay', async () => {
    await basket.add(['p1', 'p2']);
    await basket.trim('u2', 100);
    expect(saved).toEqual([{ ref: 'u1' }, { ref: 'u2', most: 100 }]);
    basket = open();
    expect((await basket.read()).items.map(({ tokens }) => tokens)).toEqual([500, 100]);
  });

  it.each([[[{ ref: 'nonsense' }]], ['text'], [[{ ref: 'u1', most: -1 }]], [{}]])(
    'is empty when what was stored cannot be read: %j',
    async (value) => {
      saved = value;
      basket = open();
      expect((await basket.read()).items).toEqual([]);
    },
  );

  it.each([
    ['up', (to: Basket) => to.moveBy(['u3'], -1), '1324'],
    ['down', (to: Basket) => to.moveBy(['u3'], 1), '1243'],
    ['beyond the top', (to: Basket) => to.moveBy(['u1'], -1), '1234'],
    ['beyond the end', (to: Basket) => to.moveBy(['u4'], 1), '1234'],
    ['two together up', (to: Basket) => to.moveBy(['u3', 'u4'], -1), '1342'],
    ['before another', (to: Basket) => to.moveBefore(['u4'], 'u1'), '4123'],
    ['to the end', (to: Basket) => to.moveBefore(['u1'], undefined), '2341'],
    ['onto themselves', (to: Basket) => to.moveBefore(['u1', 'u2'], 'u2'), '1234'],
  ])('moves entries %s', async (_, move, order) => {
    await basket.add(['p1', 'p2', 'p3', 'p4']);
    await move(basket);
    expect(inIt()).toBe(order);
  });

  it('undoes one change after the other, and nothing that changed nothing', async () => {
    await basket.add(['p1', 'p2', 'p3']);
    await basket.add(['p1']);
    await basket.moveBy(['u1'], 1);
    await basket.remove(['u2']);
    await basket.clear();
    const seen: string[] = [];
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    while (await basket.undo()) seen.push(inIt());
    expect(seen).toEqual(['13', '213', '123', '']);
  });

  it('keeps what the API counted until it reads differently', async () => {
    expect(await basket.count()).toBeUndefined();
    await basket.add(['p1', 'p2']);
    const shown: (number | undefined)[] = [];
    basket.onChanged(() => shown.push(basket.exact?.tokens));
    expect(await basket.count()).toMatchObject({ tokens: 2, host: 'h' });
    await basket.add(['p3']);
    await basket.undo();
    expect(shown).toEqual([undefined, 2, undefined, 2]);
  });

  it('can be changed while the API counts, whose number is for what it was then', async () => {
    let answer = () => {};
    counted = new Promise((resolve) => (answer = () => resolve({ model: 'm', host: 'h' })));
    await basket.add(['p1', 'p2']);
    const counting = basket.count();
    await basket.remove(['u1']);
    expect(inIt()).toBe('2');
    answer();
    expect(await counting).toMatchObject({ tokens: 2 });
    expect(basket.exact).toBeUndefined();
    await basket.undo();
    expect(basket.exact).toMatchObject({ tokens: 2 });
  });

  it('says what is no longer there, and drops it with the next change', async () => {
    await basket.add(['p1', 'p2']);
    known.delete('1');
    expect(await basket.read()).toMatchObject({ gone: ['u1'], items: [{ line: '2' }] });
    await basket.add(['p3']);
    expect(saved).toEqual([{ ref: 'u2' }, { ref: 'u3' }]);
    await expect(basket.set('p1', true)).rejects.toMatchObject({ code: 'not_found' });
    expect(inIt()).toBe('23');
  });

  it('does things in turn, however quickly they are asked for', async () => {
    await Promise.all('123456'.split('').map((name) => basket.set(`p${name}`, true)));
    expect(inIt()).toBe('123456');
  });

  it('has an end', async () => {
    known = new Set(Array.from({ length: 120 }, (_, index) => String(index)));
    await basket.add([...known].slice(0, 100).map((name) => `p${name}`));
    await expect(basket.set('p101', true)).rejects.toMatchObject({ data: { reason: 'basket_full' } });
  });
});

describe('fitting into a budget', () => {
  const item = (ref: string, tokens: number) => ({ ref, tokens }) as BasketItem;

  it('cuts the longest to one length and leaves the short ones', () => {
    const limits = fitInto([item('a', 1000), item('b', 30), item('c', 400)], 500, 1480);
    expect(limits).toEqual(
      new Map([
        ['a', 210],
        ['c', 210],
      ]),
    );
  });

  it('gives up when nothing would be left of them', () => {
    expect(fitInto([item('a', 1000), item('b', 1000)], 60, 2050)).toBeUndefined();
  });
});
