// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rowKeyOf } from '../../../src/protocol/row-key';
import type { CardAct } from '../../../src/protocol/webview';
import { createFakeHost } from '../../fake-host';
import type { FakeHost } from '../../fake-host';
import { openPage } from '../../test-page';
import type { TestPage } from '../../test-page';
import { Learnings } from './learnings';
import { undoMs } from './use-undo';

let host: FakeHost;
let page: TestPage;
const titles = () => [...page.root.querySelectorAll('.card-title')].map((element) => element.textContent);
/** From the context menu of the first card. */
const chosen = (act: CardAct) =>
  page.flush(() => host.emit('act', { key: rowKeyOf({ kind: 'learning', id: 'a1' }), act }));
const called = (wanted: string) => host.calls.filter(([name]) => name === wanted);

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  host = createFakeHost();
  page = await openPage(host, <Learnings draft={null} isShown />);
});
afterEach(async () => {
  await page.close();
  vi.useRealTimers();
});

describe('Learnings', () => {
  it('says where it stands already or what it contradicts, and opens the file there', async () => {
    const place = { key: 'n3', file: '.claude/CLAUDE.md', line: 12 } as const;
    const [first, second, ...others] = host.learnings;
    host.learnings = [
      { ...first!, standsIn: place },
      { ...second!, contradicts: { ...place, line: 4, text: 'Never retry.' } },
      ...others,
    ];
    await page.flush(() => {
      host.emit('changed', { sessions: [], learnings: true, isReset: false });
      vi.advanceTimersByTime(1000);
    });
    await page.click('Stands in .claude/CLAUDE.md');
    await page.click('Contradicts .claude/CLAUDE.md: “Never retry.”');
    expect(called('openNote')).toEqual([
      ['openNote', 'n3', 12],
      ['openNote', 'n3', 4],
    ]);
  });

  it('deletes at once and brings it back', async () => {
    const before = titles();
    await chosen('delete');
    expect(called('deleteLearning')).toEqual([['deleteLearning', 'a1']]);
    expect(titles()).toEqual(before.slice(1));
    expect(document.activeElement?.textContent).toBe('Undo');
    await page.click('Undo');
    expect(called('restoreLearning')).toEqual([['restoreLearning', 'a1']]);
    expect(titles()).toEqual(before);
    expect(page.text()).not.toContain('Deleted:');
  });

  it('offers the way back for ten seconds', async () => {
    await chosen('delete');
    await page.flush(() => vi.advanceTimersByTime(undoMs - 1));
    expect(page.find('Undo')).toBeDefined();
    await page.flush(() => vi.advanceTimersByTime(1));
    expect(page.find('Undo')).toBeUndefined();
    expect(called('restoreLearning')).toEqual([]);
  });

  it('writes a new one, with an id of its own', async () => {
    await page.click('New learning');
    await page.type('Title', '  Never trust a clock ');
    await page.type('Description', 'Use a counter.');
    await page.type('Tags', 'time, #clock, time,');
    await page.type('Category', 'error');
    await page.click('Save');
    const [, input] = called('saveLearning')[0] ?? [];
    expect(input).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      category: 'error',
      title: 'Never trust a clock',
      description: 'Use a counter.',
      tags: ['time', 'clock'],
    });
    expect(titles()).toContain('Never trust a clock');
    expect(page.find('Save')).toBeUndefined();
  });

  it('says what is missing and saves nothing', async () => {
    await page.click('New learning');
    await page.click('Save');
    expect(page.text()).toContain('Give it a title');
    expect(page.text()).toContain('Describe what you learned');
    expect(page.get('Title').getAttribute('aria-invalid')).toBe('true');
    expect(called('saveLearning')).toEqual([]);
    await page.type('Title', 'x');
    expect(page.text()).not.toContain('Give it a title');
  });

  it('keeps what was typed when saving fails', async () => {
    host.api = Object.assign(Object.create(host.api), {
      saveLearning: () => Promise.reject(new Error('The disk is full.')),
    });
    await page.close();
    page = await openPage(
      host,
      <Learnings isShown draft={{ title: 'From a hit', description: 'Text', sourceSessions: ['s1'] }} />,
    );
    await page.click('Save');
    expect(page.text()).toContain('The disk is full.');
    expect(page.get('Title')).toHaveProperty('value', 'From a hit');
  });

  it('leaves the keys of an input method to it', async () => {
    await page.click('New learning');
    await page.type('Title', '中文分词');
    await page.type('Description', '更准确');
    await page.press('Escape', { isComposing: true });
    await page.press('Enter', { isComposing: true, ctrlKey: true });
    expect(page.get('Title')).toHaveProperty('value', '中文分词');
    expect(called('saveLearning')).toEqual([]);
    await page.press('Enter', { ctrlKey: true });
    expect(called('saveLearning')).toHaveLength(1);
  });

  it('edits without losing pin and verification', async () => {
    await page.click('Edit');
    await page.type('Title', 'A better title');
    await page.click('Save');
    expect(called('saveLearning')[0]?.[1]).toMatchObject({
      id: 'a1',
      title: 'A better title',
      isPinned: true,
      isVerified: true,
      verificationNotes: 'kill -9 in a loop',
    });
  });

  it('unpins with one click', async () => {
    await chosen('pin');
    expect(called('saveLearning')[0]?.[1]).toMatchObject({ id: 'a1', isPinned: false });
  });

  it('changes nothing but the flag', async () => {
    const stored = { description: '    npm run fix\n', context: ' in CI ', tags: ['C#, F#', '#1042', 'log'] };
    host.learnings = host.learnings.map((learning) => ({ ...learning, ...stored, isPinned: false, isVerified: false }));
    await page.flush(() => host.emit('changed', { sessions: [], learnings: true, isReset: false }));
    const [title] = titles();
    await chosen('pin');
    expect(called('saveLearning')[0]?.[1]).toMatchObject({ ...stored, isPinned: true });
    await page.click(title ?? '');
    const box = page.root.querySelector('vscode-checkbox');
    await page.flush(() => {
      Object.assign(box ?? {}, { checked: true });
      box?.dispatchEvent(new Event('change', { bubbles: true }));
    });
    expect(called('saveLearning')[1]?.[1]).toMatchObject({ ...stored, isVerified: true });
  });

  it('filters by category and says when nothing is left', async () => {
    await page.click('Error');
    expect(titles()).toEqual(['ERR 1042 means the proxy closed an idle connection']);
    await page.click('Pattern');
    expect(page.text()).toContain('No learning matches the filters');
  });

  it('explains itself when there is none', async () => {
    host.learnings = [];
    await page.flush(() => host.emit('changed', { sessions: [], learnings: true, isReset: false }));
    expect(page.text()).toContain('A learning is a short note');
  });
});
