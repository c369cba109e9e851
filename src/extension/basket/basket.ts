/**
 * The context basket of this window: references in the state of the workspace, whose text the keeper reads anew for each
 * answer. Changes happen one after the other, and each can be undone.
 */
import { EventEmitter } from 'vscode';
import type { Disposable, Memento } from 'vscode';
import * as z from 'zod/mini';
import { highestMost, lowestMost, maxBasketItems, parseBasketRef } from '../../protocol/basket';
import type { BasketEntry, BasketItem, ExactTokens, PackedBasket } from '../../protocol/basket';
import { MemoryError } from '../../protocol/errors';
import type { MemoryClient } from '../../protocol/memory-api';

const stateKey = 'claudeMem.basket';
const maxUndo = 20;

/** What another version may have stored in another form is not used. */
const stored = z.array(
  z.object({
    ref: z.string().check(z.refine((ref) => parseBasketRef(ref) !== undefined)),
    most: z.exactOptional(z.int().check(z.gte(lowestMost), z.lte(highestMost))),
  }),
);

const empty: PackedBasket = { items: [], gone: [], text: '', tokens: 0 };

export interface BasketPorts {
  state: Memento;
  client: () => Promise<MemoryClient>;
}

export class Basket implements Disposable {
  readonly #changed = new EventEmitter<PackedBasket>();
  readonly #undo: BasketEntry[][] = [];
  #packed = empty;
  #counted: { text: string; exact: ExactTokens } | undefined;
  #last: Promise<unknown> = Promise.resolve();
  /** Fires when something was put in, taken out, or reads differently now. */
  readonly onChanged = this.#changed.event;

  constructor(private readonly ports: BasketPorts) {}

  /** As it was when it was read last. */
  get packed(): PackedBasket {
    return this.#packed;
  }

  /** What the API counted, while the basket still reads like that. */
  get exact(): ExactTokens | undefined {
    return this.#counted?.text === this.#packed.text ? this.#counted.exact : undefined;
  }

  /** What pages show as being in it. */
  get keys(): string[] {
    return this.#packed.items.flatMap(({ key }) => key ?? []);
  }

  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  /** How many entries are kept, those that were forgotten included. */
  get size(): number {
    return this.#entries.length;
  }

  /** Reads all entries anew. */
  read(): Promise<PackedBasket> {
    return this.#inTurn(() => this.#pack(this.#entries));
  }

  /**
   * Has the API count its tokens, to which the text is sent. Undefined when it is empty.
   * @throws MemoryError `no_model` without a key, or `network`
   */
  async count(): Promise<ExactTokens | undefined> {
    const { text } = await this.read();
    if (text === '') return undefined;
    const entries = this.#shown();
    // Not in turn: while the network is slow, the basket can be changed.
    const exact = await (await this.ports.client()).basketTokens(entries);
    this.#counted = { text, exact };
    this.#show(this.#packed);
    return exact;
  }

  /** Puts a row, learning, session or summary in, or takes it out. @throws MemoryError `not_found`, when it is no longer there */
  set(key: string, isIn: boolean): Promise<void> {
    if (isIn) return this.add([key]).then(() => undefined);
    const known = this.#packed.items.find((item) => item.key === key);
    return known ? this.remove([known.ref]) : Promise.resolve();
  }

