// @vitest-environment happy-dom
import { act, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReaderLine } from './rows';
import { useHere } from './use-here';
import type { Here } from './use-here';

const rows = Array.from({ length: 10 }, (_, index) => ({ item: {}, key: `r${index}` }) as unknown as ReaderLine);
let root: ReturnType<typeof createRoot>;
let here: Here;

interface ReaderProps {
  target: { key: string | undefined; round: number } | undefined;
  onHere: (here: Here) => void;
}

function Reader({ target, onHere }: ReaderProps) {
  const found = useHere(rows, target);
  useEffect(() => {
    onHere(found);
  });
  return null;
}
const show = (target: ReaderProps['target']) =>
  act(async () => root.render(<Reader target={target} onHere={(found) => (here = found)} />));
const aim = (key: string | undefined, round: number) => show({ key, round });

beforeEach(async () => {
  globalThis.IS_REACT_ACT_ENVIRONMENT = true;
  root = createRoot(document.createElement('div'));
  await show(undefined);
  here.see('r0', 'r3');
});
afterEach(() => act(async () => root.unmount()));

describe('the row that is read', () => {
  it('is the first visible one', () => {
    expect(here.read()).toBe('r0');
    here.see('r4', 'r7');
    expect(here.read()).toBe('r4');
  });

  it('is the one jumped to, also before the list has come there', async () => {
    await aim('r8', 1);
    expect(here.read()).toBe('r8');
    here.see('r6', 'r9');
    expect(here.read()).toBe('r8');
  });

  it('is the first visible one again when a person has scrolled away from where a jump led', async () => {
    await aim('r8', 1);
    here.see('r6', 'r9');
    here.see('r1', 'r4');
    expect(here.read()).toBe('r1');
  });

  it('is the one jumped to anew, though the same was left before', async () => {
    await aim('r8', 1);
    here.see('r6', 'r9');
    here.see('r1', 'r4');
    await aim('r8', 2);
    expect(here.read()).toBe('r8');
  });

  it('is the first visible one after a jump within sight and a long way on', async () => {
    await aim('r2', 1);
    expect(here.read()).toBe('r2');
    here.see('r6', 'r9');
    expect(here.read()).toBe('r6');
  });

  it('is the first visible one after a jump to the beginning', async () => {
    await aim(undefined, 1);
    here.see('r0', 'r3');
    expect(here.read()).toBe('r0');
  });
});
