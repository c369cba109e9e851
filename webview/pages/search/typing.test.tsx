// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createFakeHost } from '../../fake-host';
import { openPage } from '../../test-page';
import type { TestPage } from '../../test-page';
import { Search } from './search';

const word = 'signal to the lock';
let page: TestPage;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(async () => {
  await page.close();
  vi.useRealTimers();
});

it('shows something while a person types, however slow the answers: no more than two keys pass in silence', async () => {
  const host = createFakeHost({ turns: 20, sessions: 8, context: { roots: [] } });
  const working = host.api;
  let inFlight = 0;
  let most = 0;
  const search: typeof working.search = async (query, signal) => {
    most = Math.max(most, ++inFlight);
    await new Promise((resolve) => setTimeout(resolve, 250));
    inFlight -= 1;
    return working.search(query, signal);
  };
  host.api = Object.assign(Object.create(working), { search });
  page = await openPage(host, <Search asked={null} isWorkspaceEmpty={false} />);
  const answered = () => page.root.querySelector('.page-body')?.getAttribute('data-answers') ?? '';
  const painted: string[] = [''];
  let silent = 0;
  let longest = 0;
  for (const end of Array.from({ length: 14 }, (_, index) => index + 1)) {
    // oxlint-disable no-await-in-loop -- one key after the other
    await page.type('Search memory', word.slice(0, end));
    // A key each 140 ms.
    for (let step = 0; step < 7; step++) {
      await page.flush(() => vi.advanceTimersByTime(20));
      if (answered() === '' || answered() === painted.at(-1)) continue;
      painted.push(answered());
      silent = -1;
    }
    // oxlint-enable no-await-in-loop
    longest = Math.max(longest, ++silent);
  }
  await page.flush(() => vi.advanceTimersByTime(300));
  await page.flush(() => vi.advanceTimersByTime(300));
  expect(longest).toBeLessThanOrEqual(2);
  expect(most).toBe(1);
  expect(answered()).toBe(word.slice(0, 14));
});
