// @vitest-environment happy-dom
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { App } from './app';
import { createFakeHost } from './fake-host';
import type { FakeHost, FakeOptions } from './fake-host';
import { setWords } from './state/words';

let root: ReturnType<typeof createRoot>;
let box: HTMLElement;
let host: FakeHost;

async function open(options: FakeOptions = {}, change: (fake: FakeHost) => void = () => {}): Promise<void> {
  globalThis.IS_REACT_ACT_ENVIRONMENT = true;
  host = createFakeHost({ sessions: 5, ...options });
  change(host);
  box = document.createElement('div');
  document.body.append(box);
  root = createRoot(box);
  await flush(() => root.render(<App host={host} context={host.context} />));
}
async function flush(change: () => void): Promise<void> {
  await act(async () => change());
  for (let turn = 0; turn < 5; turn += 1) await act(() => Promise.resolve()); // oxlint-disable-line no-await-in-loop
}
const click = (name: string) =>
  flush(() => [...box.querySelectorAll('button')].find((button) => button.textContent === name)?.click());
const selected = () => box.querySelector('vscode-tabs')?.getAttribute('selected-index');
const importing = {
  phase: 'importing',
  filesTotal: 1203,
  filesDone: 214,
  bytesTotal: 1_200_000_000,
  bytesDone: 312_000_000,
  current: 'a.jsonl',
} as const;

beforeEach(() => setWords('en', {}));
afterEach(async () => {
  await act(async () => root.unmount());
  box.remove();
});

