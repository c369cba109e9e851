/** A newer keystroke cancels the older query inside the keeper, not only in the page. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MemoryError } from '../../src/protocol/errors';
import { memoryMethods } from '../../src/protocol/memory-api';
import type { MemoryApi } from '../../src/protocol/memory-api';
import { connect, serve } from '../../src/protocol/rpc';
import { webviewMethods } from '../../src/protocol/webview-api';
import type { WebviewApi } from '../../src/protocol/webview-api';
import { openTestMemory } from '../fakes/test-memory';
import type { TestMemory } from '../fakes/test-memory';
import { makeWire } from '../fakes/wire';
import { Transcript, sessionId, writeTranscript } from '../fixtures/transcript-lines';

let test: TestMemory;
let page: WebviewApi;
let ends: (() => void)[];
/** Number of texts read for snippets; every search with hits reads some. */
let looks: number;

beforeEach(async () => {
  test = await openTestMemory();
  const transcript = new Transcript(sessionId(1));
  transcript.prompt('rename the basket');
  await writeTranscript(test.configDir, sessionId(1), transcript);
  await test.import();
  looks = 0;
  const { driver } = test;
  const get = driver.get.bind(driver);
  driver.get = (sql, params) => {
    if (sql.startsWith('SELECT content AS t FROM prompts')) looks++;
    return get(sql, params);
  };
  // Page → extension host → keeper, as in the editor.
  const [head, keeper] = makeWire();
  const [view, host] = makeWire();
  serve<MemoryApi>(keeper, test.memory, memoryMethods);
  const api = connect<MemoryApi>(head);
  serve(host, { search: (query, signal) => api.search(query, signal) } as WebviewApi, webviewMethods);
  page = connect<WebviewApi>(view);
  for (const end of [head, keeper, view, host]) end.listen();
  ends = [head, keeper, view, host].map((end) => () => end.dispose());
});
afterEach(async () => {
  for (const end of ends) end();
  await test.close();
});

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error: unknown) => (MemoryError.is(error) ? error.code : 'other'),
  );

it('a question that was ended at once is never looked up; the newest is', async () => {
  const asked = ['b', 'ba', 'bas', 'bask', 'baske'].map((text) => {
    const controller = new AbortController();
    const answer = codeOf(page.search({ text, isTyping: true }, controller.signal));
    controller.abort();
    return answer;
  });
  const last = await page.search({ text: 'basket', isTyping: true });
  expect(await Promise.all(asked)).toEqual(['cancelled', 'cancelled', 'cancelled', 'cancelled', 'cancelled']);
  expect(last.hits).toHaveLength(1);
  expect(looks).toBe(1);
});

it('a question that has reached the keeper is ended before its work begins', async () => {
  const controller = new AbortController();
  const asked = test.memory.search({ text: 'basket' }, controller.signal);
  // The scope is being resolved, so the search has not begun.
  await Promise.resolve();
  controller.abort();
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  expect(looks).toBe(0);
});

it('the control: questions that nobody ended are looked up', async () => {
  await Promise.all(['bask', 'baske'].map((text) => page.search({ text, isTyping: true })));
  expect(looks).toBe(2);
});
