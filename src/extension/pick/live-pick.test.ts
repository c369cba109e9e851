import { beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryError } from '../../protocol/errors';
import { showLivePick } from './live-pick';
import type { LivePickOptions } from './live-pick';

interface Row {
  label: string;
  id?: number;
}
type Listener = (event: never) => void;

/** The editor's Quick Pick, operated by the test. */
const pick = vi.hoisted(() => ({
  value: '',
  items: [] as Row[],
  busy: false,
  selectedItems: [] as Row[],
  activeItems: [] as Row[],
  heard: {} as Record<string, Listener>,
  isShown: false,
}));
vi.mock('vscode', () => ({
  commands: { executeCommand: () => {} },
  l10n: { t: (text: string) => text },
  window: {
    createQuickPick: () => {
      const on = (name: string) => (listener: Listener) => {
        const others = pick.heard[name];
        pick.heard[name] = (event) => {
          others?.(event);
          listener(event);
        };
        return { dispose: () => {} };
      };
      const events = Object.fromEntries(
        ['ChangeValue', 'ChangeActive', 'TriggerButton', 'TriggerItemButton', 'Accept', 'Hide'].map((name) => [
          `onDid${name}`,
          on(name),
        ]),
      );
      return Object.assign(pick, events, {
        show: () => (pick.isShown = true),
        hide: () => {
          pick.isShown = false;
          pick.heard['Hide']?.(undefined as never);
        },
        dispose: () => {},
      });
    },
  },
}));

function show(changes: Partial<LivePickOptions<Row>>) {
  const done = showLivePick<Row>({
    title: 'T',
    placeholder: 'P',
    find: (text) => Promise.resolve([{ label: text, id: 1 }]),
    keyOf: ({ id }) => String(id),
    isItem: (row): row is Row => 'id' in row,
    accept: () => Promise.resolve(),
    ...changes,
  });
  return {
    done,
    settled: done.then(
      () => 'done',
      (error: unknown) => error,
    ),
  };
}
const type = (text: string) => {
  pick.value = text;
  pick.heard['ChangeValue']?.(text as never);
};
const labels = () => pick.items.map(({ label }) => label);

beforeEach(() => {
  Object.assign(pick, { value: '', items: [], busy: false, selectedItems: [], heard: {} });
  vi.useFakeTimers();
});