describe('the Memory view', () => {
  it('shows how far the import is, and its brakes work', async () => {
    await open({}, (fake) => {
      fake.capture = importing;
    });
    expect(box.textContent).toContain('Importing 214 of 1,203 files (312 MB of 1.2 GB)');
    await click('Stop');
    expect(box.textContent).toContain('Import stopped. 989 files left');
    await click('Resume');
    expect(host.calls.at(-1)).toEqual(['importNow']);
    await flush(() => host.emit('capture', { ...importing, filesDone: 300 }));
    await click('Pause');
    expect(box.textContent).toContain('Capture is paused');
    await click('Resume');
    expect(host.calls).toContainEqual(['setPaused', false]);
    expect(box.textContent).not.toContain('Capture is paused');
  });

  it('reads no sessions for the timeline while another tab is shown, and what has changed when it is shown again', async () => {
    await open();
    const asked = () => host.calls.filter(([name]) => name === 'listSessions').length;
    await flush(() => host.emit('show', { tab: 'search' }));
    const before = asked();
    await flush(() => host.emit('changed', { sessions: ['s1'], learnings: false, isReset: false }));
    expect(asked()).toBe(before);
    await flush(() => host.emit('show', { tab: 'timeline' }));
    expect(asked()).toBe(before + 1);
  });

  it('says why capture stopped', async () => {
    await open();
    await flush(() => host.emit('capture', { ...importing, phase: 'error', reason: 'The disk is full.' }));
    expect(box.textContent).toContain('Capture stopped: The disk is full.');
    await click('Open Doctor');
    expect(host.calls.at(-1)).toEqual(['openDoctor']);
  });

  it('tells once what is read, where it is kept and how much was found', async () => {
    await open({ context: { isFirstRun: true } }, (fake) => {
      fake.capture = importing;
    });
    for (const text of [
      '/home/ada/.claude',
      'globalStorage/claude-mem',
      '1,203 transcript files (1.2 GB)',
      'Nothing leaves this machine.',
    ])
      expect(box.textContent).toContain(text);
    await click('Got It');
    expect(host.calls).toContainEqual(['dismissFirstRun']);
    expect(box.textContent).not.toContain('Nothing leaves this machine.');
    await flush(() => host.emit('show', { tab: 'learnings' }));
    expect(box.textContent).not.toContain('Nothing leaves this machine.');
  });

  it('leads from the first run to the search, where one can type', async () => {
    await open({ context: { isFirstRun: true } });
    await flush(() => host.emit('show', { tab: 'learnings' }));
    expect(box.textContent).not.toContain('Nothing leaves this machine.');
    await flush(() => host.emit('show', { tab: 'timeline' }));
    await click('Find Something You Once Solved');
    expect(host.calls).toContainEqual(['dismissFirstRun']);
    expect(selected()).toBe('1');
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Search memory');
  });

  it('has one scope for all tabs', async () => {
    await open();
    const choose = () =>
      flush(() =>
        [...box.querySelectorAll<HTMLElement>('[role=radio]')]
          .find(({ textContent }) => textContent === 'All projects')
          ?.click(),
      );
    await choose();
    await flush(() => host.emit('show', { tab: 'search', query: 'signal' }));
    expect(host.calls.findLast(([name]) => name === 'search')?.[1]).not.toHaveProperty('scope');
    expect(host.getState()['scope']).toBe('all');
  });

  it('goes to the tab and the query a command asks for', async () => {
    await open();
    await flush(() => host.emit('show', { tab: 'search', query: 'signal' }));
    expect(selected()).toBe('1');
    expect(host.calls.findLast(([name]) => name === 'search')?.[1]).toMatchObject({ text: 'signal', isTyping: false });
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Search memory');
    expect(host.getState()['tab']).toBe('search');
  });

  it('opens the form for a learning made from a hit', async () => {
    await open();
    await flush(() => host.emit('draftLearning', { title: 'Found it', description: 'How', sourceSessions: ['s1'] }));
    expect(selected()).toBe('2');
    // The page is loaded on its first visit.
    await vi.waitFor(async () => {
      await flush(() => {});
      expect([...box.querySelectorAll<HTMLInputElement>('form input')].map((input) => input.value)).toContain(
        'Found it',
      );
    }, 10_000);
    await click('Save');
    expect(host.calls.find(([name]) => name === 'saveLearning')?.[1]).toMatchObject({
      title: 'Found it',
      sourceSessions: ['s1'],
    });
  });

  it('goes to the place on the Insights tab that a command asks for', async () => {
    await open();
    await flush(() => host.emit('show', { tab: 'insights', section: 'around', file: '/work/a.ts' }));
    expect(selected()).toBe('3');
    await vi.waitFor(async () => {
      await flush(() => {});
      expect(host.calls.find(([name]) => name === 'around')?.[1]).toMatchObject({ file: '/work/a.ts' });
    }, 10_000);
    await flush(() => host.emit('show', { tab: 'insights', section: 'sent' }));
    expect(box.textContent).toContain('Nothing has left this machine');
  });

  it('says when an action failed, until it is put away', async () => {
    await open();
    host.api = Object.assign(Object.create(host.api), {
      openSession: () => Promise.reject(new Error('No such session.')),
    });
    await flush(() => root.render(<App host={{ ...host }} context={host.context} />));
    await flush(() => box.querySelector<HTMLElement>('.card-title')?.click());
    expect(box.textContent).toContain('No such session.');
    await flush(() => box.querySelector<HTMLElement>('[aria-label="Dismiss"]')?.click());
    expect(box.textContent).not.toContain('No such session.');
  });

  it('says when the memory went away and when it is back', async () => {
    await open();
    await flush(() => host.emit('connection', { isConnected: false, reason: 'The keeper has gone.' }));
    expect(box.textContent).toContain('Memory cannot be reached: The keeper has gone.');
    await flush(() => host.emit('connection', { isConnected: true }));
    expect(box.textContent).not.toContain('cannot be reached');
  });

  it('speaks another language as soon as the context says so', async () => {
    await open();
    await flush(() =>
      host.emit('context', { ...host.context, language: 'zh-cn', words: { Timeline: '时间线', Today: '今天' } }),
    );
    expect(box.textContent).toContain('时间线');
  });
});
