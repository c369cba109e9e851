// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { InsightsSection } from '../../../src/protocol/webview';
import { fakeQueue, fakeSpend, fakeTasks, makeEntries, makeInsights } from '../../fake-distilled';
import { createFakeHost } from '../../fake-host';
import type { FakeHost } from '../../fake-host';
import { openPage } from '../../test-page';
import type { TestPage } from '../../test-page';
import { Insights } from './insights';

let page: TestPage;
let host: FakeHost;
/** Days whose sessions were asked for. */
let opened: string[] = [];
const now = new Date(2026, 10, 22, 12).getTime();
const called = (wanted: string) => host.calls.filter(([name]) => name === wanted);

async function open(
  section: InsightsSection,
  change: (fake: FakeHost) => void = () => {},
  file?: string,
  isShown = true,
): Promise<void> {
  host = createFakeHost({ now });
  change(host);
  opened = [];
  page = await openPage(
    host,
    <Insights
      place={{ section, ...(file !== undefined && { file }) }}
      isShown={isShown}
      onOpenDay={(day) => opened.push(day)}
    />,
  );
}

afterEach(async () => {
  await page.close();
  vi.useRealTimers();
});

describe('activity', () => {
  it('asks for this workspace and thirty days, then for what is chosen', async () => {
    await open('activity');
    expect(called('insights').at(-1)).toEqual([
      'insights',
      { days: 30, scope: { roots: ['/home/ada/code/paper-boats'] } },
    ]);
    await page.click('90 d');
    await page.click('All projects');
    expect(called('insights').at(-1)).toEqual(['insights', { days: 90 }]);
  });

  it('tells how many answers have placeholder counts, where there are any', async () => {
    await open('activity');
    expect(page.text()).not.toContain('placeholder');
    await page.close();
    await open('activity', (fake) => {
      const { insights } = fake;
      fake.insights = (days) => ({ ...insights(days), counted: { answers: 1412, placeholders: 37 } });
    });
    expect(page.text()).toContain('37 of 1,412 answers have placeholder counts');
  });

  it('tells a day and its value by key, and leads to its sessions', async () => {
    await open('activity');
    const plot = page.root.querySelector<HTMLElement>('.plot');
    const told = () => plot?.getAttribute('aria-valuetext');
    await page.flush(() => plot?.focus());
    expect(told()).toMatch(/^Nov 22: \d+$/);
    expect(page.root.querySelector('.plot-value')?.textContent).toBe(told());
    await page.press('ArrowLeft');
    expect(told()).toMatch(/^Nov 21: /);
    await page.press('PageUp');
    expect(told()).toMatch(/^Nov 14: /);
    await page.press('Home');
    await page.press('ArrowLeft');
    expect(told()).toMatch(/^Oct 24: /);
    await page.press('Enter');
    expect(opened).toEqual(['2026-10-24']);
  });

  it('says every plot in a sentence and as a real table', async () => {
    await open('activity');
    const plots = [...page.root.querySelectorAll('.plot')];
    expect(plots).toHaveLength(2);
    expect(plots[0]?.getAttribute('role')).toBe('slider');
    expect(plots[0]?.getAttribute('aria-label')).toBe('Prompts: 360 in 30 days; most on Oct 26 (24).');
    const tables = [...page.root.querySelectorAll('table')];
    expect(tables.length).toBeGreaterThanOrEqual(5);
    expect([...(tables[0]?.querySelectorAll('thead th') ?? [])].map((cell) => cell.textContent)).toEqual([
      'Day',
      'Prompts',
      'Sessions',
      'Tool calls',
      'Errors',
    ]);
    expect(tables[0]?.querySelector('tbody th')?.getAttribute('scope')).toBe('row');
    await page.click('Errors');
    expect(page.root.querySelector('.plot')?.getAttribute('aria-label')).toMatch(/^Errors: 42 in 30 days/);
  });

  it('lists tools, models and projects, cache and memory', async () => {
    await open('activity');
    for (const text of [
      'Bash812, failed: 41',
      '$0.10 (price not known)',
      'Input read from the cache93%',
      'Saved by the cache$118.40',
      '9.1K of 1.2M',
    ])
      expect(page.text()).toContain(text);
  });

  it('with a day or two of work is whole, without any says what to do', async () => {
    await open('activity', (fake) => {
      fake.insights = (days) => ({
        ...makeInsights(now, days),
        days: makeInsights(now, 7).days.map((day, index) =>
          index === 6 ? { ...day, prompts: 3 } : { ...day, sessions: 0, prompts: 0, toolCalls: 0, errors: 0, usd: 0 },
        ),
      });
    });
    expect(page.root.querySelector('.plot')?.getAttribute('aria-label')).toBe(
      'Prompts: 3 in 7 days; most on Nov 22 (3).',
    );
    await page.close();
    await open('activity', (fake) => {
      fake.insights = (days) => ({
        ...makeInsights(now, days),
        days: makeInsights(now, days).days.map((day) => ({
          ...day,
          sessions: 0,
          prompts: 0,
          toolCalls: 0,
          errors: 0,
          usd: 0,
        })),
      });
    });
    expect(page.text()).toContain('Nothing was done in these days');
    await page.click('Look at a year, all projects');
    expect(called('insights').at(-1)).toEqual(['insights', { days: 365 }]);
  });

  it('asks again when memory changed, but not for a tab nobody sees', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await open('activity');
    const change = () => host.emit('changed', { sessions: ['x'], learnings: false, isReset: false });
    await page.flush(change);
    await page.flush(change);
    expect(called('insights')).toHaveLength(2);
    await page.flush(() => vi.advanceTimersByTime(5000));
    expect(called('insights')).toHaveLength(3);
    await page.close();
    await open('activity', undefined, undefined, false);
    await page.flush(change);
    expect(called('insights')).toHaveLength(1);
  });

  it('says when it cannot be added up', async () => {
    await open('activity', (fake) => {
      fake.api = Object.assign(Object.create(fake.api), {
        insights: () => Promise.reject(new Error('The graph is away.')),
      });
    });
    expect(page.root.querySelector('[role="alert"]')?.textContent).toContain('The graph is away.');
  });
});

