// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFakeHost } from '../../fake-host';
import type { FakeHost, FakeOptions } from '../../fake-host';
import { openPage } from '../../test-page';
import type { TestPage } from '../../test-page';
import { ReaderApp } from './reader';

const sessionId = '00000000-0000-4000-8000-000000000000';
let page: TestPage;

async function open(options: FakeOptions = {}, change: (host: FakeHost) => void = () => {}): Promise<FakeHost> {
  const host = createFakeHost({ turns: 30, context: { surface: 'reader', reader: { sessionId } }, ...options });
  change(host);
  page = await openPage(host, <ReaderApp host={host} context={host.context} />);
  return host;
}
const called = (host: FakeHost, wanted: string) => host.calls.filter(([name]) => name === wanted);

afterEach(async () => {
  await page.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the reader', () => {
  it('opens at the row it was asked for and expands its tool', async () => {
    const host = await open({ context: { surface: 'reader', reader: { sessionId, key: 'o103', turn: 1 } } });
    expect(called(host, 'readSession')[0]?.[1]).toEqual({ sessionId, aroundKey: 'o103', limit: 60 });
    const row = page.root.querySelector('[data-key="o103"] .tool');
    expect(row?.className).toContain('tool-open');
    expect(page.root.querySelectorAll('.lit')).toHaveLength(1);
  });

  it('comes back to the place where it was left', async () => {
    const host = await open({ state: { reader: { sessionId, key: 'p40', asked: '@' } } });
    expect(called(host, 'readSession')[0]?.[1]).toMatchObject({ aroundKey: 'p40' });
  });

  it('does not take the place of another session for its own', async () => {
    const host = await open({ state: { reader: { sessionId: 'other', key: 'p40', asked: '@' } } });
    expect(called(host, 'readSession')[0]?.[1]).toEqual({ sessionId, limit: 60 });
    expect(host.getState()['reader']).toMatchObject({ sessionId, key: '' });
  });

  it('stays where one has read on to when a hidden panel is told its first place again', async () => {
    const context = { surface: 'reader', reader: { sessionId, key: 'o103', turn: 20 } } as const;
    const host = await open({ context, state: { reader: { sessionId, key: 'p40', asked: 'o103@20' } } });
    expect(called(host, 'readSession')[0]?.[1]).toMatchObject({ aroundKey: 'p40' });
  });

  it('goes to a new place, not to where one was', async () => {
    const context = { surface: 'reader', reader: { sessionId, key: 'o103', turn: 20 } } as const;
    const host = await open({ context, state: { reader: { sessionId, key: 'p40', asked: 'o99@19' } } });
    expect(called(host, 'readSession')[0]?.[1]).toMatchObject({ aroundKey: 'o103' });
  });

  it('goes to another row when the host says so', async () => {
    const host = await open();
    await page.flush(() => host.emit('reveal', { key: 'o152' }));
    expect(called(host, 'readSession')).toContainEqual(['readSession', { sessionId, aroundKey: 'o152', limit: 60 }]);
    expect(page.root.querySelector('[data-key="o152"] .lit')).not.toBeNull();
  });

  it('shows a hostile transcript as text', async () => {
    const hostile = '<img src=x onerror=alert(1)><script>alert(1)</script>\u202E';
    await open({}, (host) => {
      const [tool] = host.items.filter((item) => item.kind === 'tool');
      if (!tool) throw new Error('The fake has no tool.');
      host.items = [
        { kind: 'message', key: 'p1', turn: 0, at: 1, role: 'user', text: hostile, truncatedBytes: 0 },
        {
          ...tool,
          key: 'o2',
          tool: hostile,
          headline: hostile,
          input: hostile,
          output: hostile,
          diffs: [{ file: hostile, before: '', after: hostile }],
        },
      ];
      host.sessions = host.sessions.map((session) => ({
        ...session,
        title: hostile,
        gitBranch: hostile,
        model: hostile,
      }));
    });
    await page.flush(() => page.root.querySelector<HTMLElement>('.tool-toggle')?.click());
    expect(page.root.querySelectorAll('img, script')).toHaveLength(0);
    expect(page.text()).toContain('<script>');
    expect(page.text()).not.toContain('\u202E');
  });

  it('asks the host to open a link and never follows it', async () => {
    const host = await open({}, (fake) => {
      fake.items = [
        {
          kind: 'message',
          key: 'p1',
          turn: 0,
          at: 1,
          role: 'assistant',
          text: 'x\n\n[docs](https://example.org/docs)',
          truncatedBytes: 0,
        },
      ];
    });
    const click = new MouseEvent('click', { bubbles: true, cancelable: true });
    await page.flush(() => page.root.querySelector('a')?.dispatchEvent(click));
    expect(click.defaultPrevented).toBe(true);
    expect(called(host, 'openLink')).toEqual([['openLink', 'https://example.org/docs']]);
  });

  it('copies exactly the code of a block', async () => {
    const host = await open({}, (fake) => {
      fake.items = [
        {
          kind: 'message',
          key: 'p1',
          turn: 0,
          at: 1,
          role: 'assistant',
          text: 'x\n\n```ts\nif (a < b) {\n  c();\n}\n```',
          truncatedBytes: 0,
        },
      ];
    });
    await page.click('Copy code');
    expect(called(host, 'copyText')).toEqual([['copyText', 'if (a < b) {\n  c();\n}']]);
  });

  it('finds in the whole session, steps through and closes with Escape', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const host = await open();
    await page.press('f', { ctrlKey: true });
    await page.type('Find in this session', 'signal');
    await page.flush(() => vi.advanceTimersByTime(150));
    // From the row on that is read.
    expect(called(host, 'findInSession')).toEqual([['findInSession', sessionId, 'signal', host.items[0]?.key]]);
    expect(page.text()).toMatch(/1 of \d+/);
    await page.press('Enter');
    expect(page.text()).toMatch(/2 of \d+/);
    await page.press('Enter', { shiftKey: true });
    await page.press('Enter', { shiftKey: true });
    expect(page.text()).toMatch(/(\d+) of \1/);
    await page.press('Escape');
    expect(page.find('Find in this session')).toBeUndefined();
  });

  it('says when the session is gone', async () => {
    await open({ context: { surface: 'reader', reader: { sessionId: 'gone' } } });
    expect(page.text()).toContain('This is no longer in memory.');
  });
});

