/** Defaults of the library that must be switched off. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { countTokens, startMessagesApi } from '../../test/fakes/messages-api';
import type { FakeMessagesApi } from '../../test/fakes/messages-api';
import type { LanguageModel, ModelQuestion } from '../core/distil/ask/language-model';
import { connectAnthropic } from './anthropic';

let api: FakeMessagesApi;
let model: LanguageModel;
const question: ModelQuestion = {
  model: 'claude-haiku-5-5',
  system: 'Be short.',
  text: '[1] user: rename the basket please',
  schema: { type: 'object' },
  maxTokens: 500,
  hasEffort: true,
};
const ask = (signal = new AbortController().signal) => model.ask(question, signal);

beforeEach(async () => {
  api = await startMessagesApi();
  model = connectAnthropic({ key: api.key, baseUrl: api.url });
});
afterEach(() => api.close());

it('streams one answer with what it cost', async () => {
  const { text, usage, stopReason, requestId } = await ask();
  expect(JSON.parse(text)).toMatchObject({ title: 'A session told by the stand-in' });
  expect({ stopReason, requestId }).toEqual({ stopReason: 'end_turn', requestId: 'req_1' });
  expect(usage.inputTokens * 100 + usage.outputTokens * 500).toBe(api.bill.nano);
  expect(api.requests[0]!.body).toMatchObject({ stream: true, output_config: { effort: 'low' } });
});

it('counts the tokens of a text, which costs nothing', async () => {
  const { signal } = new AbortController();
  expect(await model.countTokens('claude-haiku-5-5', 'rename the basket', signal)).toBe(
    countTokens('rename the basket') + 7,
  );
  expect(api.requests).toMatchObject([{ path: '/v1/messages/count_tokens', body: { model: 'claude-haiku-5-5' } }]);
  expect(api.bill).toEqual({ nano: 0, calls: 0 });
  api.script = [{ status: 401, type: 'authentication_error' }];
  await expect(model.countTokens('claude-haiku-5-5', 'x', signal)).rejects.toMatchObject({
    data: { charged: 'none', kind: 'wrong_key' },
  });
});

it.each(['http://example.com', 'ftp://example.com', 'http://192.168.0.1:8080'])(
  'asks nobody at %s: neither https nor this machine',
  (baseUrl) => {
    expect(() => connectAnthropic({ key: 'sk', baseUrl })).toThrow('https://');
  },
);

it('repeats nothing by itself, and says when it may be repeated', async () => {
  api.script = [{ status: 429, type: 'rate_limit_error', retryAfter: 7 }];
  await expect(ask()).rejects.toMatchObject({
    data: { charged: 'none', kind: 'busy', retryAfterMs: 7000, reason: '429 rate_limit_error' },
  });
  expect(api.requests).toHaveLength(1);
});

it('says nothing of what the API said about the request', async () => {
  api.script = [{ status: 400, message: 'line 1: rename the basket please' }];
  await expect(ask()).rejects.toSatisfy(
    (error: Error) => !JSON.stringify([Object.entries(error), error.message]).includes('basket'),
  );
});

it('does not follow a redirect: the key would go along', async () => {
  const other = createServer(
    (_, response) => void response.writeHead(307, { location: `${api.url}/v1/messages` }).end(),
  );
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  model = connectAnthropic({ key: api.key, baseUrl: `http://127.0.0.1:${(other.address() as AddressInfo).port}` });
  await expect(ask()).rejects.toMatchObject({ data: { charged: 'unknown' } });
  expect(api.requests).toEqual([]);
  other.close();
});

it('stopped in the middle it does not know what was charged', async () => {
  api.usual = 'hang';
  const stop = new AbortController();
  api.gate = (point) => void (point === 'begun' && setImmediate(() => stop.abort()));
  await expect(ask(stop.signal)).rejects.toMatchObject({ data: { charged: 'unknown', kind: 'cut' } });
});

it('writes nothing to the console, whatever the environment wants', async () => {
  vi.stubEnv('ANTHROPIC_LOG', 'debug');
  const spies = (['debug', 'info', 'log', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name));
  model = connectAnthropic({ key: api.key, baseUrl: api.url });
  await ask();
  api.script = [{ status: 500 }];
  await expect(ask()).rejects.toBeDefined();
  expect(spies.flatMap((spy) => spy.mock.calls)).toEqual([]);
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
