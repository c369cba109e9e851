// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest';
import { MemoryError } from '../../../src/protocol/errors';
import { createFakeHost } from '../../fake-host';
import type { FakeHost } from '../../fake-host';
import { openPage } from '../../test-page';
import type { TestPage } from '../../test-page';
import { ReaderApp } from './reader';

const sessionId = '00000000-0000-4000-8000-000000000000';
let page: TestPage;
let host: FakeHost;

async function open(change: (fake: FakeHost) => void = () => {}, hasStory = true): Promise<void> {
  host = createFakeHost({ turns: 30, context: { surface: 'reader', reader: { sessionId }, hasStory } });
  change(host);
  page = await openPage(host, <ReaderApp host={host} context={host.context} />);
}
const called = (wanted: string) => host.calls.filter(([name]) => name === wanted);
const section = () => page.root.querySelector<HTMLElement>('[aria-label="Changed files"]');
const toggle = () => page.flush(() => section()?.querySelector<HTMLElement>('.summary-toggle')?.click());
const press = (label: string) =>
  page.flush(() => section()?.querySelector<HTMLElement>(`[aria-label="${label}"]`)?.click());

afterEach(() => page.close());

describe('what the session changed', () => {
  it('is asked for when it is opened, and says of each file how much and how sure', async () => {
    await open();
    expect(called('sessionChanges')).toEqual([]);
    await toggle();
    const rows = [...(section()?.querySelectorAll('.changes > li') ?? [])].map((row) => row.textContent);
    expect(rows).toHaveLength(3);
    expect(rows[0]).toContain('src/invoice.ts');
    expect(rows[0]).toContain('Lines added: 1');
    expect(rows[0]).not.toContain('may have');
    expect(rows[1]).toContain('new · a command may have changed it afterwards');
    expect(rows[2]).toContain('taken back · known in parts');
  });

  it('shows the net diff of a file, and opens it, all of them, and the file as it was left', async () => {
    await open();
    await toggle();
    await page.flush(() => section()?.querySelector<HTMLElement>('.change-toggle')?.click());
    expect(section()?.querySelector('.diff-added')?.textContent).toContain('weigh(parcel)');
    await press('Open in diff editor');
    await press('Open all in one diff editor');
    await press('Open the file as the session left it, beside today’s');
    const file = '/work/shop/src/invoice.ts';
    expect(called('openChange')).toEqual([['openChange', sessionId, file]]);
    expect(called('openChanges')).toEqual([['openChanges', sessionId]]);
    expect(called('openFileAt')).toEqual([['openFileAt', sessionId, 4, file]]);
    // Nothing to show where all was taken back.
    expect(section()?.querySelectorAll('.change-toggle:disabled')).toHaveLength(1);
    await page.flush(() => section()?.querySelector<HTMLElement>('.change-tools .link')?.click());
    expect(page.root.querySelector('[data-key="o3"]')).not.toBeNull();
  });

  it('says why it cannot be told, with a way to try again', async () => {
    await open((fake) => {
      const { api } = fake;
      const sessionChanges = () => Promise.reject(new MemoryError('busy', 'The memory is busy.'));
      fake.api = new Proxy(api, {
        get: (target, name: 'ready') => ({ sessionChanges })[name as string] ?? target[name],
      });
    });
    await toggle();
    expect(section()?.textContent).toContain('The memory is busy.');
    expect(section()?.textContent).toContain('Retry');
  });

  it('is not there when the setting is off', async () => {
    await open(() => {}, false);
    expect(section()).toBeNull();
  });
});
