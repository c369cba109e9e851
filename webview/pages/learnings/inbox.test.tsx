// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryError } from '../../../src/protocol/errors';
import { makeProof, makeProposals } from '../../fake-distilled';
import { createFakeHost } from '../../fake-host';
import type { FakeHost } from '../../fake-host';
import { ActionFailure } from '../../parts/capture-strip';
import { openPage } from '../../test-page';
import type { TestPage } from '../../test-page';
import { Learnings } from './learnings';
import { undoMs } from './use-undo';

let host: FakeHost;
let page: TestPage;
const now = 1_790_000_000_000;
const titles = () => [...page.root.querySelectorAll('.card-title')].map((element) => element.textContent);
const called = (wanted: string) => host.calls.filter(([name]) => name === wanted);
const card = (title: string) =>
  [...page.root.querySelectorAll<HTMLElement>('.card')].find((element) => element.textContent?.includes(title));
const inCard = (title: string, label: string) =>
  page.flush(() => card(title)?.querySelector<HTMLElement>(`[aria-label="${label}"]`)?.click());
const focusOn = (title: string) => page.flush(() => card(title)?.querySelector<HTMLElement>('.card-title')?.focus());

async function open(change: (fake: FakeHost) => void = () => {}, state: Record<string, unknown> = {}): Promise<void> {
  host = createFakeHost({ now, state });
  host.learnings = [...host.learnings, ...makeProposals(now)];
  change(host);
  page = await openPage(
    host,
    <>
      <ActionFailure />
      <Learnings draft={null} isShown />
    </>,
  );
}

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(async () => {
  await page.close();
  vi.useRealTimers();
});