describe('around a file', () => {
  it('asks for the file a command named, and lists what is around it, sessions first', async () => {
    await open('around', undefined, '/work/src/sync.ts');
    expect(called('around')).toEqual([
      ['around', { file: '/work/src/sync.ts', scope: { roots: ['/home/ada/code/paper-boats'] } }],
    ]);
    const found = page.root.querySelector('[role="group"][aria-label="What is around src/sync.ts"]');
    const titles = [...(found?.querySelectorAll('h2') ?? [])].map((element) => element.textContent);
    expect(titles[0]).toBe('src/sync.ts');
    expect(titles[1]).toBe('Sessions');
    expect(titles.slice(2).toSorted()).toEqual(['Commands', 'Errors', 'Solutions', 'Symbols']);
    expect(found?.querySelectorAll('svg')).toHaveLength(0);
  });

  it('tells how each belongs to it, and goes on from any of them', async () => {
    await open('around', undefined, 'sync.ts');
    const rows = [...page.root.querySelectorAll<HTMLElement>('.entity')];
    const texts = rows.map((element) => element.textContent);
    expect(texts).toContain('connection reset by peerit causes this');
    expect(texts).toContain('Bound the retry loopsolves connection reset by peer');
    await page.flush(() => rows.find((row) => row.textContent?.startsWith('push'))?.click());
    expect(called('around').at(-1)?.[1]).toMatchObject({ entity: 2 });
    await page.flush(() => page.root.querySelector<HTMLElement>('.entity')?.click());
    expect(called('openSession')).toEqual([['openSession', '00000000-0000-4000-8000-000000000001']]);
  });

  it('cuts folders of a path, and its name last', async () => {
    const name = 'packages/client/src/features/checkout/cart.ts';
    await open('around', (fake) => {
      fake.picture = {
        ...fake.picture,
        center: fake.picture.center && { ...fake.picture.center, name },
        nodes: fake.picture.nodes.map((node) => ({ ...node, kind: 'file' as const, name, label: 'cart.ts' })),
      };
    });
    await page.flush(() => page.root.querySelector<HTMLElement>('.entity')?.click());
    for (const path of page.root.querySelectorAll('.path-text')) {
      expect(path.getAttribute('title')).toBe(name);
      expect(path.querySelector('.path-folders')?.textContent).toBe('packages/client/src/features/checkout/');
      expect(path.querySelector('.path-name')?.textContent).toBe('cart.ts');
    }
  });

  it('finds by name, and says when nothing is known', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await open('around');
    expect(called('findEntities').at(-1)).toEqual(['findEntities', '', { roots: ['/home/ada/code/paper-boats'] }]);
    await page.type('Look for a file, command, error or symbol', 'npm');
    await page.flush(() => vi.advanceTimersByTime(200));
    expect([...page.root.querySelectorAll('.entity-name')].map((element) => element.textContent)).toEqual(['npm test']);
    host.picture = { center: null, nodes: [], edges: [], sessions: [] };
    await page.flush(() => page.root.querySelector<HTMLElement>('.entity')?.click());
    expect(page.text()).toContain('Nothing is known of it yet');
  });

  it('stays text, whatever a file is called', async () => {
    const evil = '<img src=x onerror=alert(1)>\u202Egnp';
    await open(
      'around',
      (fake) => {
        fake.picture = {
          ...fake.picture,
          nodes: fake.picture.nodes.map((node) => ({ ...node, name: evil, label: evil })),
        };
      },
      'x',
    );
    expect(page.root.querySelector('img')).toBeNull();
    expect(page.root.innerHTML).not.toContain('\u202E');
  });
});

