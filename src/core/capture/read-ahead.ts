/** Reads the next item while the one before it is worked on. */
export class ReadAhead<Item> implements AsyncIterable<Item> {
  readonly #items: AsyncGenerator<Item>;
  readonly #onRead: (item: Item) => void;
  #next: Promise<IteratorResult<Item>>;

  /** @param onRead called for each item as soon as it is read, before it is asked for */
  constructor(items: AsyncGenerator<Item>, onRead: (item: Item) => void) {
    this.#items = items;
    this.#onRead = onRead;
    this.#next = this.#read();
  }

  #read(): Promise<IteratorResult<Item>> {
    const reading = (async () => {
      const read = await this.#items.next();
      if (!read.done) this.#onRead(read.value);
      return read;
    })();
    // Told when the item is asked for.
    reading.catch(() => {});
    return reading;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    try {
      for (;;) {
        const read = await this.#next;
        if (read.done) return;
        this.#next = this.#read();
        yield read.value;
      }
    } finally {
      await this.close();
    }
  }

  /** Ends the reading. Needed when no item was asked for; otherwise the end of the loop does it. */
  async close(): Promise<void> {
    await this.#next.catch(() => {});
    await this.#items.return(undefined);
  }
}
