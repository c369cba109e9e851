// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SearchQuery } from '../../../src/protocol/memory-api';
import { createFakeHost } from '../../fake-host';
import type { FakeHost, FakeOptions } from '../../fake-host';
import { openPage } from '../../test-page';
import type { TestPage } from '../../test-page';
import { Search } from './search';

let host: FakeHost;
let page: TestPage;
const asked = () => host.calls.filter(([name]) => name === 'search').map(([, query]) => query);
const focused = () => document.activeElement?.textContent;
const hitKeys = () => [...page.root.querySelectorAll<HTMLElement>('.hit')].map((hit) => JSON.parse(hit.dataset['vscodeContext'] ?? '{}').key);

async function open(options: FakeOptions, isWorkspaceEmpty = false): Promise<void> {
  host = createFakeHost({ turns: 20, sessions: 8, ...options });
  page = await openPage(host, <Search asked={null} isWorkspaceEmpty={isWorkspaceEmpty} />);
}

async function rest(): Promise<void> {
  await page.settle(() => vi.advanceTimersByTime(100));
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await open({ context: { roots: [] } });
});
afterEach(async () => {
  await page.close();
  vi.useRealTimers();
});

describe('Search', () => {
  it('asks nothing and shows how to search while the field is empty', () => {
    expect(asked()).toEqual([]);
    expect(page.text()).toContain('project:');
  });

  it('asks once for fast typing, as typing; Enter asks for the finished words', async () => {
    await page.type('Search memory', 'sig');
    await page.type('Search memory', 'signal');
    await rest();
    expect(asked()).toEqual([{ text: 'signal', limit: 30, isTyping: true }]);
    page.get('Search memory').focus();
    await page.press('Enter');
    expect(asked().at(-1)).toMatchObject({ text: 'signal', isTyping: false });
  });

  it('asks again when an import has ended, unless somebody is in the list', async () => {
    await page.type('Search memory', 'signal');
    await rest();
    const capture = { phase: 'idle', filesTotal: 2, filesDone: 2, bytesTotal: 9, bytesDone: 9, current: '' } as const;
    const endImport = () =>
      page.settle(() => {
        host.emit('capture', { ...capture, phase: 'importing' });
        host.emit('capture', capture);
        vi.advanceTimersByTime(2500);
      });
    const before = asked().length;
    await endImport();
    expect(asked()).toHaveLength(before + 1);
    await page.press('ArrowDown');
    await endImport();
    expect(asked()).toHaveLength(before + 1);
  });

  it('goes from the field to a hit to the cursor and back without the mouse', async () => {
    await page.type('Search memory', 'signal');
    await rest();
    const keys = hitKeys();
    await page.press('ArrowDown');
    const first = focused();
    expect(document.activeElement?.hasAttribute('data-roving')).toBe(true);
    await page.press('ArrowDown');
    await page.press('Enter', { ctrlKey: true });
    expect(host.calls.at(-1)).toEqual(['insert', keys[1]]);
    await page.press('c', { ctrlKey: true });
    expect(host.calls.at(-1)).toEqual(['copyContext', keys[1]]);
    await page.press('ArrowUp');
    expect(focused()).toBe(first);
    await page.press('Enter');
    expect(host.calls.at(-1)).toMatchObject(['openSession', expect.any(String), { key: keys[0] }]);
    await page.press('Escape');
    expect(document.activeElement).toBe(page.get('Search memory'));
  });

  it('goes back to the field from the first hit with the up arrow', async () => {
    await page.type('Search memory', 'signal');
    await rest();
    await page.press('ArrowDown');
    await page.press('ArrowUp');
    expect(document.activeElement).toBe(page.get('Search memory'));
  });

  it('marks the found words as text and tells the count', async () => {
    await page.type('Search memory', 'signal');
    await rest();
    expect(page.root.querySelector('mark')?.textContent).toBe('signal');
    expect(page.root.querySelector('[aria-live="polite"]')?.textContent).toMatch(/^\d+ results$/);
  });

  it('narrows by a facet and widens again', async () => {
    await page.type('Search memory', 'lock');
    await rest();
    const chip = [...page.root.querySelectorAll<HTMLElement>('[aria-label="Kind"] .chip')][0];
    await page.settle(() => chip?.click());
    expect(asked().at(-1)).toMatchObject({ types: ['user'] });
    await page.settle(() => page.root.querySelector<HTMLElement>('[aria-label="Kind"] .chip[aria-pressed="true"]')?.click());
    expect(asked().at(-1)).not.toHaveProperty('types');
  });

  it('offers all projects when this workspace has nothing', async () => {
    await page.close();
    await open({});
    await page.type('Search memory', 'nowhere to be found');
    await rest();
    expect(asked().at(-1)).toMatchObject({ scope: { roots: ['/home/ada/code/paper-boats'] } });
    expect(page.text()).toContain('Nothing found');
    await page.click('Search All Projects');
    expect(asked().at(-1)).not.toHaveProperty('scope');
  });

  it('searches all projects, and says so, when this workspace has no sessions at all', async () => {
    await page.close();
    await open({}, true);
    await page.type('Search memory', 'signal');
    await rest();
    expect(asked().at(-1)).not.toHaveProperty('scope');
    expect(page.text()).toContain('searching all projects');
    expect(hitKeys().length).toBeGreaterThan(0);
  });

  it('clears with Escape and shows the tips again', async () => {
    await page.type('Search memory', 'signal');
    await rest();
    page.get('Search memory').focus();
    await page.press('Escape');
    expect(page.text()).toContain('project:');
    expect(hitKeys()).toEqual([]);
  });

  it('shows why it failed and tries again', async () => {
    const working = host.api;
    let isBroken = true;
    const search = (query: SearchQuery) => (isBroken ? Promise.reject(new Error('The index is gone.')) : working.search(query));
    host.api = Object.assign(Object.create(working), { search });
    await page.close();
    page = await openPage(host, <Search asked="signal" isWorkspaceEmpty={false} />);
    await rest();
    expect(page.text()).toContain('The index is gone.');
    isBroken = false;
    await page.click('Retry');
    expect(hitKeys().length).toBeGreaterThan(0);
  });
});
