// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import translations from '../../../l10n/webview-words.json';
import type { Finding } from '../../../src/protocol/care';
import { MemoryError } from '../../../src/protocol/errors';
import type { FileLedger } from '../../../src/protocol/status';
import { makeExamination } from '../../fake-data';
import { createFakeHost } from '../../fake-host';
import type { FakeHost } from '../../fake-host';
import { setWords } from '../../state/words';
import { openPage } from '../../test-page';
import type { TestPage } from '../../test-page';
import { DoctorApp } from './doctor';

const now = Date.UTC(2026, 10, 22, 12);
const damaged: Finding = {
  id: 'store.integrity',
  area: 'store',
  level: 'error',
  message: 'The memory file is damaged in {0} places.',
  args: [3],
  remedies: ['repair', 'restore_backup', 'show_log'],
};
const unfound: Finding = {
  id: 'index.documents',
  area: 'index',
  level: 'warning',
  message: '{0} of {1} texts cannot be found by searching.',
  args: [2, 1000],
  remedies: ['rebuild_index'],
};
const closed: Finding = {
  id: 'lock.open',
  area: 'lock',
  level: 'error',
  message: 'The memory cannot be opened: {0}',
  args: ['Another window holds it.'],
  remedies: ['show_log', 'reload_window'],
};
let page: TestPage;

async function open(
  change: (host: FakeHost) => void = () => {},
  state: Record<string, unknown> = {},
): Promise<FakeHost> {
  const host = createFakeHost({ now, context: { surface: 'doctor' }, state });
  host.examination = makeExamination(now);
  change(host);
  page = await openPage(host, <DoctorApp host={host} context={host.context} />);
  return host;
}
const called = (host: FakeHost, wanted: string) => host.calls.filter(([name]) => name === wanted);
const areas = () =>
  [...page.root.querySelectorAll('.area')].map((area) => area.querySelector('.area-name')?.textContent);
const toggle = (area: string) =>
  page.flush(() =>
    [...page.root.querySelectorAll<HTMLElement>('.area-toggle')]
      .find((each) => each.textContent?.includes(area))
      ?.click(),
  );
const isOpen = (area: string) =>
  [...page.root.querySelectorAll('.area-toggle')]
    .find((each) => each.textContent?.includes(area))
    ?.getAttribute('aria-expanded');
const right = (name: string) =>
  [...page.root.querySelectorAll<HTMLElement>('.rights button')].find(({ textContent }) => textContent === name);
const uneven = (count: number): FileLedger[] =>
  Array.from({ length: count }, (_, index) => ({
    path: `/home/ada/.claude/projects/p/${index}.jsonl`,
    sessionId: String(index),
    kind: 'main',
    bytesSeen: 9000,
    bytesStored: 1000,
    bytesSkipped: { duplicate: 3000, noise: 5000 },
    linesSkipped: {},
    redactions: 0,
    isGone: index === 1,
  }));

afterEach(async () => {
  await page.close();
  setWords('en', {});
  vi.useRealTimers();
});

describe('the diagnosis', () => {
  it('of a well memory is one sentence, with every area collapsed to a line', async () => {
    await open();
    expect(page.root.querySelector('.verdict')?.textContent).toBe('All is well.');
    expect(areas()).toEqual(['Memory file', 'Access', 'Transcripts', 'Search index']);
    expect(isOpen('Memory file')).toBe('false');
    expect(page.root.querySelectorAll('.finding')).toHaveLength(0);
    expect(page.text()).toContain('7,412 of 7,412 sessions accounted for; 214 exist only here');
    // A process id is not formatted as a quantity.
    expect(page.text()).toContain('One process owns the memory: 41712.');
    expect(page.root.querySelector('[role="img"]')?.getAttribute('aria-label')).toBe('Well');
  });

  it('puts what hurts first, expanded, with its remedies', async () => {
    await open((host) => (host.examination = makeExamination(now, [unfound, damaged])));
    expect(page.root.querySelector('.verdict')?.textContent).toBe('1 problem, 1 thing to look at.');
    expect(areas()).toEqual(['Memory file', 'Search index', 'Access', 'Transcripts']);
    expect([isOpen('Memory file'), isOpen('Search index'), isOpen('Transcripts')]).toEqual(['true', 'true', 'false']);
    const [first] = page.root.querySelectorAll('.finding');
    expect(first?.textContent).toBe('The memory file is damaged in 3 places.<repair><restore_backup><show_log>');
    expect(first?.querySelector('[role="img"]')?.getAttribute('aria-label')).toBe('Problem');
    expect(page.text()).toContain('2 of 1,000 texts cannot be found by searching.');
  });

  it('counts problems and doubts, and does not worry about notes', async () => {
    const host = await open(
      (fake) => (fake.examination = makeExamination(now, [damaged, { ...damaged, id: 'store.two' }])),
    );
    expect(page.root.querySelector('.verdict')?.textContent).toBe('2 problems.');
    host.examination = makeExamination(now, [{ ...unfound, level: 'note' }]);
    await page.click('Refresh');
    expect(page.root.querySelector('.verdict')?.textContent).toBe('All is well.');
    expect(isOpen('Search index')).toBe('true');
  });

  it('collapses and expands by a button, and remembers it', async () => {
    const host = await open();
    await toggle('Memory file');
    expect(isOpen('Memory file')).toBe('true');
    expect(page.text()).toContain('The memory file was checked 5 hours ago and is whole.');
    expect(host.getState()['areas']).toEqual({ store: true });
  });

  it('speaks the language of the editor', async () => {
    setWords('zh-cn', translations);
    await open((host) => (host.examination = makeExamination(now, [damaged])));
    expect(page.root.querySelector('.verdict')?.textContent).toBe('1 个问题。');
    expect(page.text()).toContain('记忆文件有 3 处损坏。');
    expect(page.text()).toContain('7,412 个会话中 7,412 个已核对；214 个仅存于此');
  });

  it('shows what a damaged file says as text', async () => {
    await open((host) => (host.examination = makeExamination(now, [{ ...closed, args: ['<img src=x>\u202E'] }])));
    expect(page.root.querySelectorAll('img')).toHaveLength(0);
    expect(page.text()).toContain('<img src=x>');
    expect(page.text()).not.toContain('\u202E');
  });
});

