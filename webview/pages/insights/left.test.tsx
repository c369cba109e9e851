// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeHost } from '../../fake-host';
import type { FakeHost } from '../../fake-host';
import { openPage } from '../../test-page';
import type { TestPage } from '../../test-page';
import { Insights } from './insights';

let page: TestPage;
let host: FakeHost;

async function open(change: (fake: FakeHost) => void = () => {}, hasLeft = true): Promise<void> {
  host = createFakeHost({ context: { hasLeft, lastHere: Date.UTC(2026, 10, 20, 18) } });
  change(host);
  page = await openPage(host, <Insights place={{ section: 'left' }} isShown />);
}
const list = (title: string) => page.root.querySelector(`.insight[aria-label^="${title}"]`);
const called = (wanted: string) => host.calls.filter(([name]) => name === wanted);

afterEach(() => page.close());

describe('what is left', () => {
  it('is listed with its evidence, and asked for since the person was last here', async () => {
    await open();
    expect(called('whatIsLeft')[0]?.[1]).toMatchObject({ since: Date.UTC(2026, 10, 20, 18) });
    expect(list('Open ends')?.textContent).toContain('Cache the parcel labels');
    expect(list('Open ends')?.textContent).toContain('left open 2 times');
    expect(list('Done since')?.textContent).toContain('Rounded the tax.');
    expect(list('Decisions in force')?.textContent).toContain('Use npm instead of pnpm.');
    expect(list('Dead ends')?.textContent).toContain('not reviewed yet');
    expect(list('Errors that came back')?.textContent).toContain('sessions: 3');
    expect(list('Since you were last here')?.textContent).toContain('Added zones of the north.');
    expect(page.text()).toContain('Sessions that have no summary yet: 2');
    await page.flush(() => list('Done since')?.querySelectorAll<HTMLElement>('.left-line')[1]?.click());
    expect(called('openSession')).toEqual([
      ['openSession', '00000000-0000-4000-8000-000000000000', { turn: 5, key: 'p5' }],
    ]);
  });

  it('is closed and opened by a person', async () => {
    await open();
    const press = (title: string, words: string) =>
      page.flush(() =>
        [...list(title)!.querySelectorAll('button')].find(({ textContent }) => textContent === words)?.click(),
      );
    await press('Open ends', 'Not Open Any More');
    expect(list('Done since')?.textContent).toContain('Closed by you, ');
    await press('Done since', 'Open Again');
    expect(called('setNeverGiven').map(([, ...args]) => args)).toEqual([
      ['labels/open/0', true],
      ['vans/open/0', false],
    ]);
    expect(called('whatIsLeft').length).toBeGreaterThan(2);
  });

  it('is narrowed to a topic, and made a digest of', async () => {
    await open();
    const select = page.root.querySelector<HTMLSelectElement>('.left-bar select')!;
    await page.flush(() => {
      select.value = 'docs';
      select.dispatchEvent(new Event('change', { bubbles: true }));
    });
    expect(list('Open ends')?.textContent).not.toContain('parcel labels');
    expect(list('Open ends')?.textContent).toContain('refund page');
    await page.flush(() =>
      [...page.root.querySelectorAll<HTMLElement>('.left-bar vscode-button, .left-bar button')][0]?.click(),
    );
    expect(called('showDigest')).toHaveLength(1);
  });

  it('says when nothing is, and is not offered when the setting is off', async () => {
    await open((fake) => {
      fake.left = { ...fake.left, openEnds: [], closed: [], decisions: [], deadEnds: [], errors: [], since: [] };
    });
    expect(page.text()).toContain('Nothing is left');
    await page.close();
    await open(() => {}, false);
    expect(called('whatIsLeft')).toEqual([]);
    expect(page.text()).not.toContain('What is left');
  });
});
