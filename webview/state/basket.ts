/** What is in the basket of this window. The editor has it; pages show whether something is in, and put it in or out. */
import type { KeyboardEvent } from 'react';
import { useHost } from './host';
import type { Host } from './host';
import { tellListeners, useStore } from './use-store';
import type { Store } from './use-store';

interface BasketStore extends Store {
  keys: ReadonlySet<string>;
}

/** One store per host, which listens for as long as the page lives: a row that is drawn later must know too. */
const stores = new WeakMap<Host, BasketStore>();

function storeOf(host: Host): BasketStore {
  const known = stores.get(host);
  if (known) return known;
  const store: BasketStore = { keys: new Set(), listeners: new Set() };
  stores.set(host, store);
  host.on('basket', ({ keys }) => {
    store.keys = new Set(keys);
    tellListeners(store);
  });
  return store;
}

/** `key`: of a row, a learning or a session, or `m` and the id of a session for its summary. */
export function useBasket(key: string): { isIn: boolean; toggle: () => Promise<void> } {
  const host = useHost();
  const store = storeOf(host);
  const isIn = useStore(store, () => store.keys.has(key));
  return { isIn, toggle: () => host.api.setInBasket(key, !isIn) };
}

/** `B` on the title of a card. */
export const isBasketKey = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  key.toLowerCase() === 'b' && !ctrlKey && !metaKey && !altKey;