describe('the prompts beside the text', () => {
  const rows = () => [...page.root.querySelectorAll<HTMLElement>('.outline-row')];

  it('are those of the session, and a click goes to one', async () => {
    const host = await open({ state: { outline: true } });
    expect(called(host, 'outline')).toEqual([['outline', sessionId, expect.anything()].slice(0, 2)]);
    const prompts = host.items.filter((item) => item.kind === 'message' && item.role === 'user');
    expect(rows()[1]?.textContent).toContain(`${prompts[1]?.turn}`);
    await page.flush(() => rows()[1]?.click());
    expect(called(host, 'readSession').at(-1)?.[1]).toMatchObject({ sessionId });
    expect(page.root.querySelector('.lit')?.getAttribute('data-turn')).toBe(String(prompts[1]?.turn));
  });

  it('are put away by their button, and stay so', async () => {
    const host = await open({ state: { outline: true } });
    const button = page.root.querySelector<HTMLElement>('button[aria-label="Prompts"]');
    expect(button?.getAttribute('aria-expanded')).toBe('true');
    await page.flush(() => button?.click());
    expect(page.root.querySelector('.outline')).toBeNull();
    expect(host.getState()['outline']).toBe(false);
  });

  it('say so when there are none, and when they cannot be had', async () => {
    await open(
      { state: { outline: true } },
      (host) => void (host.items = host.items.filter(({ kind }) => kind === 'tool')),
    );
    expect(page.root.querySelector('.outline')?.textContent).toContain('No prompts in this session.');
    await page.close();
    await open({ state: { outline: true } }, (host) => {
      host.api = { ...host.api, outline: () => Promise.reject(new Error('The list is away.')) };
    });
    expect(page.root.querySelector('.reader-columns [role="alert"]')?.textContent).toContain('The list is away.');
  });
});

