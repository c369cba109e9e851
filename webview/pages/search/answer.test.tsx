// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AnswerSentence } from '../../../src/protocol/ask';
import { createFakeHost } from '../../fake-host';
import type { FakeHost } from '../../fake-host';
import { openPage } from '../../test-page';
import type { TestPage } from '../../test-page';
import { looksAsked } from './answer';
import { Search } from './search';

let host: FakeHost;
let page: TestPage;

const sentence: AnswerSentence = {
  text: 'The retry budget of the mailer is five attempts now.',
  quote: 'is five attempts now',
  key: 'p7',
  voice: 'assistant',
  sessionId: 'one',
  title: 'Mailer',
  turn: 3,
  at: Date.UTC(2026, 10, 1),
  isAmending: true,
};
const old: AnswerSentence = {
  ...sentence,
  text: 'Settled: three attempts.',
  key: 'p2',
  sessionId: 'two',
  turn: 1,
  amendedBy: { sessionId: 'one', title: 'Mailer', turn: 3, at: 0 },
};

async function open(command: string, isQuestion: boolean, hasAsk = true): Promise<void> {
  host = createFakeHost({ turns: 20, sessions: 8, context: { roots: ['/work/shop'], hasAsk } });
  host.answer = (text) =>
    text.includes('retry')
      ? { sentences: [sentence, old], unknownWords: [], sessions: 2, tookMs: 1 }
      : { sentences: [], none: 'not_in_memory', unknownWords: ['logo'], sessions: 2, tookMs: 1 };
  page = await openPage(host, <Search asked={command} isWorkspaceEmpty={false} isQuestion={isQuestion} />);
  await page.flush(() => vi.advanceTimersByTime(100));
}
const asked = () => host.calls.filter(([name]) => name === 'ask').length;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(async () => {
  await page.close();
  vi.useRealTimers();
});

describe('the answer above the results', () => {
  it('has its sentences with their places, what amends before what it amends; a click opens the row', async () => {
    await open('What is the retry budget of the mailer?', true);
    const text = page.text();
    expect(text.indexOf('five attempts now')).toBeLessThan(text.indexOf('three attempts'));
    expect(text).toContain('before it was changed');
    await page.click(sentence.text);
    expect(host.calls.at(-1)).toEqual(['openSession', 'one', { key: 'p7', turn: 3, words: ['is five attempts now'] }]);
  });

  it('says that it is not in memory where an answer is asked for, and offers all projects and a model', async () => {
    await open('Who painted the logo', true);
    expect(page.text()).toContain('Not in memory');
    expect(page.text()).toContain('Nothing in memory says: logo');
    host.modelAnswer = {
      sentences: [sentence],
      struck: [{ text: 'It was nine.', why: 'number' }],
      model: 'a model',
      host: 'h',
      usd: 0.01,
    };
    await page.click('Ask a Model…');
    expect(page.text()).toContain('five attempts now');
    expect(page.text()).toContain('1 sentence struck out');
    expect(page.root.querySelector('s')?.textContent).toBe('It was nine.');
    expect(page.text()).toContain('The row has another number');
  });

  it('is silent for words of a search, for a question without an answer that nobody put, and when it is switched off', async () => {
    await open('retry mailer', false);
    expect(asked()).toBe(0);
    await page.close();
    await open('where is the logo of the mailer', false);
    expect(asked()).toBe(1);
    expect(page.root.querySelector('.answer')).toBeNull();
    await page.close();
    await open('What is the retry budget?', true, false);
    expect(asked()).toBe(0);
  });
});

it.each([
  ['why do uploads go in parts', true],
  ['retries?', true],
  ['上传为什么分块？', true],
  ['what changed', false],
  ['retry budget mailer', false],
  ['is:error tool:Bash', false],
])('%s: a question %s', (text, is) => {
  expect(looksAsked(text)).toBe(is);
});