  /** How many came in: those that were in it already do not count. */
  add(refs: readonly string[]): Promise<number> {
    return this.#inTurn(async () => {
      const before = this.#shown();
      if (before.length + refs.length > maxBasketItems)
        throw new MemoryError('invalid_input', 'The basket is full.', { reason: 'basket_full', most: maxBasketItems });
      const wanted = [...before, ...refs.map((ref) => ({ ref }))];
      const packed = await this.#ask(wanted);
      const [gone] = refs.filter((ref) => packed.gone.includes(ref));
      if (gone !== undefined && refs.length === 1)
        throw new MemoryError('not_found', 'This memory is no longer there.');
      await this.#keep(before, wanted, packed);
      return packed.items.length - before.length;
    });
  }

  remove(refs: readonly string[]): Promise<void> {
    return this.#change((entries) => entries.filter(({ ref }) => !refs.includes(ref)));
  }

  clear(): Promise<void> {
    return this.#change(() => []);
  }

  trim(ref: string, most: number): Promise<void> {
    return this.#change((entries) => entries.map((entry) => (entry.ref === ref ? { ref, most } : entry)));
  }

  trimEach(most: ReadonlyMap<string, number>): Promise<void> {
    return this.#change((entries) =>
      entries.map((entry) => {
        const wanted = most.get(entry.ref);
        return wanted === undefined ? entry : { ref: entry.ref, most: wanted };
      }),
    );
  }

  /** Moves them, in their order, before another one; to the end without one. */
  moveBefore(refs: readonly string[], before: string | undefined): Promise<void> {
    if (before !== undefined && refs.includes(before)) return Promise.resolve();
    return this.#change((entries) => {
      const moved = entries.filter(({ ref }) => refs.includes(ref));
      const others = entries.filter(({ ref }) => !refs.includes(ref));
      const at = before === undefined ? others.length : others.findIndex(({ ref }) => ref === before);
      return others.toSpliced(at < 0 ? others.length : at, 0, ...moved);
    });
  }

  /** One place up (-1) or down (1). */
  moveBy(refs: readonly string[], step: -1 | 1): Promise<void> {
    const all = this.#packed.items.map(({ ref }) => ref);
    const places = refs.map((ref) => all.indexOf(ref)).filter((at) => at >= 0);
    if (places.length === 0) return Promise.resolve();
    const target = step < 0 ? Math.min(...places) - 1 : Math.max(...places) + 2;
    return target < 0 || target > all.length ? Promise.resolve() : this.moveBefore(refs, all[target]);
  }

  /** Takes the last change back. False when there is none. */
  undo(): Promise<boolean> {
    return this.#inTurn(async () => {
      const before = this.#undo.pop();
      if (!before) return false;
      await this.ports.state.update(stateKey, before);
      await this.#pack(before);
      return true;
    });
  }

  dispose(): void {
    this.#changed.dispose();
  }

  get #entries(): BasketEntry[] {
    const found = z.safeParse(stored, this.ports.state.get(stateKey) ?? []);
    return found.success ? found.data.slice(0, maxBasketItems) : [];
  }

  /** The entries that still lead to something. What was forgotten is dropped with the next change. */
  #shown(): BasketEntry[] {
    const gone = new Set(this.#packed.gone);
    return this.#entries.filter(({ ref }) => !gone.has(ref));
  }

  #change(change: (entries: BasketEntry[]) => BasketEntry[]): Promise<void> {
    return this.#inTurn(async () => {
      const before = this.#shown();
      const wanted = change(before);
      await this.#keep(before, wanted, await this.#ask(wanted));
    });
  }

  async #keep(before: BasketEntry[], wanted: readonly BasketEntry[], packed: PackedBasket): Promise<void> {
    // By stable references: the keys of rows change when these are built anew.
    const limits = new Map(wanted.map(({ ref, most }) => [ref, most]));
    const kept = packed.items.map(({ ref }): BasketEntry => {
      const most = limits.get(ref);
      return { ref, ...(most !== undefined && { most }) };
    });
    if (JSON.stringify(kept) !== JSON.stringify(before)) this.#undo.push(before);
    if (this.#undo.length > maxUndo) this.#undo.shift();
    await this.ports.state.update(stateKey, kept);
    this.#show({ ...packed, gone: [] });
  }

  async #pack(entries: readonly BasketEntry[]): Promise<PackedBasket> {
    const packed = await this.#ask(entries);
    this.#show(packed);
    return packed;
  }

  /** An empty one needs no keeper. */
  async #ask(entries: readonly BasketEntry[]): Promise<PackedBasket> {
    return entries.length === 0 ? empty : (await this.ports.client()).basket([...entries]);
  }

  #show(packed: PackedBasket): void {
    this.#packed = packed;
    this.#changed.fire(packed);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work);
    this.#last = done.catch(() => {});
    return done;
  }
}

/**
 * Limits with which all entries fit into a number of tokens: the longest are cut to one length. Undefined when they
 * would be cut to nothing.
 */
export function fitInto(items: readonly BasketItem[], budget: number, total: number): Map<string, number> | undefined {
  const sum = items.reduce((all, { tokens }) => all + tokens, 0);
  // The headings and what stands around the entries stay as they are.
  const room = budget - (total - sum);
  for (let most = Math.max(0, ...items.map(({ tokens }) => tokens)); most >= lowestMost; most -= 1) {
    if (items.reduce((all, { tokens }) => all + Math.min(tokens, most), 0) > room) continue;
    return new Map(items.filter(({ tokens }) => tokens > most).map(({ ref }) => [ref, most]));
  }
  return undefined;
}
