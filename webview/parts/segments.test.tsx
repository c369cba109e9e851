// @vitest-environment happy-dom
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeHost } from '../fake-host';
import { openPage } from '../test-page';
import type { TestPage } from '../test-page';
import { Segments } from './segments';

let page: TestPage;
let chosen: string[];
const segments = ['Hull', 'Mast', 'Keel'].map((label) => ({ value: label.toLowerCase(), label }));

function Part({ first }: { first: string }) {
  const [selected, setSelected] = useState(first);
  return (
    <Segments
      label="Part"
      segments={segments}
      selected={selected}
      onChange={(value) => {
        chosen.push(value);
        setSelected(value);
      }}
    />
  );
}

const radios = () => [...page.root.querySelectorAll<HTMLElement>('[role="radio"]')];
const checked = () => radios().find((radio) => radio.getAttribute('aria-checked') === 'true')?.textContent;
const tabStops = () => radios().flatMap((radio) => (radio.tabIndex === 0 ? [radio.textContent] : []));

beforeEach(() => {
  chosen = [];
});
afterEach(() => page.close());

describe('Segments', () => {
  it('are one tab stop: what is chosen, or the first', async () => {
    page = await openPage(createFakeHost(), <Part first="mast" />);
    expect(page.get('Part').getAttribute('role')).toBe('radiogroup');
    expect(tabStops()).toEqual(['Mast']);
    await page.close();
    page = await openPage(createFakeHost(), <Part first="" />);
    expect(checked()).toBeUndefined();
    expect(tabStops()).toEqual(['Hull']);
  });

  it('are chosen by arrow keys, which go round, and by Home and End', async () => {
    page = await openPage(createFakeHost(), <Part first="hull" />);
    page.get('Hull').focus();
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowRight', 'ArrowLeft', 'ArrowUp', 'Home', 'End']) {
      await page.press(key); // oxlint-disable-line no-await-in-loop
      expect(document.activeElement?.textContent).toBe(checked());
      expect(tabStops()).toEqual([checked()]);
    }
    expect(chosen).toEqual(['mast', 'keel', 'hull', 'keel', 'mast', 'hull', 'keel']);
  });

  it('leave other keys, and those with Ctrl, to the editor', async () => {
    page = await openPage(createFakeHost(), <Part first="hull" />);
    page.get('Hull').focus();
    await page.press('ArrowRight', { ctrlKey: true });
    await page.press('x');
    await page.press('Home');
    expect(chosen).toEqual([]);
    await page.click('Keel');
    expect(chosen).toEqual(['keel']);
  });
});
