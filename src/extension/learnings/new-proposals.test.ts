/** The number on the icon: what came since the person last looked, asked for seldom, kept for all windows. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { proposalsSeenKey } from '../contributions';
import { NewProposalsCount, askEveryMs } from './new-proposals';

const editor = vi.hoisted(() => ({ focus: (_state: { focused: boolean }) => {} }));
vi.mock('vscode', () => ({
  window: {
    onDidChangeWindowState: (listener: (state: { focused: boolean }) => void) => {
      editor.focus = listener;
      return { dispose: () => {} };
    },
  },
}));

let numbers: number[];
let state: Map<string, unknown>;
let asked: (number | undefined)[];
let shown: number[];
let fails: boolean;
let change: (event: { learnings: boolean; isReset: boolean }) => void;
let connect: (state: { isConnected: boolean }) => void;
let connection: { isConnected: boolean };
let count: NewProposalsCount;

const learnt = { learnings: true, isReset: false };
const pause = () => vi.advanceTimersByTimeAsync(askEveryMs);
const settle = () => vi.advanceTimersByTimeAsync(0);
const begin = async () => {
  connection.isConnected = true;
  connect({ isConnected: true });
  await settle();
};

beforeEach(() => {
  vi.useFakeTimers();
  [numbers, state, asked, shown, fails, connection] = [[1, 2, 3], new Map(), [], [], false, { isConnected: false }];
  const heard = () => ({ dispose: () => {} });
  const client = {
    newProposals: async (after?: number) => {
      asked.push(after);
      if (fails) throw new Error('away');
      return { count: numbers.filter((no) => no > (after ?? 0)).length, newest: Math.max(0, ...numbers) };
    },
  };
  const ports = {
    memory: {
      connection,
      client: async () => client,
      onChanged: (listener: typeof change) => ((change = listener), heard()),
      onConnection: (listener: typeof connect) => ((connect = listener), heard()),
    },
    state: {
      get: (key: string, otherwise: unknown) => state.get(key) ?? otherwise,
      update: async (key: string, value: unknown) => void state.set(key, value),
    },
    show: (value: number) => void shown.push(value),
  };
  count = new NewProposalsCount(ports as unknown as ConstructorParameters<typeof NewProposalsCount>[0]);
});
afterEach(() => {
  count.dispose();
  vi.useRealTimers();
});

describe('the number of new proposals', () => {
  it('is all of them before the first look, and what came since after one', async () => {
    await begin();
    expect(shown).toEqual([3]);
    await pause();
    count.seen();
    expect(shown).toEqual([3, 0]);
    await settle();
    expect([shown.at(-1), state.get(proposalsSeenKey)]).toEqual([0, 3]);
    numbers.push(4, 5);
    change(learnt);
    await pause();
    expect([asked.at(-1), shown.at(-1)]).toEqual([3, 2]);
  });

  it('is asked once for many changes, and once more after the last', async () => {
    await begin();
    for (let round = 0; round < 50; round += 1) change(learnt);
    await settle();
    expect(asked).toHaveLength(1);
    await pause();
    expect(asked).toHaveLength(2);
    await pause();
    expect(asked).toHaveLength(2);
  });

  it('is not asked for other changes, nor of a memory that is not there', async () => {
    change(learnt);
    await settle();
    expect(asked).toEqual([]);
    await pause();
    await begin();
    change({ learnings: false, isReset: false });
    await pause();
    expect(asked).toHaveLength(1);
  });

  it('stays 0 when the person looks while it is being asked', async () => {
    await begin();
    await pause();
    change(learnt);
    count.seen();
    await settle();
    expect(shown.at(-1)).toBe(0);
    await pause();
    expect([shown.at(-1), state.get(proposalsSeenKey)]).toEqual([0, 3]);
  });

  it('forgets no look that the keeper could not be told of', async () => {
    await begin();
    await pause();
    fails = true;
    count.seen();
    await settle();
    fails = false;
    await pause();
    change(learnt);
    await settle();
    expect([shown.at(-1), state.get(proposalsSeenKey)]).toEqual([0, 3]);
  });

  it('begins anew with a memory that was deleted', async () => {
    state.set(proposalsSeenKey, 90);
    numbers = [];
    await begin();
    expect(state.get(proposalsSeenKey)).toBe(0);
    numbers = [1];
    change(learnt);
    await pause();
    expect(shown.at(-1)).toBe(1);
  });

  it('follows a look in another window when this one gets the focus', async () => {
    await begin();
    await pause();
    state.set(proposalsSeenKey, 3);
    editor.focus({ focused: true });
    await settle();
    expect(shown.at(-1)).toBe(0);
  });
});