describe('the conversation', () => {
  const conversation = () => page.root.querySelector('.conversation');

  it('has the focus once it is there, so that keys scroll it', async () => {
    await open();
    expect(document.activeElement).toBe(conversation());
  });

  it('takes no focus from what was opened meanwhile, and has it when the page is given the focus', async () => {
    const hasFocus = vi.spyOn(document, 'hasFocus').mockReturnValue(false);
    await open();
    expect(document.activeElement).toBe(document.body);
    hasFocus.mockReturnValue(true);
    await page.flush(() => window.dispatchEvent(new Event('focus')));
    expect(document.activeElement).toBe(conversation());
    hasFocus.mockRestore();
  });

  it('leaves the focus to a field that has it', async () => {
    await open();
    await page.press('f', { ctrlKey: true });
    const field = page.get('Find in this session');
    await page.flush(() => window.dispatchEvent(new Event('focus')));
    expect(document.activeElement).toBe(field);
    await page.press('Escape');
    expect(document.activeElement).toBe(conversation());
  });

  it.each([
    ['n', {}, { to: 'prompt', isBack: false }],
    ['p', {}, { to: 'prompt', isBack: true }],
    ['e', {}, { to: 'error', isBack: false }],
    ['a', {}, { to: 'task', isBack: false }],
    ['a', { shiftKey: true }, { to: 'task', isBack: true }],
    ['E', { shiftKey: true }, { to: 'error', isBack: true }],
  ])('steps by %s', async (key, options, query) => {
    const host = await open();
    await page.press(key, options);
    expect(called(host, 'stepInSession')[0]?.[1]).toEqual({ sessionId, from: host.items[0]?.key, ...query });
  });

  it('goes on from the row a step has led to, and to the end and back by End and Home', async () => {
    const host = await open();
    const prompts = host.items.filter((item) => item.kind === 'message' && item.role === 'user');
    await page.press('n');
    expect(page.root.querySelector('.lit')?.parentElement?.dataset['key']).toBeDefined();
    expect(page.root.querySelector('.lit')?.getAttribute('data-turn')).toBe(String(prompts[1]?.turn));
    await page.press('End');
    expect(called(host, 'readSession').at(-1)?.[1]).toMatchObject({ aroundKey: host.items.at(-1)?.key });
    await page.press('Home');
    expect(called(host, 'readSession').at(-1)?.[1]).toEqual({ sessionId, limit: 60 });
  });

  it('gives keys to a field, not to steps', async () => {
    const host = await open();
    await page.press('f', { ctrlKey: true });
    await page.press('n');
    await page.press('Home');
    expect(called(host, 'stepInSession')).toEqual([]);
  });

  it('is led to the next error by the count in the head, and round to the first', async () => {
    const host = await open({}, (fake) => {
      const tool = fake.items.find((item) => item.kind === 'tool');
      if (tool?.kind !== 'tool') throw new Error('The fake has no tool.');
      fake.items = fake.items.map((item) => (item.kind === 'tool' ? { ...item, type: 'tool_result' as const } : item));
      fake.items[0] = { ...tool, key: 'o9', type: 'error' };
      fake.sessions = fake.sessions.map((session) => ({ ...session, errors: 1 }));
    });
    await page.click('Errors: 1');
    const asked = called(host, 'stepInSession').map(([, query]) => query);
    expect(asked).toEqual([
      { sessionId, to: 'error', isBack: false, from: 'o9' },
      { sessionId, to: 'error', isBack: false },
    ]);
    expect(page.root.querySelector('.lit')?.parentElement?.dataset['key']).toBe('o9');
  });

  it('is expanded and collapsed as a whole', async () => {
    await open();
    const states = () =>
      [...page.root.querySelectorAll('.tool-toggle')].map((each) => each.getAttribute('aria-expanded'));
    await page.click('Expand all');
    expect(new Set(states())).toEqual(new Set(['true']));
    await page.flush(() => page.root.querySelector<HTMLElement>('.tool-toggle')?.click());
    expect(states()[0]).toBe('false');
    await page.click('Collapse all');
    expect(new Set(states())).toEqual(new Set(['false']));
  });

  it('has the words marked that led to it, until Escape', async () => {
    const highlights = new Map<string, Set<Range>>();
    vi.stubGlobal(
      'Highlight',
      class extends Set<Range> {
        constructor(...ranges: Range[]) {
          super(ranges);
        }
      },
    );
    vi.stubGlobal('CSS', { ...CSS, escape: (text: string) => text, highlights });
    const host = await open({ context: { surface: 'reader', reader: { sessionId, words: ['Signal'] } } }, (fake) => {
      const [first] = fake.items;
      if (first?.kind === 'message') fake.items[0] = { ...first, text: 'A signal, and a SIGNAL.' };
    });
    const marked = () => [...(highlights.get('find') ?? [])].map(String);
    expect(marked().slice(0, 2)).toEqual(['signal', 'SIGNAL']);
    await page.press('Escape');
    expect(marked()).toEqual([]);
    await page.flush(() => host.emit('reveal', { key: host.items[0]!.key, words: ['and'] }));
    expect(marked()[0]).toBe('and');
  });
});