describe('spending', () => {
  it('while models are off says that nothing is sent, and offers no back-fill', async () => {
    await open('spending');
    expect(page.text()).toContain('Off: nothing is sent to anyone and nothing is spent.');
    expect(page.find('Estimate')).toBeUndefined();
    await page.click('Open Settings');
    expect(called('openSettings')).toEqual([['openSettings', 'claudeMem.model']]);
  });

  it('without a key leads to one', async () => {
    await open('spending', (fake) => (fake.spend = { ...fakeSpend, state: 'no_key' }));
    await page.click('Set API Key…');
    expect(called('setApiKey')).toHaveLength(1);
  });

  it('counts what is reserved and of unknown end against the ceiling', async () => {
    await open(
      'spending',
      (fake) =>
        (fake.spend = {
          ...fakeSpend,
          state: 'ready',
          today: { settledUsd: 0.1, reservedUsd: 0.05, unknownUsd: 0.1, tokens: 5000, calls: 3 },
        }),
    );
    expect(page.find('Today: $0.25 of $0.50')).toBeDefined();
    expect(page.text()).toContain('of it reserved or of unknown end: $0.15');
  });

  it('estimates first, then leaves the question to the editor', async () => {
    await open('spending', (fake) => (fake.spend = { ...fakeSpend, state: 'ready' }));
    expect(called('estimateBackfill')).toEqual([]);
    expect(page.find('Start…')).toBeUndefined();
    await page.click('Estimate');
    for (const text of [
      'Sessions12',
      '240K in, 24K out at most',
      'Likely$0.20',
      'At most$0.35',
      'Fit under today’s ceiling8',
    ])
      expect(page.text()).toContain(text);
    expect(called('startBackfill')).toEqual([]);
    await page.click('As a batch: half the price, within a day');
    await page.click('Start…');
    expect(called('startBackfill')).toEqual([
      ['startBackfill', { isBatch: false, scope: { roots: ['/home/ada/code/paper-boats'] } }],
    ]);
  });

  it('takes waiting ones out', async () => {
    await open(
      'spending',
      (fake) =>
        (fake.spend = {
          ...fakeSpend,
          state: 'ready',
          queue: { ...fakeQueue, counts: { ...fakeQueue.counts, pending: 3 } },
        }),
    );
    await page.click('Take Waiting Ones Out');
    expect(called('cancelBackfill')).toHaveLength(1);
  });
});

describe('the queue', () => {
  it('says how far it is, what went wrong and why it waits', async () => {
    await open('queue', (fake) => {
      fake.queue = {
        counts: { pending: 2, running: 1, failed: 0, dead: 1, unknown: 1 },
        done: 4,
        total: 7,
        isPaused: true,
        whyPaused: 'budget',
      };
      fake.tasks = [...fakeTasks];
    });
    expect(page.text()).toContain(
      '4 of 7 done · given up: 1 · of unknown end: 1 · Paid work waits: the next does not fit under a ceiling',
    );
    expect(page.text()).toContain('Failed: out of memory');
    expect(page.text()).toContain('It may have been paid for.');
  });

  it('follows what it is told, pauses and goes on', async () => {
    await open('queue');
    await page.flush(() =>
      host.emit('queue', { ...fakeQueue, counts: { ...fakeQueue.counts, running: 1 }, done: 5, total: 6 }),
    );
    expect(page.text()).toContain('5 of 6 done');
    await page.click('Pause');
    expect(called('setQueuePaused')).toEqual([['setQueuePaused', true]]);
    await page.click('Resume');
    expect(called('setQueuePaused').at(-1)).toEqual(['setQueuePaused', false]);
  });

  it('retries and drops what a person says', async () => {
    await open('queue', (fake) => (fake.tasks = [...fakeTasks]));
    await page.flush(() => page.root.querySelector<HTMLElement>('.task-unknown button:not(.link)')?.click());
    expect(called('retryTask')).toEqual([['retryTask', 7]]);
    await page.flush(() => page.root.querySelectorAll<HTMLElement>('.task-dead button')[1]?.click());
    expect(called('dropTask')).toEqual([['dropTask', 8]]);
    expect(page.root.querySelectorAll('.task')).toHaveLength(1);
  });
});

describe('what left this machine', () => {
  it('is nothing, to begin with', async () => {
    await open('sent');
    expect(page.text()).toContain('Nothing has left this machine');
  });

  it('is listed call by call, page by page', async () => {
    await open('sent', (fake) => {
      const entries = makeEntries(now);
      const spendEntries = (cursor?: string) =>
        Promise.resolve(
          cursor === undefined ? { items: entries.slice(0, 1), next: 'more' } : { items: entries.slice(1) },
        );
      fake.api = Object.assign(Object.create(fake.api), { spendEntries });
    });
    expect(page.text()).toContain('Summary · claude-haiku-5-5 → api.anthropic.com');
    expect(page.text()).toContain('81 kB · tokens 21.5K in, 900 out · secrets kept back: 2 · Answered');
    expect(page.root.querySelectorAll('.task')).toHaveLength(1);
    await page.click('Show more');
    expect(page.root.querySelectorAll('.task')).toHaveLength(2);
    expect(page.text()).toContain('Its end is not known: counted at its maximum');
    expect(page.find('Show more')).toBeUndefined();
  });
});
