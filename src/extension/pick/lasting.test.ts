import { beforeEach, expect, it, vi } from 'vitest';
import { lasting, showLasting } from './lasting';

/** A list of the editor, which the test dismisses. */
const pick = { shown: 0, hide: () => {} };
const list = {
  show: () => void pick.shown++,
  onDidHide(listener: () => void) {
    pick.hide = listener;
    return { dispose: () => {} };
  },
} as Parameters<typeof showLasting>[0];

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(pick, { shown: 0, hide: () => {} });
});

it('shows a list again that closed before anybody could read it, but only once', () => {
  const close = vi.fn();
  showLasting(list, () => false, close);
  vi.advanceTimersByTime(60);
  pick.hide();
  expect([pick.shown, close.mock.calls.length]).toEqual([2, 0]);
  vi.advanceTimersByTime(60);
  pick.hide();
  expect([pick.shown, close.mock.calls.length]).toEqual([2, 1]);
});

it.each([
  ['was dismissed by a person', 2_000, false],
  ['closed because something was chosen', 20, true],
])('leaves a list closed that %s', (_, ms, isChosen) => {
  const close = vi.fn();
  showLasting(list, () => isChosen, close);
  vi.advanceTimersByTime(ms);
  pick.hide();
  expect([pick.shown, close.mock.calls.length]).toEqual([1, 1]);
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