describe('the summary above it', () => {
  const toggle = () => page.root.querySelector('.summary-toggle');
  const isOpen = () => toggle()?.getAttribute('aria-expanded');

  it('is in the column that scrolls', async () => {
    await open();
    expect(page.root.querySelector('.conversation .summary')).not.toBeNull();
    expect(isOpen()).toBe('true');
  });

  it('is collapsed for who comes from a hit, and not there in the middle of the session', async () => {
    const host = await open({ context: { surface: 'reader', reader: { sessionId, key: 'p2', turn: 0 } } });
    expect(called(host, 'readSession')).toHaveLength(1);
    await page.close();
    const first = createFakeHost({ turns: 30 }).items[2]!;
    await open({ context: { surface: 'reader', reader: { sessionId, key: first.key, turn: first.turn } } });
    expect(isOpen()).toBe('false');
    await page.close();
    await open({ context: { surface: 'reader', reader: { sessionId, key: 'o152' } } });
    expect(toggle()).toBeNull();
  });

  it('is remembered as it was left, for every session', async () => {
    const host = await open();
    await page.flush(() => page.root.querySelector<HTMLElement>('.summary-toggle')?.click());
    expect(isOpen()).toBe('false');
    expect(called(host, 'setReaderParts')).toEqual([['setReaderParts', { hasSummary: false }]]);
    await page.close();
    await open({
      context: { surface: 'reader', reader: { sessionId }, readerParts: { hasSummary: false, hasOutline: true } },
    });
    expect(isOpen()).toBe('false');
  });
});

describe('a narrow reader', () => {
  it('shows the prompts on request only, above the text, until one is chosen', async () => {
    const matchMedia = vi
      .spyOn(window, 'matchMedia')
      .mockImplementation(
        (media) => Object.assign(new EventTarget(), { matches: false, media }) as unknown as MediaQueryList,
      );
    const host = await open();
    expect(page.root.querySelector('.outline')).toBeNull();
    await page.click('Prompts');
    await page.flush(() => page.root.querySelector<HTMLElement>('.outline-row')?.click());
    expect(page.root.querySelector('.outline')).toBeNull();
    expect(called(host, 'setReaderParts')).toEqual([]);
    matchMedia.mockRestore();
  });
});

it('the page has one heading of the first level and one main part, whatever it shows', async () => {
  for (const reader of [{ sessionId }, { sessionId: 'gone' }]) {
    // oxlint-disable-next-line no-await-in-loop -- one page at a time
    await open({ context: { surface: 'reader', reader } });
    expect(page.root.querySelectorAll('h1')).toHaveLength(1);
    expect(page.root.querySelectorAll('main')).toHaveLength(1);
    await page.close(); // oxlint-disable-line no-await-in-loop
  }
  await open();
});
