// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest';
import type { Claim, SessionSummary } from '../../../src/protocol/summary';
import { fakeSpend, makeSummary } from '../../fake-distilled';
import { createFakeHost } from '../../fake-host';
import type { FakeHost } from '../../fake-host';
import { openPage } from '../../test-page';
import type { TestPage } from '../../test-page';
import { ReaderApp } from './reader';

const sessionId = '00000000-0000-4000-8000-000000000000';
let page: TestPage;
let host: FakeHost;

async function open(change: (fake: FakeHost) => void = () => {}, state: Record<string, unknown> = {}): Promise<void> {
  host = createFakeHost({ turns: 30, state, context: { surface: 'reader', reader: { sessionId } } });
  change(host);
  page = await openPage(host, <ReaderApp host={host} context={host.context} />);
}
const called = (wanted: string) => host.calls.filter(([name]) => name === wanted);
const block = (title: string) => page.root.querySelector(`.summary-block[aria-label="${title}"]`)?.textContent;
const byModel: SessionSummary = {
  ...makeSummary(sessionId),
  id: 2,
  version: 2,
  source: 'model',
  model: 'claude-opus-5-5',
  isPublished: false,
  title: 'By a model',
  costUsd: 0.0312,
  droppedClaims: 1,
};

afterEach(() => page.close());

describe('the summary above the conversation', () => {
  it('says what became of the session, part by part', async () => {
    await open();
    expect(block('Asked')).toContain('Fix the flaky upload test');
    expect(block('Files')).toContain('src/bucket.tsnew, edits: 1');
    expect(block('Errors')).toContain('connection reset by peer · 2 times');
    expect(block('Commands')).toContain('npm test -- --run upload · runs: 3, failed: 1');
    expect(block('Open ends')).toContain('Say so in the README');
    expect(page.text()).toContain('Made by rules, on this computer');
  });

  it('every sentence jumps to its line', async () => {
    await open();
    await page.flush(() =>
      page.root.querySelector<HTMLElement>('.summary-block[aria-label="Decisions"] .sentence')?.click(),
    );
    expect(page.root.querySelector('[data-key="p5"] .lit, .lit')).not.toBeNull();
    const sentences = page.root.querySelectorAll('.summary .sentence');
    expect(sentences.length).toBeGreaterThan(8);
    expect([...sentences].filter((element) => element.tagName !== 'BUTTON')).toEqual([]);
  });

  it('names files from where the session ran, and opens them by their whole path', async () => {
    const made = makeSummary(sessionId);
    await open(
      (fake) =>
        (fake.summaries = [
          {
            ...made,
            files: ['/home/ada/code/src/a.ts', '/home/ada/codex/b.ts'].map((path) => ({
              path,
              edits: 1,
              isNew: false,
              evidence: [],
            })),
          },
        ]),
    );
    expect(block('Files')).toBe('Filessrc/a.tsedits: 1/home/ada/codex/b.tsedits: 1');
    await page.click('src/a.ts');
    expect(called('openFile')).toEqual([['openFile', '/home/ada/code/src/a.ts']]);
  });

  it('opens files, and copies and inserts itself', async () => {
    await open();
    await page.click('src/sync.ts');
    expect(called('openFile')).toEqual([['openFile', 'src/sync.ts']]);
    await page.click('Copy summary');
    await page.click('Insert summary at cursor');
    expect([...called('copySummary'), ...called('insertSummary')]).toEqual([
      ['copySummary', 1],
      ['insertSummary', 1],
    ]);
  });

  it('is collapsed away, and stays so', async () => {
    await open();
    await page.flush(() => page.root.querySelector<HTMLElement>('.summary-toggle')?.click());
    expect(block('Asked')).toBeUndefined();
    expect(page.root.querySelector('.summary-line')?.textContent).toBe(
      'The client no longer hammers a server that is down',
    );
    expect(host.getState()['summary']).toBe('closed');
  });

  it('is not there for a session without a prompt', async () => {
    await open((fake) => (fake.summaries = []));
    expect(page.root.querySelector('.summary')).toBeNull();
  });

  it('shows another version from now on', async () => {
    await open((fake) => fake.summaries.unshift(byModel));
    await page.flush(() => {
      const select = page.root.querySelector<HTMLSelectElement>('.summary select');
      if (!select) throw new Error('no switch');
      select.value = '2';
      select.dispatchEvent(new Event('change', { bubbles: true }));
    });
    expect(called('publishSummary')).toEqual([['publishSummary', 2]]);
    expect(page.text()).toContain('By a model');
    expect(page.text()).toContain(
      'By claude-opus-5-5 · $0.0312 · sentences left out because no line bears them out: 1',
    );
  });

  it('offers a model only where one may be asked, and asks once', async () => {
    await open();
    expect(page.text()).not.toContain('Summarise with a model');
    await page.close();
    await open((fake) => (fake.spend = { ...fakeSpend, state: 'ready' }));
    await page.click('Summarise with a model (claude-opus-5-5)');
    expect(called('summarizeByModel')).toEqual([['summarizeByModel', sessionId]]);
    expect(page.get('The model was asked; its summary will show here').hasAttribute('disabled')).toBe(true);
    host.summaries = [
      { ...byModel, isPublished: true },
      { ...makeSummary(sessionId), isPublished: false },
    ];
    await page.flush(() =>
      host.emit('changed', { sessions: [sessionId], learnings: false, isReset: false, distilled: true }),
    );
    expect(page.text()).toContain('By claude-opus-5-5');
    expect(page.find('Summarise with a model (claude-opus-5-5)')).toBeDefined();
  });

  it('asks the editor’s model by a click only', async () => {
    await open();
    expect(called('askEditorModel')).toEqual([]);
    await page.click('Ask this editor’s model…');
    expect(called('askEditorModel')).toEqual([['askEditorModel', sessionId]]);
  });

  it('of a session that grew says so, and is made anew', async () => {
    await open((fake) => (fake.summaries = [{ ...makeSummary(sessionId), isBehind: true }]));
    expect(page.text()).toContain('The session has grown since this was made.');
    host.summaries = [makeSummary(sessionId)];
    await page.click('The session has grown since: make it anew');
    expect(page.text()).not.toContain('The session has grown since this was made.');
  });

  it('stays text, whatever stands in it', async () => {
    const evil = '<img src=x onerror=alert(1)>\u202Egnp';
    const claim: Claim = { text: evil, evidence: [{ key: 'p1', sessionId, turn: 0, at: 0, quote: evil }] };
    await open(
      (fake) =>
        (fake.summaries = [
          {
            ...makeSummary(sessionId),
            title: evil,
            keyPoints: [claim],
            files: [{ path: evil, edits: 1, isNew: false, evidence: [] }],
            commands: [{ command: evil, runs: 1, failures: 0, outcome: 'unknown', evidence: [] }],
          },
        ]),
    );
    const summary = page.root.querySelector('.summary');
    expect(summary?.querySelector('img')).toBeNull();
    expect(summary?.textContent).toContain('<img src=x onerror=alert(1)>‹U+202E›gnp');
    expect(summary?.innerHTML).not.toContain('\u202E');
  });
});
