// @vitest-environment happy-dom
import { act, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeHost } from '../fake-host';
import { HostProvider } from './host';
import { usePaged } from './use-paged';
import type { Paged } from './use-paged';

const host = createFakeHost({ sessions: 1 });
let root: ReturnType<typeof createRoot>;
let seen: Paged<string>;
let asked: string[];
let isBroken: boolean;
const pageCount = 5;

/** Pages of two rows; a cursor is the number of its page. */
async function read(cursor: string | undefined, word: string) {
  const number = Number(cursor ?? 0);
  asked.push(`${word}${number}`);
  if (isBroken) throw new Error('The keeper is away.');
  const items = [`${word}${number}.0`, `${word}${number}.1`];
  return { items, ...(number + 1 < pageCount && { next: String(number + 1) }) };
}

function Probe({ word, isNearEnd }: { word: string; isNearEnd: (rows: number) => boolean }) {
  const paged = usePaged(read, [word]);
  const { items, loadMore } = paged;
  // As a list does it.
  useEffect(() => {
    if (items.length > 0 && isNearEnd(items.length)) loadMore?.();
  }, [items, loadMore, isNearEnd]);
  // oxlint-disable-next-line react/globals -- a probe: its whole purpose is to let the test look inside
  seen = paged;
  return null;
}

const never = () => false;
const draw = (word: string, isNearEnd: (rows: number) => boolean = never) =>
  act(async () =>
    root.render(
      <HostProvider host={host} context={host.context}>
        <Probe word={word} isNearEnd={isNearEnd} />
      </HostProvider>,
    ),
  );
const more = () => act(async () => seen.loadMore?.());

beforeEach(() => {
  globalThis.IS_REACT_ACT_ENVIRONMENT = true;
  asked = [];
  isBroken = false;
  root = createRoot(document.createElement('div'));
});
afterEach(() => act(async () => root.unmount()));

describe('usePaged', () => {
  it('reads one page more each time, and none after the last', async () => {
    await draw('a');
    expect(seen.items).toEqual(['a0.0', 'a0.1']);
    for (let page = 1; page < pageCount; page += 1) await more(); // oxlint-disable-line no-await-in-loop
    expect(seen.items).toHaveLength(2 * pageCount);
    expect(seen.loadMore).toBeUndefined();
  });

  it('reads no further than a list is near its end, however often that asks', async () => {
    const isNearEnd = (rows: number) => rows < 4;
    await draw('a', isNearEnd);
    expect(seen.items).toHaveLength(4);
    expect(asked).toEqual(['a0', 'a0', 'a1']);
    await act(async () => {
      for (let time = 0; time < 3; time += 1) seen.loadMore?.();
    });
    expect(seen.items).toHaveLength(6);
  });

  it('starts with the first page when it is asked something else', async () => {
    await draw('a');
    await more();
    asked = [];
    await draw('b');
    expect(asked).toEqual(['b0']);
    expect(seen.items).toEqual(['b0.0', 'b0.1']);
  });

  it('keeps what it has when a page fails, is not asked for it without end, and gets it when asked again', async () => {
    await draw('a');
    isBroken = true;
    await draw('a', () => true);
    expect(seen.items).toHaveLength(2);
    expect(seen.error?.message).toBe('The keeper is away.');
    expect(asked).toHaveLength(3);
    isBroken = false;
    await draw('a', never);
    await more();
    expect(seen.items).toHaveLength(4);
    expect(seen.error).toBeUndefined();
  });
});