describe('showLivePick', () => {
  it('asks at once for the empty field, and then only when the typing rests', async () => {
    const find = vi.fn((text: string) => Promise.resolve([{ label: text }]));
    show({ find });
    await vi.advanceTimersByTimeAsync(0);
    type('a');
    expect(pick.busy).toBe(true);
    await vi.advanceTimersByTimeAsync(50);
    type('ab ');
    await vi.advanceTimersByTimeAsync(200);
    expect(find.mock.calls.map(([text]) => text)).toEqual(['', 'ab']);
    expect(labels()).toEqual(['ab']);
    expect(pick.busy).toBe(false);
  });

  it('cancels the older question and never shows its answer', async () => {
    const answers: Record<string, (rows: Row[]) => void> = {};
    const signals: AbortSignal[] = [];
    show({ find: (text, signal) => (signals.push(signal), new Promise((resolve) => (answers[text] = resolve))) });
    await vi.advanceTimersByTimeAsync(0);
    type('new');
    await vi.advanceTimersByTimeAsync(200);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    answers['new']?.([{ label: 'new' }]);
    await vi.advanceTimersByTimeAsync(0);
    answers['']?.([{ label: 'old' }]);
    await vi.advanceTimersByTimeAsync(0);
    expect(labels()).toEqual(['new']);
  });

  it('shows what is known already while the rest is on its way, but not over a later answer', async () => {
    let finish: (rows: Row[]) => void = () => {};
    let early: (rows: Row[]) => void = () => {};
    show({
      find: (text, _signal, put) => (
        (early = put),
        put([{ label: `${text} at once` }]),
        new Promise((resolve) => (finish = resolve))
      ),
    });
    await vi.advanceTimersByTimeAsync(0);
    expect([labels(), pick.busy]).toEqual([[' at once'], true]);
    finish([{ label: ' at once' }, { label: 'later' }]);
    await vi.advanceTimersByTimeAsync(0);
    expect([labels(), pick.busy]).toEqual([[' at once', 'later'], false]);
    const old = early;
    type('new');
    await vi.advanceTimersByTimeAsync(200);
    old([{ label: 'old' }]);
    expect(labels()).toEqual(['new at once']);
  });

  it('lets every question be answered, however fast the letters come: of those meanwhile only the last is asked', async () => {
    const asked: string[] = [];
    const painted: string[] = [];
    show({
      find: async (text) => {
        asked.push(text);
        await new Promise((resolve) => setTimeout(resolve, 250));
        return [{ label: text, id: 1 }];
      },
    });
    await vi.advanceTimersByTimeAsync(300);
    let silent = 0;
    let longest = 0;
    for (const end of Array.from({ length: 14 }, (_, index) => index + 1)) {
      type('abcdefghijklmn'.slice(0, end));
      // oxlint-disable-next-line no-await-in-loop -- one letter after the other
      await vi.advanceTimersByTimeAsync(150);
      const now = labels().join();
      silent = now !== '' && now !== painted.at(-1) ? 0 : silent + 1;
      if (silent === 0) painted.push(now);
      longest = Math.max(longest, silent);
    }
    await vi.advanceTimersByTimeAsync(1000);
    expect(labels()).toEqual(['abcdefghijklmn']);
    expect(painted.length).toBeGreaterThan(3);
    expect(longest).toBeLessThanOrEqual(3);
    expect(pick.busy).toBe(false);
  });

  it('takes away what answered the empty field with the first letter, not with the answer', async () => {
    show({ find: (text) => (text === '' ? Promise.resolve([{ label: 'recent', id: 9 }]) : new Promise(() => {})) });
    await vi.advanceTimersByTimeAsync(0);
    expect(labels()).toEqual(['recent']);
    type('a');
    expect(labels()).toEqual([]);
  });

  it('keeps the row that a person went to, and those above it, when a better answer comes', async () => {
    let finish: (rows: Row[]) => void = () => {};
    const rows = ['a', 'b', 'c'].map((label, id) => ({ label, id }));
    show({ find: (_text, _signal, put) => (put(rows), new Promise((resolve) => (finish = resolve))) });
    await vi.advanceTimersByTimeAsync(0);
    pick.activeItems = [rows[1]!];
    pick.heard['ChangeActive']?.(undefined as never);
    finish([
      { label: 'new', id: 7 },
      { label: 'c', id: 2 },
      { label: 'a', id: 0 },
    ]);
    await vi.advanceTimersByTimeAsync(0);
    expect(labels()).toEqual(['a', 'b', 'new', 'c']);
    expect(pick.activeItems).toEqual([rows[1]]);
  });

  it.each([
    [100, 'old 2'],
    [400, 'new 2'],
  ])('takes a click %i ms after another answer for the row that was there then', async (ms, chosen) => {
    const accept = vi.fn(() => Promise.resolve());
    const find = (text: string) =>
      Promise.resolve([1, 2].map((id) => ({ label: `${text} ${id}`, id: id + (text === 'new' ? 10 : 0) })));
    show({ accept, find });
    await vi.advanceTimersByTimeAsync(0);
    type('old');
    await vi.advanceTimersByTimeAsync(500);
    type('new');
    await vi.advanceTimersByTimeAsync(90 + ms);
    pick.selectedItems = [pick.items[1]!];
    pick.heard['Accept']?.(undefined as never);
    expect(accept).toHaveBeenCalledWith(expect.objectContaining({ label: chosen }));
  });

  it('keeps the first row when a person has come back to it', async () => {
    let finish: (rows: Row[]) => void = () => {};
    const rows = ['a', 'b'].map((label, id) => ({ label, id }));
    show({ find: (_text, _signal, put) => (put(rows), new Promise((resolve) => (finish = resolve))) });
    await vi.advanceTimersByTimeAsync(0);
    for (const row of [rows[1]!, rows[0]!]) {
      pick.activeItems = [row];
      pick.heard['ChangeActive']?.(undefined as never);
    }
    finish([
      { label: 'new', id: 7 },
      { label: 'a', id: 0 },
    ]);
    await vi.advanceTimersByTimeAsync(0);
    expect(labels()).toEqual(['a', 'new']);
    expect(pick.activeItems).toEqual([rows[0]]);
  });

  it.each([
    ['right behind the letters, for the best answer to them', 20, 150, 'new 1'],
    ['at rest, for the row that was looked at when a late answer came', 400, 100, 'old 1'],
    ['at rest, long after the answer, for what is there', 400, 300, 'new 1'],
  ])('takes Enter %s', async (_, answerMs, enterMs, chosen) => {
    const accept = vi.fn(() => Promise.resolve());
    const find = async (text: string) => {
      await new Promise((resolve) => setTimeout(resolve, text === 'new' ? answerMs : 0));
      return [1, 2].map((id) => ({ label: `${text} ${id}`, id: id + (text === 'new' ? 10 : 0) }));
    };
    show({ accept, find });
    await vi.advanceTimersByTimeAsync(0);
    type('old');
    await vi.advanceTimersByTimeAsync(500);
    type('new');
    await vi.advanceTimersByTimeAsync(90 + answerMs);
    expect(labels()).toEqual(['new 1', 'new 2']);
    await vi.advanceTimersByTimeAsync(enterMs);
    pick.selectedItems = [pick.items[0]!];
    pick.heard['Accept']?.(undefined as never);
    expect(accept).toHaveBeenCalledWith(expect.objectContaining({ label: chosen }));
  });

  it('shows what went wrong as a row that cannot be chosen', async () => {
    const accept = vi.fn(() => Promise.resolve());
    show({ accept, find: () => Promise.reject(new MemoryError('locked', 'raw')) });
    await vi.advanceTimersByTimeAsync(0);
    expect(labels()).toEqual([expect.stringContaining('Another program holds the memory')]);
    pick.selectedItems = pick.items;
    pick.heard['Accept']?.(undefined as never);
    expect(accept).not.toHaveBeenCalled();
    expect(pick.isShown).toBe(true);
  });

  it('closes before the chosen row is acted upon, and waits for the act', async () => {
    let finish: () => void = () => {};
    const order: string[] = [];
    const { settled } = show({
      close: () => order.push('closed'),
      accept: () => (
        order.push(pick.isShown ? 'shown' : 'accepted'),
        new Promise<void>((resolve) => (finish = resolve))
      ),
    });
    await vi.advanceTimersByTimeAsync(0);
    pick.selectedItems = pick.items;
    pick.heard['Accept']?.(undefined as never);
    expect(order.toSorted()).toEqual(['accepted', 'closed']);
    expect(pick.isShown).toBe(false);
    const state = vi.fn();
    void settled.then(state);
    await vi.advanceTimersByTimeAsync(0);
    expect(state).not.toHaveBeenCalled();
    finish();
    await expect(settled).resolves.toBe('done');
  });

  it('passes on what the act throws', async () => {
    const { settled } = show({ accept: () => Promise.reject(new MemoryError('not_found', 'gone')) });
    await vi.advanceTimersByTimeAsync(0);
    pick.selectedItems = pick.items;
    pick.heard['Accept']?.(undefined as never);
    await expect(settled).resolves.toMatchObject({ code: 'not_found' });
  });

  it('ends quietly, and stops searching, when it is dismissed', async () => {
    const signals: AbortSignal[] = [];
    const { settled } = show({ find: (_, signal) => (signals.push(signal), new Promise(() => {})) });
    await vi.advanceTimersByTimeAsync(0);
    pick.heard['Hide']?.(undefined as never);
    await expect(settled).resolves.toBe('done');
    expect(signals[0]?.aborted).toBe(true);
  });
});