describe('a memory that cannot be opened', () => {
  it('says why, keeps the way back to backups, and tries again', async () => {
    const host = await open((fake) => {
      const { sizes: _, ...rest } = makeExamination(now);
      fake.examination = { ...rest, diagnosis: { at: now, findings: [closed], report: '' } };
    });
    expect(page.text()).toContain('The memory cannot be opened: Another window holds it.');
    expect(page.find('<back_up>')).toBeUndefined();
    expect(page.root.querySelectorAll('.row-action')).toHaveLength(2);
    host.examination = makeExamination(now);
    await page.click('Try Again');
    expect(page.root.querySelector('.verdict')?.textContent).toBe('All is well.');
    expect(page.find('<back_up>')).toBeDefined();
  });
});

describe('remedies', () => {
  it('run one at a time, say that they do, and what came of it', async () => {
    let finish = (_: string) => {};
    const host = await open((fake) => {
      fake.examination = makeExamination(now, [damaged]);
      fake.api = new Proxy(fake.api, {
        get: (target, name: keyof typeof fake.api) =>
          name === 'applyRemedy' ? () => new Promise<string>((resolve) => (finish = resolve)) : target[name],
      });
    });
    const live = page.root.querySelector('[aria-live="polite"]');
    await page.click('<repair>');
    expect(live?.textContent).toBe('Under way: <repair>');
    expect(
      [...page.root.querySelectorAll<HTMLButtonElement>('.finding button, .row-action button')].every(
        ({ disabled }) => disabled,
      ),
    ).toBe(true);
    const before = called(host, 'examine').length;
    host.examination = makeExamination(now);
    await page.flush(() => finish('Memory repaired.'));
    expect(live?.textContent).toBe('Memory repaired.');
    expect(called(host, 'examine').length).toBe(before + 1);
    expect(page.root.querySelector('.verdict')?.textContent).toBe('All is well.');
    await page.click('Dismiss');
    expect(live?.textContent).toBe('');
  });

  it('give the focus back: to the button, or to the heading of what has collapsed', async () => {
    const host = await open((fake) => (fake.examination = makeExamination(now, [damaged])));
    // A browser removes the focus from a disabled button; this test document does not.
    const press = async (name: string) => {
      page.get(name).focus();
      await page.click(name);
      await page.flush(() => (document.activeElement as HTMLElement).blur());
      await page.click('Refresh');
    };
    await press('<repair>');
    expect(document.activeElement?.textContent).toBe('<repair>');
    host.examination = makeExamination(now);
    await press('<repair>');
    expect(document.activeElement?.textContent).toMatch(/^Memory file/);
  });

  it('that fail say why and can be tried again', async () => {
    let tries = 0;
    await open((fake) => {
      fake.examination = makeExamination(now, [unfound]);
      const fail = () =>
        tries++ === 0 ? Promise.reject(new MemoryError('internal', 'The disk is full.')) : Promise.resolve('Done.');
      fake.api = new Proxy(fake.api, {
        get: (target, name: keyof typeof fake.api) => (name === 'applyRemedy' ? fail : target[name]),
      });
    });
    await page.click('<rebuild_index>');
    expect(page.root.querySelector('[role="alert"]')?.textContent).toContain(
      '<rebuild_index> did not work: The disk is full.',
    );
    await page.click('Try Again');
    expect(tries).toBe(2);
    expect(page.root.querySelector('[aria-live="polite"]')?.textContent).toBe('Done.');
  });

  it('that a person has refused leave no word', async () => {
    await open((host) => (host.examination = makeExamination(now, [damaged])));
    await page.click('<repair>');
    expect(page.root.querySelector('[aria-live="polite"]')?.textContent).toBe('');
  });
});

