// @vitest-environment happy-dom
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SearchQuery } from '../../../src/protocol/questions/search';
import type { MessageHit } from '../../../src/protocol/search-hit';
import { createFakeHost } from '../../fake-host';
import type { FakeHost, FakeOptions } from '../../fake-host';
import { openPage } from '../../test-page';
import type { TestPage } from '../../test-page';
import { Search } from './search';

let host: FakeHost;
let page: TestPage;
const asked = () => host.calls.filter(([name]) => name === 'search').map(([, query]) => query);
const focused = () => document.activeElement?.textContent;
const hitKeys = () =>
  [...page.root.querySelectorAll<HTMLElement>('.hit')].map(
    (hit) => JSON.parse(hit.dataset['vscodeContext'] ?? '{}').key,
  );

async function open(options: FakeOptions, isWorkspaceEmpty = false): Promise<void> {
  host = createFakeHost({ turns: 20, sessions: 8, ...options });
  page = await openPage(host, <Search asked={null} isWorkspaceEmpty={isWorkspaceEmpty} />);
}

async function rest(): Promise<void> {
  await page.flush(() => vi.advanceTimersByTime(100));
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

  it('asks the first key at once, as typing; Enter asks for the finished words', async () => {
    await page.type('Search memory', 'signal');
    expect(asked()).toEqual([{ text: 'signal', limit: 30, isTyping: true, roads: 'words' }]);
    page.get('Search memory').focus();
    await page.press('Enter');
    expect(asked().at(-1)).toMatchObject({ text: 'signal', isTyping: false });
  });

  it('says what an exclusion left out, and takes it as a word by one click', async () => {
    await page.type('Search memory', 'signal -mast');
    await rest();
    expect(page.text()).toContain('"-mast" left out 1,200 of 1,300 sessions.');
    await page.click('Use mast');
    expect(asked().at(-1)).toMatchObject({ text: 'signal mast', isTyping: false });
  });

  it('asks again when an import has ended, unless somebody is in the list', async () => {
    await page.type('Search memory', 'signal');
    await rest();
    const capture = { phase: 'idle', filesTotal: 2, filesDone: 2, bytesTotal: 9, bytesDone: 9, current: '' } as const;
    const endImport = () =>
      page.flush(() => {
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
    expect(host.recents).toEqual(['signal']);
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
    const chips = () => [...page.root.querySelectorAll<HTMLElement>('[aria-label="Filters"] .chip')];
    expect(chips().filter((chip) => chip.tabIndex === 0)).toHaveLength(1);
    const second = chips()[1]!;
    const name = second.textContent;
    await page.flush(() => second.click());
    expect(asked().at(-1)).not.toEqual(asked()[0]);
    // What is on stands first, where it is seen.
    expect([chips()[0]?.textContent, chips()[0]?.getAttribute('aria-pressed')]).toEqual([name, 'true']);
    await page.flush(() => chips()[0]?.click());
    expect(asked().at(-1)).toEqual(asked()[0]);
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
    const search = (query: SearchQuery) =>
      isBroken ? Promise.reject(new Error('The index is gone.')) : working.search(query);
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

describe('completion', () => {
  const options = () => [...page.root.querySelectorAll<HTMLElement>('[role="option"]')];
  const field = () => page.get('Search memory') as HTMLInputElement;

  it('offers the values of a filter in a list, and the keys put one in at the caret', async () => {
    await page.type('Search memory', 'boat project:');
    expect(field().getAttribute('aria-expanded')).toBe('true');
    expect(options().map((option) => option.textContent)).toHaveLength(3);
    await page.press('ArrowDown');
    await page.press('ArrowDown');
    expect(options()[1]?.id).toBe(field().getAttribute('aria-activedescendant'));
    await page.press('Enter');
    expect(field().value).toBe('boat project:tide-tables ');
    expect(options()).toEqual([]);
    expect(document.activeElement).toBe(field());
  });

  it('closes with Escape, which then does not empty the field; words wait for Ctrl+Space', async () => {
    await page.type('Search memory', 'boat project:');
    await page.press('Escape');
    expect([field().value, options().length]).toEqual(['boat project:', 0]);
    await page.type('Search memory', 'boat');
    expect(options()).toEqual([]);
    await page.press(' ', { ctrlKey: true });
    expect(options().length).toBeGreaterThan(0);
  });

  it('offers names of filters by itself', async () => {
    await page.type('Search memory', 'pro');
    await page.flush(() => options()[0]?.click());
    expect(field().value).toBe('project:');
  });

  it('does not say that nothing is found, or what is wrong, while a filter is half typed', async () => {
    await page.type('Search memory', 'proect:x project:');
    expect(options()).toHaveLength(3);
    expect(page.text()).not.toContain('Nothing found');
    expect(page.root.querySelector('[aria-live="polite"]')?.textContent).toBe('');
    await page.press('Escape');
    expect(page.text()).toContain('Nothing found');
  });

  it('offers recent searches in the empty field, and takes one out with Delete', async () => {
    await page.close();
    host.recents = ['lock', 'signal'];
    page = await openPage(host, <Search asked={null} isWorkspaceEmpty={false} />);
    field().focus();
    expect(options()).toEqual([]);
    await page.press('ArrowDown');
    expect(options().map((option) => option.textContent)).toEqual(['lock', 'signal']);
    await page.press('ArrowDown');
    await page.press('Delete');
    expect(host.recents).toEqual(['signal']);
    expect(options().map((option) => option.textContent)).toEqual(['signal']);
    await page.press('Enter');
    expect(field().value).toBe('signal');
    expect(asked().at(-1)).toMatchObject({ text: 'signal', isTyping: false });
  });
});

describe('what was not understood', () => {
  it('is said, marked at its place, and mended with a click', async () => {
    await page.type('Search memory', 'proect:x signal');
    await rest();
    expect(page.text()).toContain('There is no filter "proect:"');
    expect(page.root.querySelector('.wave')?.textContent).toBe('proect');
    expect(page.get('Search memory').getAttribute('aria-describedby')).toBe(page.get('Not understood').id);
    await page.click('Use project');
    expect((page.get('Search memory') as HTMLInputElement).value).toBe('project:x signal');
    expect(page.root.querySelector('.wave')).toBeNull();
  });
});

describe('the second, better answer', () => {
  const order = () => hitKeys();

  /** Holds back the answers of each road until a test releases them. */
  function hold(): { release: (roads: string) => Promise<void>; signals: AbortSignal[] } {
    const working = host.api;
    const waiting = new Map<string, () => void>();
    const signals: AbortSignal[] = [];
    const search: typeof working.search = async (query, signal) => {
      if (signal) signals.push(signal);
      await new Promise<void>((resolve) => waiting.set(query.roads ?? '', resolve));
      return working.search(query, signal);
    };
    host.api = Object.assign(Object.create(working), { search });
    return { signals, release: (roads) => page.flush(() => waiting.get(roads)?.()) };
  }

  beforeEach(async () => {
    await page.close();
    host = createFakeHost({ turns: 20, sessions: 40, context: { roots: [] } });
    host.refined = (hits) => hits.toReversed();
  });

  it('comes after the first was painted, and changes the order below the row with the focus only', async () => {
    const held = hold();
    page = await openPage(host, <Search asked="signal" isWorkspaceEmpty={false} />);
    await held.release('words');
    const first = order();
    expect(first.length).toBeGreaterThan(4);
    await page.press('ArrowDown');
    await page.press('ArrowDown');
    await held.release('all');
    expect(order().slice(0, 2)).toEqual(first.slice(0, 2));
    expect(order().slice(2)).not.toEqual(first.slice(2));
    expect(new Set(order())).toEqual(new Set(first));
    expect(document.activeElement?.closest('.row')?.getAttribute('data-index')).toBe('1');
  });

  it('leaves the row under the cursor where it is', async () => {
    const held = hold();
    page = await openPage(host, <Search asked="signal" isWorkspaceEmpty={false} />);
    await held.release('words');
    const first = order();
    await page.flush(() =>
      page.root.querySelectorAll('.hit')[3]?.dispatchEvent(new MouseEvent('mouseover', { bubbles: true })),
    );
    await held.release('all');
    expect(order().slice(0, 4)).toEqual(first.slice(0, 4));
    expect(order().slice(4)).not.toEqual(first.slice(4));
  });

  it('may change all when nobody is in the list, and marks what it brought', async () => {
    const held = hold();
    host.refined = (hits) => [{ ...(hits[0] as MessageHit), sessionId: 'another', key: 'p9999' }, ...hits];
    page = await openPage(host, <Search asked="signal" isWorkspaceEmpty={false} />);
    await held.release('words');
    await held.release('all');
    expect(order()[0]).toBe('p9999');
    expect([...page.root.querySelectorAll('.hit-new')]).toHaveLength(1);
  });

  it('leaves unfolded what was unfolded, also when it shows another place of the session first', async () => {
    await page.close();
    await open({ sessions: 4, turns: 40, context: { roots: [] } });
    const held = hold();
    host.refined = (hits) =>
      hits.map((hit) => ({ ...(hit as MessageHit), key: `p${Number(hit.key.slice(1)) + 999_000}` }));
    page = await openPage(host, <Search asked="signal" isWorkspaceEmpty={false} />);
    await held.release('words');
    const more = () => page.root.querySelector<HTMLElement>('.card-more');
    await page.flush(() => more()?.click());
    expect(more()?.getAttribute('aria-expanded')).toBe('true');
    const before = order()[0];
    await held.release('all');
    expect(order()[0]).not.toBe(before);
    expect(more()?.getAttribute('aria-expanded')).toBe('true');
    expect(page.root.querySelectorAll('.place').length).toBeGreaterThan(0);
  });

  it('is not waited for by a newer question, and both calls of the older one are ended', async () => {
    const held = hold();
    page = await openPage(host, <Search asked="signal" isWorkspaceEmpty={false} />);
    await held.release('words');
    await page.type('Search memory', 'lock');
    await rest();
    expect(held.signals.map(({ aborted }) => aborted)).toEqual([true, true, false]);
    await held.release('words');
    const shown = order();
    expect(shown).not.toEqual([]);
    expect(page.root.querySelector('mark')?.textContent).toBe('lock');
  });
});

describe('a hit', () => {
  it('unfolds the other places of its session where it stands, each of which opens', async () => {
    await page.close();
    await open({ sessions: 4, turns: 40, context: { roots: [] } });
    await page.type('Search memory', 'signal');
    await rest();
    const card = [...page.root.querySelectorAll<HTMLElement>('.hit')].find((hit) => hit.querySelector('.card-more'))!;
    await page.flush(() => card.querySelector<HTMLElement>('.card-more')?.click());
    expect(card.querySelector('.card-more')?.getAttribute('aria-expanded')).toBe('true');
    const [place] = card.querySelectorAll<HTMLElement>('.place');
    await page.flush(() => place?.click());
    expect(host.calls.at(-1)).toMatchObject(['openSession', expect.any(String), { turn: expect.any(Number) }]);
    const title = card.querySelector<HTMLElement>('.card-title');
    title?.focus();
    await page.press('ArrowLeft');
    expect(card.querySelectorAll('.place')).toHaveLength(0);
    await page.press('ArrowRight');
    expect(card.querySelectorAll('.place').length).toBeGreaterThan(0);
  });

  it('is called by what a person sees: title, text, kind and time', async () => {
    await page.type('Search memory', 'signal');
    await rest();
    const title = page.root.querySelector<HTMLElement>('.card-title')!;
    expect(title.getAttribute('aria-label')).toContain(title.textContent);
    expect(title.getAttribute('aria-label')).toMatch(/signal.*, (?:Prompt|Answer|Bash|Read|Edit|Grep), /);
  });

  describe('with the focus', () => {
    beforeEach(async () => {
      await page.type('Search memory', 'signal');
      await rest();
      await page.press('ArrowDown');
    });

    it('tells why it is there, with numbers beside the bars, and Escape leads back', async () => {
      const title = document.activeElement;
      await page.press('w');
      const panel = page.root.querySelector<HTMLElement>('section.why')!;
      expect(panel.getAttribute('aria-label')).toBe('Why this hit');
      expect(document.activeElement).toBe(panel);
      expect(panel.textContent).toContain('Found by its words, place 1');
      expect(panel.textContent).toContain('signal75%');
      expect([...panel.querySelectorAll('li')].map((line) => line.textContent)).toEqual([
        'Length, 50% of the average session: × 1.1',
        'Words of the question that it has, 75%: × 1.16',
      ]);
      expect(panel.textContent).toContain('Relevance0.8 of 1, counts 67%');
      await page.press('Escape');
      expect(page.root.querySelector('.why')).toBeNull();
      expect(document.activeElement).toBe(title);
    });

    it('is flagged and tagged by keys', async () => {
      const [key] = hitKeys();
      await page.press('f');
      expect(host.calls.at(-1)).toEqual(['setFlagged', key, true]);
      expect(page.get('Flagged')).toBeDefined();
      await page.press('t');
      await page.type('Tags, separated by commas', 'later, to do');
      await page.press('Enter');
      expect(host.calls.filter(([name]) => name === 'setTags')).toEqual([['setTags', key, ['later', ' to do']]]);
      expect([...page.root.querySelectorAll('.mark-tag')].map((tag) => tag.textContent)).toEqual(['later', 'to do']);
      expect(document.activeElement?.hasAttribute('data-roving')).toBe(true);
    });

    it('is the start of a search for what is like it, with a chip that ends it', async () => {
      const [key] = hitKeys();
      await page.press('s');
      expect(asked().at(-1)).toMatchObject({ similarTo: key });
      expect(asked().at(-1)).not.toHaveProperty('roads');
      const chip = [...page.root.querySelectorAll<HTMLElement>('.chip')].find((each) =>
        each.textContent?.startsWith('similar to:'),
      );
      await page.flush(() => chip?.click());
      expect(asked().at(-1)).not.toHaveProperty('similarTo');
    });
  });
});

describe('this workspace and the others', () => {
  it('tells how many results all projects have, and shows them by one click', async () => {
    await page.close();
    await open({});
    await page.type('Search memory', 'signal');
    await rest();
    const here = hitKeys().length;
    await page.flush(() => vi.advanceTimersByTime(500));
    const link = [...page.root.querySelectorAll<HTMLElement>('.outcome .link')][0];
    expect(link?.textContent).toMatch(/^\d+ in all projects$/);
    await page.flush(() => link?.click());
    expect(asked().at(-1)).not.toHaveProperty('scope');
    expect(hitKeys().length).toBeGreaterThan(here);
  });

  it('stay what they are while a person is at work, whatever becomes of the workspace', async () => {
    await page.close();
    await open({}, true);
    await page.type('Search memory', 'signal');
    await rest();
    const before = hitKeys();
    await page.close();
    const shown = createFakeHost({ turns: 20, sessions: 8 });
    host = shown;
    page = await openPage(shown, <Emptied />);
    await page.type('Search memory', 'signal');
    await rest();
    expect(hitKeys()).toEqual(before);
    await page.click('The workspace has a session');
    await rest();
    expect(hitKeys()).toEqual(before);
    expect(page.text()).toContain('This workspace has sessions now');
    await page.type('Search memory', '');
    await page.type('Search memory', 'signal');
    await rest();
    expect(asked().at(-1)).toMatchObject({ scope: { roots: ['/home/ada/code/paper-boats'] } });
  });
});

function Emptied() {
  const [isEmpty, setIsEmpty] = useState(true);
  return (
    <>
      <button type="button" onClick={() => setIsEmpty(false)}>
        The workspace has a session
      </button>
      <Search asked={null} isWorkspaceEmpty={isEmpty} />
    </>
  );
}

describe('order and facets', () => {
  it('asks for the newest, and keeps the wish', async () => {
    await page.type('Search memory', 'signal');
    await rest();
    await page.type('Order', 'newest');
    expect(asked().at(-1)).toMatchObject({ sort: 'newest' });
    expect(host.calls).toContainEqual(['setSearchOrder', { sort: 'newest', recency: 'usual' }]);
    await page.type('Order', 'strong');
    expect(asked().at(-1)).toMatchObject({ recency: 'strong' });
    expect(asked().at(-1)).not.toHaveProperty('sort');
  });

  it('narrows by branch, file and day', async () => {
    await page.type('Search memory', 'signal');
    await rest();
    expect(page.root.querySelector('[aria-label="Branch"]')).toBeNull();
    await page.click('All filters');
    await page.flush(() => page.root.querySelector<HTMLElement>('[aria-label="Branch"] .chip')?.click());
    await page.flush(() => page.root.querySelector<HTMLElement>('[aria-label="File"] .chip')?.click());
    await page.flush(() => page.root.querySelector<HTMLElement>('[aria-label="Day"] .day-bar')?.click());
    expect(asked().at(-1)).toMatchObject({
      branches: [expect.any(String)],
      files: ['/home/ada/code/paper-boats/src/sync.ts'],
      days: ['2026-11-22'],
    });
    await page.flush(() =>
      page.root.querySelector<HTMLElement>('[aria-label="Day"] .day-bar[aria-pressed="true"]')?.click(),
    );
    expect(asked().at(-1)).not.toHaveProperty('days');
  });
});

describe('a saved search', () => {
  it('is kept with its filters, run, renamed, deleted and brought back', async () => {
    await page.type('Search memory', 'lock');
    await rest();
    await page.click('All filters');
    await page.flush(() => page.root.querySelector<HTMLElement>('[aria-label="Kind"] .chip')?.click());
    await page.click('Save this search');
    await page.type('Name of this search', 'Locks');
    await page.press('Enter');
    expect(host.searches).toMatchObject([{ name: 'Locks', text: 'lock type:prompt' }]);
    page.get('Search memory').focus();
    await page.press('Escape');
    await page.flush(() => {
      host.emit('changed', { sessions: [], learnings: false, isReset: false, marks: true });
      vi.advanceTimersByTime(1000);
    });
    await page.click('Rename Locks');
    await page.type('New name', 'All locks');
    await page.press('Enter');
    await page.click('Delete All locks');
    expect(host.searches).toEqual([]);
    await page.click('Undo');
    await page.flush(() => page.root.querySelector<HTMLElement>('.saved-run')?.click());
    expect((page.get('Search memory') as HTMLInputElement).value).toBe('lock type:prompt');
    expect(host.calls.some(([name]) => name === 'noteSearchUse')).toBe(true);
  });
});
