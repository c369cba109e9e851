import { beforeEach, expect, it, vi } from 'vitest';
import { lasting, showLasting } from './lasting';

const ran = vi.hoisted(() => ({ commands: [] as string[] }));
vi.mock('vscode', () => ({ commands: { executeCommand: (id: string) => ran.commands.push(id) } }));

/** A list of the editor, which the test dismisses. */
const list = { ignoreFocusOut: false, shown: 0, hide: () => {} };
const pick = Object.assign(list, {
  show: () => void list.shown++,
  onDidHide(listener: () => void) {
    list.hide = listener;
    return { dispose: () => {} };
  },
}) as typeof list & Parameters<typeof showLasting>[0];

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(list, { ignoreFocusOut: false, shown: 0 });
  ran.commands.length = 0;
});

it('shows a list that keeps open without the focus at first, and then takes it back and is as others', () => {
  showLasting(pick);
  expect([list.shown, list.ignoreFocusOut, ran.commands]).toEqual([1, true, []]);
  vi.advanceTimersByTime(1_000);
  expect([list.ignoreFocusOut, ran.commands]).toEqual([false, ['workbench.action.focusQuickOpen']]);
});

it.each([
  ['was dismissed', () => list.hide()],
  ['is disposed of', (shown: { dispose(): unknown }) => shown.dispose()],
])('takes the focus for no list that %s at once', (_, end) => {
  end(showLasting(pick));
  vi.advanceTimersByTime(1_000);
  expect(ran.commands).toEqual([]);
});

it('asks again when the answer was gone at once, and takes the second', async () => {
  const answers = [undefined, 'flamingo'];
  expect(await lasting(async () => answers.shift())).toBe('flamingo');
});

it.each([
  ['gives an answer, however quick', 0, 'walrus'],
  ['takes no answer after a while for a no', 2_000, undefined],
])('%s', async (_, ms, answer) => {
  const ask = vi.fn(async () => {
    vi.advanceTimersByTime(ms);
    return answer;
  });
  expect(await lasting(ask)).toBe(answer);
  expect(ask).toHaveBeenCalledTimes(1);
});