describe('backups', () => {
  it('are listed with a way back to each', async () => {
    const host = await open();
    const rows = [...page.root.querySelectorAll('[aria-labelledby="backups"] tbody tr')].map((row) => row.textContent);
    expect(rows).toEqual([
      expect.stringMatching(/Automatic5\.2 MB7,41212Restore$/),
      expect.stringMatching(/Only what you wrote4\.1 kB–11Restore$/),
    ]);
    const [restore] = page.root.querySelectorAll<HTMLElement>('.row-action button');
    expect(restore?.getAttribute('aria-label')).toMatch(/^Restore the backup of Nov 22, 2026/);
    await page.flush(() => restore?.click());
    expect(called(host, 'restoreBackup')).toEqual([['restoreBackup', 'b2']]);
    expect(page.text()).toContain('Memory restored. Learnings kept: 2');
  });

  it('are made by a button, and undone only when there is something to undo', async () => {
    const host = await open();
    expect(page.find('<undo_restore>')).toBeUndefined();
    await page.click('<back_up>');
    expect(page.root.querySelectorAll('.row-action')).toHaveLength(3);
    host.examination = { ...host.examination, hasUndo: true };
    await page.click('Refresh');
    await page.click('<undo_restore>');
    expect(called(host, 'applyRemedy').at(-1)).toEqual(['applyRemedy', 'undo_restore']);
  });
});

describe('the rest', () => {
  it('shows what each part takes, as a number and as a bar', async () => {
    await open();
    const rows = [...page.root.querySelectorAll('.sizes tr')].map((row) => row.textContent);
    expect(rows).toEqual([
      'Database312 MB',
      'Journal4 MB',
      'Archive of transcripts88 MB',
      'Backups120 MB',
      'Models24 MB',
      'Logs240 kB',
      'Put aside0 B',
      'Together548 MB',
    ]);
    expect(
      [...page.root.querySelectorAll<HTMLElement>('.bar')].map(({ style }) => style.inlineSize).slice(0, 2),
    ).toEqual(['100%', expect.stringMatching(/^1\.28/)]);
  });

  it('copies the report', async () => {
    const host = await open();
    await page.click('Copy Report');
    expect(called(host, 'copyText')).toEqual([['copyText', '# Claude-Mem: diagnosis']]);
    expect(page.text()).toContain('The report is on the clipboard.');
  });

  it('shows the ledger of uneven files, page by page', async () => {
    const host = await open((fake) => {
      fake.ledger = uneven(260);
      const [first] = fake.ledger;
      if (first) first.bytesStored = 500;
    });
    await toggle('Transcripts');
    expect(called(host, 'listUneven')).toHaveLength(0);
    await page.click('Files with something passed over');
    expect(page.root.querySelectorAll('.uneven tbody tr')).toHaveLength(50);
    const [one, two] = page.root.querySelectorAll('.uneven tbody tr');
    expect(one?.textContent).toContain('Not accounted for: 500 B');
    expect(one?.textContent).toContain('bookkeeping 5 kB · already stored 3 kB');
    expect(two?.textContent).toContain('no longer on disk');
    for (const rows of [100, 150, 200, 250, 260]) {
      await page.click('Show more');
      expect(page.root.querySelectorAll('.uneven tbody tr')).toHaveLength(rows);
    }
    expect(page.find('Show more')).toBeUndefined();
  });

  it('looks again when something changed, but not at every beat of an import', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const host = await open();
    const looks = () => called(host, 'examine').length;
    expect(looks()).toBe(1);
    for (let beat = 0; beat < 20; beat += 1)
      await page.flush(() => host.emit('changed', { sessions: [], learnings: false, isReset: false }));
    expect(looks()).toBe(2);
    await page.flush(() => vi.advanceTimersByTime(3000));
    expect(looks()).toBe(3);
    await page.flush(() => vi.advanceTimersByTime(30_000));
    expect(looks()).toBe(3);
    await page.flush(() => host.emit('connection', { isConnected: false, reason: 'gone' }));
    expect(looks()).toBe(4);
  });
});

describe('your data', () => {
  it('has an action for each right, which is asked for by name', async () => {
    const host = await open();
    expect([...page.root.querySelectorAll('.rights th')].map(({ textContent }) => textContent)).toEqual([
      'Take it along',
      'Have it erased',
      'See what was forgotten',
      'Restrict its use',
      'Say how much it is protected',
      'See who looked',
      'Redact it again',
    ]);
    await page.flush(() => right('<export_memory>')?.click());
    expect(called(host, 'applyRemedy')).toEqual([['applyRemedy', 'export_memory']]);
  });

  it('is not offered where the memory cannot be opened', async () => {
    await open((host) => {
      const { sizes: _, ...rest } = makeExamination(now);
      host.examination = rest;
    });
    expect(page.root.querySelector('.rights')).toBeNull();
  });
});