describe('the inbox', () => {
  it('is what one sees first when something waits, the surest first, with counts', async () => {
    await open();
    expect(titles()).toEqual([
      'Bound the retry loop by a token bucket',
      'A pid file as a lock does not hold',
      'keepAliveTimeout goes above that of the proxy',
    ]);
    expect(page.root.querySelector('[role="radiogroup"][aria-label="List"]')?.textContent).toBe('Inbox3Kept3');
    expect(page.root.querySelector('[role="radio"][aria-checked="true"]')?.textContent).toBe('Inbox3');
  });

  it('shows what is worth little too when it is asked to, in the inbox only', async () => {
    await open();
    const asked = () => called('listLearnings').map(([, query]) => query as { isAll?: boolean; limit?: number });
    expect(asked().some(({ isAll }) => isAll)).toBe(false);
    await page.click('Minor too');
    expect(asked().at(-1)).toMatchObject({ state: 'proposed', isAll: true });
    expect(host.getState()).toMatchObject({ 'learnings.isAll': true });
    await page.flush(() => page.root.querySelectorAll<HTMLElement>('[role="radio"]')[1]?.click());
    expect(page.find('Minor too')).toBeUndefined();
    expect(asked().at(-1)).not.toHaveProperty('isAll');
  });

  it('tells that it was looked at, with each list that is shown', async () => {
    await open();
    expect(called('proposalsSeen')).toHaveLength(1);
    await page.flush(() => host.emit('changed', { sessions: [], learnings: true, isReset: false }));
    await page.flush(() => vi.advanceTimersByTime(300));
    expect(called('proposalsSeen')).toHaveLength(2);
  });

  it('was not looked at while the kept ones are shown, or behind another tab', async () => {
    await open(() => {}, { 'learnings.view': 'accepted' });
    expect(called('proposalsSeen')).toEqual([]);
    await page.close();
    host = createFakeHost({ now });
    host.learnings = makeProposals(now);
    page = await openPage(host, <Learnings draft={null} isShown={false} />);
    expect(titles()).toHaveLength(3);
    expect(called('proposalsSeen')).toEqual([]);
  });

  it('stands under its projects where there are several, and keys go on across them', async () => {
    await open((fake) => {
      fake.learnings = fake.learnings.map((learning) =>
        learning.id === 'b2' ? { ...learning, project: { id: 99, name: 'till', root: '/work/till' } } : learning,
      );
    });
    const [first, second, third] = makeProposals(now).map(({ title }) => title);
    expect(titles()).toEqual([first, third, second]);
    const headings = [...page.root.querySelectorAll('.project-name')].map(({ textContent }) => textContent);
    expect(headings).toEqual([makeProposals(now)[0]?.project?.name, 'till']);
    await focusOn('keepAliveTimeout');
    await page.press('r');
    expect(document.activeElement?.textContent).toBe(second);
    expect(page.root.querySelectorAll('.project-name')).toHaveLength(2);
    await page.press('a');
    // With one project left there is nothing to tell apart.
    expect(page.root.querySelectorAll('.project-name')).toHaveLength(0);
  });

  it('draws Markdown, and no marker of it', async () => {
    await open((fake) => {
      fake.learnings = fake.learnings.map((learning) =>
        learning.id === 'b1'
          ? { ...learning, title: 'Bound the `retry` loop', description: '## Why\n\n- it **never** ended' }
          : learning,
      );
    });
    const shown = card('Bound the retry');
    expect(shown?.querySelector('.card-title code')?.textContent).toBe('retry');
    expect(shown?.querySelector('.learning-text')?.innerHTML).toBe('Why it <strong>never</strong> ended');
    await page.flush(() => shown?.querySelector<HTMLElement>('.card-title')?.click());
    await vi.dynamicImportSettled();
    await page.flush(() => vi.advanceTimersByTime(1000));
    expect(shown?.querySelector('.markdown li strong')?.textContent).toBe('never');
    expect(shown?.textContent).not.toMatch(/[*#`]/);
    await inCard('Bound the retry', 'Reject');
    expect(page.text()).toContain('Rejected: Bound the retry loop');
  });

  it('is left and entered by arrow keys', async () => {
    await open();
    page.get('Inbox3').focus();
    await page.press('ArrowRight');
    expect(document.activeElement?.textContent).toBe('Kept3');
    expect(titles()[0]).toBe('Release the file lock by letting the kernel do it');
  });

  it('shows confidence and signals in words as well as bars', async () => {
    await open();
    expect(page.find('Confidence 86%')).toBeDefined();
    expect(page.find('For it: 4, against it: 0')).toBeDefined();
    expect(card('keepAliveTimeout')?.textContent).toContain('proxy.conf is gone');
  });

  it('never shows a dead end as a fact', async () => {
    await open();
    const dead = card('A pid file');
    expect(dead?.querySelector('[aria-label="Dead end"]')).not.toBeNull();
    expect([...(dead?.querySelectorAll('dl.dead-end > div') ?? [])].map((row) => row.textContent)).toEqual([
      'Fails whenthe process is killed',
      'becausethe file survives it',
      'insteada lock of the kernel',
    ]);
    expect(dead?.querySelector('.learning-text')).toBeNull();
  });

  it('accepts with one click and takes it back', async () => {
    await open();
    await inCard('Bound the retry', 'Accept');
    expect(called('reviewLearning')).toEqual([['reviewLearning', 'b1', 'accept']]);
    expect(titles()[0]).toBe('A pid file as a lock does not hold');
    expect(page.text()).toContain('Accepted: Bound the retry loop');
    await page.click('Undo');
    expect(called('reviewLearning').at(-1)).toEqual(['reviewLearning', 'b1', 'reopen']);
    expect(titles()).toHaveLength(3);
    expect(page.text()).not.toContain('Accepted:');
  });

  it('is reviewed by keys alone, and the focus goes on to the next', async () => {
    await open();
    await focusOn('Bound the retry');
    await page.press('r');
    expect(called('reviewLearning')).toEqual([['reviewLearning', 'b1', 'reject']]);
    expect(document.activeElement?.textContent).toBe('A pid file as a lock does not hold');
    await page.press('a');
    expect(document.activeElement?.textContent).toBe('keepAliveTimeout goes above that of the proxy');
    await page.press('u');
    expect(called('reviewLearning').at(-1)).toEqual(['reviewLearning', 'b2', 'reopen']);
    await focusOn('keepAliveTimeout');
    await page.press('a', { ctrlKey: true });
    expect(called('reviewLearning')).toHaveLength(3);
  });

  describe('while the keeper has not answered', () => {
    let answer: { resolve: () => void; reject: (error: Error) => void }[];
    const openSlow = async () => {
      answer = [];
      await open((fake) => {
        const { api } = fake;
        const wait = () =>
          new Promise<void>((resolve, reject) => {
            answer.push({ resolve, reject });
          });
        fake.api = Object.assign(Object.create(api), {
          reviewLearning: (...args: Parameters<typeof api.reviewLearning>) =>
            wait().then(() => api.reviewLearning(...args)),
          mergeLearnings: (...args: Parameters<typeof api.mergeLearnings>) =>
            wait().then(() => api.mergeLearnings(...args)),
        });
      });
    };
    const [first, second, third] = makeProposals(now).map(({ title }) => title);

    it('rows leave at once, one key after the other', async () => {
      await openSlow();
      await focusOn('Bound the retry');
      await page.press('a');
      expect(titles()).toEqual([second, third]);
      expect(document.activeElement?.textContent).toBe(second);
      await page.press('r');
      expect(titles()).toEqual([third]);
      // The list that comes between the two answers does not bring the second one back.
      await page.flush(() => answer[0]?.resolve());
      expect(called('reviewLearning')).toEqual([['reviewLearning', 'b1', 'accept']]);
      expect(titles()).toEqual([third]);
      await page.flush(() => answer[1]?.resolve());
      expect(titles()).toEqual([third]);
      expect(document.activeElement?.textContent).toBe(third);
    });

    it('a row comes back with the reason when it is refused', async () => {
      await openSlow();
      await focusOn('Bound the retry');
      await page.press('a');
      await page.flush(() => answer[0]?.reject(new MemoryError('busy', 'Try again.')));
      expect(titles()).toEqual([first, second, third]);
      expect(page.text()).not.toContain('Accepted:');
      expect(page.text()).toContain('Try again.');
    });

    it('merged ones leave at once and the one that keeps them has the focus', async () => {
      await openSlow();
      await focusOn('Bound the retry');
      await page.press('m');
      await page.click('Choose keepAliveTimeout goes above that of the proxy');
      await page.click('Merge');
      expect(titles()).toEqual([first, second]);
      expect(document.activeElement?.textContent).toBe(first);
      await page.flush(() => answer[0]?.reject(new MemoryError('busy', 'Try again.')));
      expect(titles()).toEqual([first, second, third]);
    });

    it('Undo brings a row back at once too', async () => {
      await openSlow();
      await inCard('Bound the retry', 'Reject');
      await page.flush(() => answer[0]?.resolve());
      await page.click('Undo');
      await page.flush(() => answer[1]?.resolve());
      expect(titles()).toEqual([first, second, third]);
    });
  });

  it('shows one bar for several acts, and takes them back in order, by button and by key', async () => {
    await open();
    const before = titles();
    const bars = () => [...page.root.querySelectorAll('.undo .strip-text')].map((bar) => bar.textContent);
    await inCard('Bound the retry', 'Reject');
    await page.flush(() => vi.advanceTimersByTime(undoMs - 1));
    await inCard('A pid file', 'Accept');
    await inCard('keepAliveTimeout', 'Reject');
    expect(bars()).toEqual([expect.stringMatching(/^Rejected: keepAliveTimeout.* · 2 more before it$/)]);
    expect(document.activeElement?.textContent).toBe('Undo');
    await page.click('Undo');
    expect(bars()).toEqual([expect.stringMatching(/^Accepted: A pid file.* · 1 more before it$/)]);
    await page.flush(() => vi.advanceTimersByTime(undoMs - 1));
    await focusOn('keepAliveTimeout');
    await page.press('u');
    expect(bars()).toEqual([expect.stringMatching(/^Rejected: Bound the retry[^·]*$/)]);
    page.get('Undo').focus();
    await page.click('Undo');
    expect(bars()).toEqual([]);
    expect(called('reviewLearning').slice(3)).toEqual([
      ['reviewLearning', 'b3', 'reopen'],
      ['reviewLearning', 'b2', 'reopen'],
      ['reviewLearning', 'b1', 'reopen'],
    ]);
    expect(titles()).toEqual(before);
    expect(document.activeElement?.closest('.list')).not.toBeNull();
  });

  it('closes the bar with all acts in it', async () => {
    await open();
    await inCard('Bound the retry', 'Reject');
    await inCard('A pid file', 'Reject');
    await page.click('Dismiss');
    expect(page.find('Undo')).toBeUndefined();
  });

  it('takes back for ten seconds, as a deletion', async () => {
    await open();
    await inCard('Bound the retry', 'Reject');
    await page.flush(() => vi.advanceTimersByTime(undoMs - 1));
    expect(page.find('Undo')).toBeDefined();
    await page.flush(() => vi.advanceTimersByTime(1));
    expect(page.find('Undo')).toBeUndefined();
  });

  it('edits and accepts in one go', async () => {
    await open();
    await focusOn('Bound the retry');
    await page.press('e');
    expect(page.get('Title')).toHaveProperty('value', 'Bound the retry loop by a token bucket');
    await page.type('Title', 'Bound every loop');
    await page.click('Save and Accept');
    expect(called('saveLearning')[0]?.[1]).toMatchObject({ id: 'b1', title: 'Bound every loop' });
    expect(called('reviewLearning')).toEqual([['reviewLearning', 'b1', 'accept']]);
    expect(titles()).not.toContain('Bound every loop');
  });

  it('merges what was chosen into the first, and takes it back', async () => {
    await open();
    await focusOn('Bound the retry');
    await page.press('m');
    expect(page.text()).toContain('Chosen: 1');
    await page.click('Choose keepAliveTimeout goes above that of the proxy');
    expect(page.text()).toContain('Merging keeps “Bound the retry loop by a token bucket”');
    await page.click('Merge');
    expect(called('mergeLearnings')).toEqual([['mergeLearnings', 'b1', ['b3']]]);
    expect(titles()).toHaveLength(2);
    expect(page.text()).toContain('Merged into Bound the retry loop by a token bucket: 1');
    await page.click('Undo');
    expect(called('reviewLearning')).toEqual([['reviewLearning', 'b3', 'reopen']]);
  });

  it('rejects several at once', async () => {
    await open();
    await page.click('Choose several');
    await page.click('Choose Bound the retry loop by a token bucket');
    await page.click('Choose A pid file as a lock does not hold');
    await page.flush(() =>
      [...page.root.querySelectorAll<HTMLElement>('.strip button')]
        .find((button) => button.textContent === 'Reject')
        ?.click(),
    );
    expect(called('reviewLearning').map(([, id, how]) => [id, how])).toEqual([
      ['b1', 'reject'],
      ['b2', 'reject'],
    ]);
    expect(page.text()).toContain('Rejected: 2 learnings');
  });

  it('says why it is empty', async () => {
    await open(() => {}, { 'learnings.view': 'proposed' });
    for (const learning of makeProposals(now)) await inCard(learning.title, 'Accept'); // oxlint-disable-line no-await-in-loop
    expect(page.text()).toContain('All reviewed');
    await page.close();
    await open((fake) => (fake.learnings = []), { 'learnings.view': 'proposed' });
    expect(page.text()).toContain('Nothing has been proposed yet');
    await page.close();
    // Whoever has said no to all of them has reviewed them.
    await open((fake) => (fake.learnings = makeProposals(now)), { 'learnings.view': 'proposed' });
    for (const learning of makeProposals(now)) await inCard(learning.title, 'Reject'); // oxlint-disable-line no-await-in-loop
    expect(page.text()).toContain('All reviewed');
    await page.click('Look Again');
    expect(called('relearn')).toHaveLength(1);
    expect(page.text()).toContain('Newly proposed: 1, changed: 0');
  });

  it('looks again until it is told to stop', async () => {
    let stopped: AbortSignal | undefined;
    await open((fake) => {
      const relearn = (signal?: AbortSignal) => {
        stopped = signal;
        return new Promise<never>((_, reject) =>
          signal?.addEventListener('abort', () => reject(new MemoryError('cancelled', 'stop'))),
        );
      };
      fake.api = Object.assign(Object.create(fake.api), { relearn });
    });
    await page.click('Look again');
    expect(page.text()).toContain('Looking at all sessions again');
    await page.click('Cancel');
    expect(stopped?.aborted).toBe(true);
    expect(page.text()).not.toContain('Looking at all sessions again');
  });

  it('shows what was rejected behind a filter, with a way back', async () => {
    await open();
    await inCard('Bound the retry', 'Reject');
    await page.click('Rejected');
    expect(titles()).toEqual(['Bound the retry loop by a token bucket']);
    await page.click('Back to the inbox');
    expect(called('reviewLearning').at(-1)).toEqual(['reviewLearning', 'b1', 'reopen']);
  });
});

describe('the evidence', () => {
  const openProof = async (change?: (fake: FakeHost) => void) => {
    await open(change);
    await page.flush(() => card('Bound the retry')?.querySelector<HTMLElement>('.card-title')?.click());
  };

  it('is one click away, each line a way to its place', async () => {
    await openProof();
    const pieces = [...page.root.querySelectorAll('.piece')];
    expect(pieces).toHaveLength(3);
    expect(pieces[0]?.textContent).toContain('A test was red before and green after: npm test -- sync');
    expect(
      [...(pieces[0]?.querySelectorAll('.line [role="img"]') ?? [])].map((icon) => icon.getAttribute('aria-label')),
    ).toEqual(['Red before', 'Green after']);
    await page.flush(() => pieces[0]?.querySelectorAll<HTMLElement>('.line-open')[1]?.click());
    expect(called('openSession').at(-1)).toEqual([
      'openSession',
      '00000000-0000-4000-8000-000000000001',
      { key: 'o9', turn: 2 },
    ]);
    expect(page.find('Still there: 90%')).toBeDefined();
    await page.click('Diff');
    expect(called('openDiff')).toEqual([['openDiff', 'o4', 0]]);
  });

  it('that was forgotten is only words any more', async () => {
    await openProof();
    const gone = page.root.querySelector('.line-gone');
    expect(gone?.textContent).toBe('no, not like that');
    expect(gone?.querySelector('button')).toBeNull();
  });

  it('leads on to what took its place', async () => {
    await openProof((fake) => {
      fake.proof = (learning) => ({
        ...makeProof(learning),
        ...(fake.learnings[0] && { supersededBy: fake.learnings[0] }),
      });
    });
    await page.click('Release the file lock by letting the kernel do it');
    expect(page.root.querySelector('[role="radio"][aria-checked="true"]')?.textContent).toContain('Kept');
  });

  it('stays text, whatever stands in it', async () => {
    const evil = '<img src=x onerror=alert(1)>\u202Egnp';
    await openProof((fake) => {
      fake.learnings = fake.learnings.map((learning) =>
        learning.id === 'b1'
          ? { ...learning, description: evil, staleReason: evil, title: `Bound the retry ${evil}` }
          : learning,
      );
      fake.proof = (learning) => ({
        ...makeProof(learning),
        evidence: [
          {
            id: 1,
            kind: 'line',
            speaks: 'for',
            message: '{0}',
            args: [evil],
            lines: [{ key: 'p1', sessionId: 's', turn: 0, at: 0, quote: evil }],
            at: 0,
          },
        ],
      });
    });
    expect(page.root.querySelector('img')).toBeNull();
    expect(page.root.textContent).not.toContain('\u202E');
    expect(page.root.querySelector('.line-quote')?.textContent).toContain('<img src=x onerror=alert(1)>‹U+202E›gnp');
  });
});

it('an accepted learning goes to CLAUDE.md from its menu, a dead end does not', async () => {
  await open((fake) => (fake.learnings = fake.learnings.map((learning) => ({ ...learning, state: 'accepted' }))));
  const menuOf = (title: string) => JSON.parse(card(title)?.dataset['vscodeContext'] ?? '{}');
  const { key, canPromote } = menuOf('Bound the retry');
  expect(canPromote).toBe(true);
  await page.flush(() => host.emit('act', { key, act: 'promote' }));
  expect(called('promoteLearnings')).toEqual([['promoteLearnings', ['b1']]]);
  expect(menuOf('A pid file')).toMatchObject({ canPromote: false });
});
