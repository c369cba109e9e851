// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest';
import { turnIdOf } from '../../../src/protocol/model';
import { rowKeyOf } from '../../../src/protocol/row-key';
import type { SearchHit } from '../../../src/protocol/search-hit';
import { createFakeHost } from '../../fake-host';
import { openPage } from '../../test-page';
import { HitRow } from './hit-row';

const hit: SearchHit = {
  kind: 'session',
  key: rowKeyOf({ kind: 'session', id: '00000000-0000-4000-8000-000000000001' }),
  sessionId: '00000000-0000-4000-8000-000000000001',
  turnId: turnIdOf('00000000-0000-4000-8000-000000000001', 1),
  turn: 1,
  title: 'Seven attempts for the gateway',
  snippet: 'at most seven attempts',
  highlights: [],
  at: Date.UTC(2026, 10, 2),
  score: 1,
  project: { id: 1, name: 'shop', root: '/work/shop' },
  moreInSession: 0,
  why: { words: [], roads: {}, parts: [] },
};

it('says that a later session amends it, and leads there instead of to the hit', async () => {
  const host = createFakeHost({ sessions: 1 });
  const onOpen = vi.fn();
  const later = '00000000-0000-4000-8000-000000000002';
  const amended = { ...hit, amendedBy: { sessionId: later, title: 'Five attempts now', turn: 3, at: hit.at } };
  const page = await openPage(
    host,
    <HitRow hit={amended} tabIndex={0} isNew={false} onOpen={onOpen} onSimilar={() => {}} />,
  );
  await page.click('Amended later: Five attempts now');
  expect(host.calls).toContainEqual(['openSession', later, { turn: 3 }]);
  expect(onOpen).not.toHaveBeenCalled();
  await page.close();
});

it('says nothing of amendments where there is none', async () => {
  const page = await openPage(
    createFakeHost({ sessions: 1 }),
    <HitRow hit={hit} tabIndex={0} isNew={false} onOpen={() => {}} onSimilar={() => {}} />,
  );
  expect(page.text()).not.toContain('Amended');
  await page.close();
});

it('goes into the basket by its button and out by a key, and shows that it is in', async () => {
  const host = createFakeHost({ sessions: 1 });
  const page = await openPage(
    host,
    <HitRow hit={hit} tabIndex={0} isNew={false} onOpen={() => {}} onSimilar={() => {}} />,
  );
  expect(page.find('In the basket')).toBeUndefined();
  await page.click('Put into the basket');
  expect(page.get('In the basket')).toBeDefined();
  expect(page.get('Take out of the basket').getAttribute('aria-pressed')).toBe('true');
  page.root.querySelector<HTMLElement>('.card-title')?.focus();
  await page.press('b');
  expect(host.calls.filter(([name]) => name === 'setInBasket')).toEqual([
    ['setInBasket', hit.key, true],
    ['setInBasket', hit.key, false],
  ]);
  expect(page.find('In the basket')).toBeUndefined();
  // What the reader or the list put in shows here too.
  await page.flush(() => host.emit('basket', { keys: [hit.key] }));
  expect(page.get('In the basket')).toBeDefined();
  await page.close();
});

it('shows a note of Claude with its file, and offers only what can be done with one', async () => {
  const host = createFakeHost({ sessions: 1 });
  const onOpen = vi.fn();
  const note: SearchHit = {
    kind: 'note',
    key: 'n7',
    title: 'Wants seven attempts',
    snippet: hit.snippet,
    highlights: [],
    at: hit.at,
    score: 1,
    why: hit.why,
    file: 'memory/attempts.md',
    note: 'fact',
    line: 3,
  };
  const page = await openPage(
    host,
    <HitRow hit={note} tabIndex={0} isNew={false} onOpen={onOpen} onSimilar={() => {}} />,
  );
  expect(page.get('Note of Claude')).toBeDefined();
  expect(page.text()).toContain('memory/attempts.md');
  for (const action of ['Put into the basket', 'Tags']) expect(page.find(action)).toBeUndefined();
  await page.flush(() => page.root.querySelector<HTMLElement>('.card-title')?.click());
  expect(onOpen).toHaveBeenCalledWith(note);
  await page.close();
});
