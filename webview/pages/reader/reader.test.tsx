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
    expect(called(host, 'findInSession')).toEqual([['findInSession', sessionId, 'signal']]);
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
