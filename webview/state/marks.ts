/** Flags and tags changed in this page, so that a row rendered again, here or in another list, shows them. */
import { useHost } from './host';
import type { Host } from './host';
import { tellListeners, useStore } from './use-store';
import type { Store } from './use-store';

export interface Marks {
  isFlagged: boolean;
  tags: readonly string[];
}

interface MarkStore extends Store {
  changes: Map<string, Partial<Marks>>;
}

/** One store per host. Row keys are not reused, so entries stay valid. */
const stores = new WeakMap<Host, MarkStore>();

function storeOf(host: Host): MarkStore {
  let store = stores.get(host);
  if (!store) stores.set(host, (store = { changes: new Map(), listeners: new Set() }));
  return store;
}

interface Marked {
  key: string;
  isFlagged?: true;
  tags?: readonly string[];
}

/** The present marks of a row, and how to change them. */
export function useMarks({
  key,
  isFlagged,
  tags,
}: Marked): Marks & { flag: (isFlagged: boolean) => Promise<void>; tag: (tags: readonly string[]) => Promise<void> } {
  const host = useHost();
  const store = storeOf(host);
  const changed = useStore(store, () => store.changes.get(key));
  const note = (change: Partial<Marks>) => {
    store.changes.set(key, { ...store.changes.get(key), ...change });
    tellListeners(store);
  };
  return {
    isFlagged: changed?.isFlagged ?? isFlagged ?? false,
    tags: changed?.tags ?? tags ?? [],
    flag: async (next) => {
      await host.api.setFlagged(key, next);
      note({ isFlagged: next });
    },
    tag: async (next) => note({ tags: await host.api.setTags(key, [...next]) }),
  };
}
