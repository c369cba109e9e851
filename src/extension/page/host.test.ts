import { describe, expect, it } from 'vitest';
import type { WebviewContext } from '../../protocol/webview';
import type { WebviewApi } from '../../protocol/webview-api';
import { WebviewHost } from './host';

const context = { surface: 'memory' } as WebviewContext;
interface Posted {
  id?: number;
  result?: unknown;
  method?: string;
  params?: { name: string; value: unknown };
}

/** A webview whose page side is controlled by the test. */
function open(answers: Partial<WebviewApi> = {}) {
  const posted: Posted[] = [];
  let listener: (message: unknown) => void = () => {};
  let wake = () => {};
  const webview = {
    postMessage: (message: Posted) => {
      posted.push(message);
      wake();
      return Promise.resolve(true);
    },
    onDidReceiveMessage: (heard: (message: unknown) => void) => {
      listener = heard;
      return { dispose: () => (listener = () => {}) };
    },
  };
  const host = new WebviewHost(webview as never, { ready: () => Promise.resolve(context), ...answers } as WebviewApi);
  const call = (id: number, name: string, ...args: unknown[]) =>
    listener({ jsonrpc: '2.0', id, method: 'call', params: { name, args, isAbortable: false } });
  const until = async (isThere: () => boolean) => {
    while (!isThere()) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { host, posted, call, until, say: (message: unknown) => listener(message) };
}
const events = (posted: Posted[]) => posted.filter(({ method }) => method === 'event').map(({ params }) => params);

describe('WebviewHost', () => {
  it('answers the page and ignores what is no message', async () => {
    const { call, posted, until, say } = open();
    say('hello');
    say(null);
    say({ jsonrpc: '2.0', id: 9, method: 'call', params: { name: 'status', args: [] } });
    call(0, 'ready');
    await until(() => posted.length > 0);
    expect(posted).toEqual([{ jsonrpc: '2.0', id: 0, result: context }]);
  });

  it('keeps the latest event of each kind until the page is ready, and sends it after the answer', async () => {
    const { host, call, posted, until } = open();
    host.send('show', { tab: 'timeline' });
    host.send('show', { tab: 'search', query: 'x' });
    host.send('changed', { sessions: [], learnings: false, isReset: false });
    expect(posted).toEqual([]);
    call(0, 'ready');
    await until(() => posted.length > 1);
    expect(posted.map(({ id, params }) => id ?? params?.name)).toEqual([0, 'show']);
    expect(events(posted)).toEqual([{ name: 'show', value: { tab: 'search', query: 'x' } }]);
  });

  it('does not answer a new page with what the old one asked', async () => {
    let finish: (sessions: never[]) => void = () => {};
    const { call, posted, until } = open({ projects: () => new Promise((resolve) => (finish = resolve)) });
    call(0, 'ready');
    await until(() => posted.length > 0);
    call(1, 'projects');
    call(0, 'ready');
    await until(() => posted.length > 1);
    finish([]);
    call(1, 'nothing');
    await until(() => posted.length > 2);
    expect(posted[2]).toMatchObject({ id: 1, error: { data: { code: 'invalid_input' } } });
  });

  it('holds events back again while the page is hidden', async () => {
    const { host, call, posted, until } = open();
    call(0, 'ready');
    await until(() => posted.length > 0);
    host.sleep();
    host.send('reveal', { turn: 4 });
    expect(events(posted)).toEqual([]);
    call(0, 'ready');
    await until(() => events(posted).length > 0);
    expect(events(posted)).toEqual([{ name: 'reveal', value: { turn: 4 } }]);
  });

  it('is silent after dispose', async () => {
    const { host, call, posted } = open();
    host.dispose();
    call(0, 'ready');
    await Promise.resolve();
    expect(posted).toEqual([]);
  });
});

it('runs what waits for the page once it is ready, and only once', async () => {
  const { host, call, posted, until } = open();
  const ran: string[] = [];
  host.whenReady(() => ran.push('replaced'));
  host.whenReady(() => ran.push('first'));
  host.send('show', { tab: 'search' });
  call(0, 'ready');
  await until(() => posted.length > 1);
  expect(ran).toEqual(['first']);
  host.whenReady(() => ran.push('at once'));
  host.sleep();
  host.whenReady(() => ran.push('later'));
  expect(ran).toEqual(['first', 'at once']);
});
