/**
 * The part of the Messages API that we use, on this machine: streams, batches, errors, and a bill. It charges when it
 * has read a request that it will answer, even if the client is gone by then.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Behaviour =
  | 'answer'
  | 'refuse'
  | 'malformed'
  | 'too_long'
  /** Sends a part of the answer and closes the connection. */
  | 'cut'
  /** Closes the connection before any answer, but charges. */
  | 'vanish'
  /** Sends the error in the middle of the stream. */
  | 'overloaded_later'
  | 'overloaded_first'
  /** Begins to answer and never ends. */
  | 'hang'
  | { status: number; type?: string; message?: string; retryAfter?: number };

interface SeenRequest {
  path: string;
  headers: IncomingMessage['headers'];
  body: MessageBody | undefined;
}

interface MessageBody {
  model: string;
  max_tokens: number;
  stream?: boolean;
  system: { type: 'text'; text: string; cache_control?: object }[];
  messages: { role: string; content: string }[];
  output_config?: { format?: { type: string; schema: object }; effort?: string };
}

interface Batch {
  id: string;
  requests: { custom_id: string; params: MessageBody }[];
  results?: string;
}

export interface FakeMessagesApi {
  url: string;
  key: string;
  requests: SeenRequest[];
  /** In whole billionths of a dollar. */
  bill: { nano: number; calls: number };
  /** Behaviours of the next requests; afterwards `usual`. */
  script: Behaviour[];
  usual: Behaviour;
  /** Text of an answer; by default a summary with correct quotes. */
  answer: (body: MessageBody) => string;
  /** Tokens of an answer besides its text. */
  thinking: number;
  /**
   * Awaited when a request was charged, when its answer has begun, and when it has ended, so that a test can interfere.
   */
  gate: (point: 'charged' | 'begun' | 'ended') => Promise<void> | void;
  /** Ends open batches, with a behaviour for each request. */
  endBatches(behave?: (id: string, index: number) => 'answer' | 'errored' | 'expired' | 'refuse'): void;
  batches: Batch[];
  close(): Promise<void>;
}

/** Billionths of a dollar per token. Separate numbers, so that the bill does not depend on the table under test. */
const rates: Record<string, { input: number; output: number; write: number; read: number }> = {
  'claude-haiku-4-5': { input: 1000, output: 5000, write: 1250, read: 100 },
  'claude-haiku-5-5': { input: 100, output: 500, write: 125, read: 10 },
};

/** Gives more tokens than any real tokenizer, so that an estimate which holds here holds everywhere. */
export function countTokens(text: string): number {
  let tokens = 0;
  for (const [piece] of text.matchAll(/[A-Za-z]+|\d|\s+|[\u0080-\u{10FFFF}]|[^\sA-Za-z\d]/gu)) {
    if (/^[A-Za-z]/.test(piece))
      tokens +=
        /^[A-Z]?[a-z]+$|^[A-Z]+$/.test(piece) && piece.length < 20
          ? Math.ceil(piece.length / 4)
          : Math.ceil(piece.length / 1.6);
    else if (/^\s/.test(piece)) tokens += piece === ' ' ? 0 : 1;
    else tokens += piece.codePointAt(0)! > 0x7f ? 2 : 1;
  }
  return tokens;
}

export async function startMessagesApi(): Promise<FakeMessagesApi> {
  const requests: SeenRequest[] = [];
  const bill = { nano: 0, calls: 0 };
  const cached = new Set<string>();
  const batches: Batch[] = [];
  const api: FakeMessagesApi = {
    url: '',
    key: 'sk-test-1',
    requests,
    bill,
    script: [],
    usual: 'answer',
    answer: summaryOf,
    thinking: 0,
    gate: () => {},
    batches,
    endBatches(behave = () => 'answer') {
      for (const batch of batches)
        batch.results ??= batch.requests
          .map(
            ({ custom_id, params }, index) =>
              `${JSON.stringify({ custom_id, result: resultOf(params, behave(custom_id, index)) })}\n`,
          )
          .join('');
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  const charge = (body: MessageBody, text: string, isBatch: boolean) => {
    const system = body.system.map((block) => block.text).join('');
    const prefix = countTokens(system);
    const isCacheable = body.system.some((block) => block.cache_control) && prefix >= 1024;
    const isRead = isCacheable && cached.has(system);
    if (isCacheable) cached.add(system);
    const usage = {
      input_tokens:
        countTokens(body.messages.map(({ content }) => content).join('')) +
        countTokens(JSON.stringify(body.output_config ?? {})) +
        (isCacheable ? 0 : prefix) +
        20,
      cache_creation_input_tokens: isCacheable && !isRead ? prefix : 0,
      cache_read_input_tokens: isRead ? prefix : 0,
      output_tokens: countTokens(text) + api.thinking,
    };
    const rate = rates[body.model]!;
    const nano =
      usage.input_tokens * rate.input +
      usage.output_tokens * rate.output +
      usage.cache_creation_input_tokens * rate.write +
      usage.cache_read_input_tokens * rate.read;
    bill.nano += isBatch ? Math.ceil(nano / 2) : nano;
    bill.calls++;
    return usage;
  };
  const resultOf = (body: MessageBody, behaviour: string): object => {
    if (behaviour === 'errored')
      return { type: 'errored', error: { type: 'error', error: { type: 'invalid_request_error', message: 'no' } } };
    if (behaviour === 'expired') return { type: 'expired' };
    const text = behaviour === 'refuse' ? '' : api.answer(body);
    return {
      type: 'succeeded',
      message: {
        ...messageOf(body),
        content: [{ type: 'text', text }],
        stop_reason: behaviour === 'refuse' ? 'refusal' : 'end_turn',
        usage: charge(body, text, true),
      },
    };
  };

  const stream = async (response: ServerResponse, body: MessageBody, behaviour: Behaviour) => {
    const whole = behaviour === 'malformed' ? '{"title": "half' : behaviour === 'refuse' ? '' : api.answer(body);
    const usage =
      behaviour === 'overloaded_first'
        ? undefined
        : charge(body, behaviour === 'too_long' ? 'x '.repeat(body.max_tokens) : whole, false);
    await api.gate('charged');
    if (behaviour === 'vanish') {
      response.destroy();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': `req_${requests.length}` });
    const send = (type: string, data: object) =>
      void response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
    if (usage === undefined) {
      send('error', { error: { type: 'overloaded_error', message: 'Overloaded' } });
      response.end();
      return;
    }
    send('message_start', {
      message: { ...messageOf(body), content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
    });
    send('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
    await api.gate('begun');
    if (behaviour === 'hang') return;
    const parts = whole.match(/[\s\S]{1,200}/g) ?? [];
    for (const text of behaviour === 'cut' || behaviour === 'overloaded_later' ? parts.slice(0, 1) : parts)
      send('content_block_delta', { index: 0, delta: { type: 'text_delta', text } });
    if (behaviour === 'overloaded_later') {
      send('error', { error: { type: 'overloaded_error', message: 'Overloaded' } });
      response.end();
      return;
    }
    if (behaviour === 'cut') {
      // Waits until the text is sent before the connection ends.
      await new Promise((resolve) => response.write(': \n\n', resolve));
      response.destroy();
      return;
    }
    send('content_block_stop', { index: 0 });
    send('message_delta', {
      delta: {
        stop_reason: behaviour === 'refuse' ? 'refusal' : behaviour === 'too_long' ? 'max_tokens' : 'end_turn',
        stop_sequence: null,
      },
      usage: { output_tokens: usage.output_tokens },
    });
    send('message_stop', {});
    response.end();
    await api.gate('ended');
  };

  const handleBatches = (
    response: ServerResponse,
    path: string,
    body: { requests?: Batch['requests'] } | undefined,
  ) => {
    const [, id, part] = /^\/v1\/messages\/batches(?:\/([^/]+))?(?:\/(results))?$/.exec(path) ?? [];
    if (id === undefined) {
      const batch: Batch = { id: `msgbatch_${batches.length + 1}`, requests: body?.requests ?? [] };
      batches.push(batch);
      return json(response, 200, batchOf(batch));
    }
    const batch = batches.find((each) => each.id === id);
    if (!batch) return fail(response, { status: 404, type: 'not_found_error' });
    if (part === undefined) return json(response, 200, batchOf(batch));
    response.writeHead(200, { 'content-type': 'application/x-jsonl' });
    response.end(batch.results ?? '');
  };

  const batchOf = (batch: Batch) => ({
    id: batch.id,
    type: 'message_batch',
    processing_status: batch.results === undefined ? 'in_progress' : 'ended',
    results_url: batch.results === undefined ? null : `${api.url}/v1/messages/batches/${batch.id}/results`,
    request_counts: { processing: 0, succeeded: 0, errored: 0, canceled: 0, expired: 0 },
    created_at: '',
    ended_at: null,
    expires_at: '',
    archived_at: null,
    cancel_initiated_at: null,
  });

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname;
      const text = Buffer.concat(chunks).toString();
      const body = text === '' ? undefined : (JSON.parse(text) as MessageBody & { requests?: Batch['requests'] });
      requests.push({ path, headers: request.headers, body });
      if (request.headers.authorization !== `Bearer ${api.key}`)
        return fail(response, { status: 401, type: 'authentication_error', message: 'invalid x-api-key' });
      const behaviour = api.script.shift() ?? api.usual;
      if (typeof behaviour === 'object') return fail(response, behaviour);
      if (path === '/v1/messages/count_tokens' && body)
        return json(response, 200, {
          input_tokens: countTokens(body.messages.map(({ content }) => content).join('')) + 7,
        });
      if (path.startsWith('/v1/messages/batches')) return handleBatches(response, path, body);
      if (path === '/v1/messages' && body) return void stream(response, body, behaviour);
      return fail(response, { status: 404, type: 'not_found_error' });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  api.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return api;
}

const messageOf = ({ model }: MessageBody) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model,
  stop_sequence: null,
});

function json(response: ServerResponse, status: number, value: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
}

function fail(
  response: ServerResponse,
  { status, type = 'api_error', message = 'no', retryAfter }: Exclude<Behaviour, string>,
): void {
  json(
    response,
    status,
    { type: 'error', error: { type, message } },
    retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
  );
}

/** A summary whose quotes are in the lines they name, made from the question. */
function summaryOf({ messages }: Pick<MessageBody, 'messages'>): string {
  const lines = [...(messages[0]?.content ?? '').matchAll(/^\[(\d+)\] (?:\(agent\) )?(user|claude): (.+)$/gm)].map(
    ([, line, by, text]) => ({ line: Number(line), by, quote: text!.slice(0, 60).trim() }),
  );
  const claim = (each: { line: number; quote: string } | undefined, text: string) =>
    each && each.quote.length >= 12 ? [{ text, quotes: [{ line: each.line, quote: each.quote }] }] : [];
  const asked = lines.find(({ by }) => by === 'user');
  const done = lines.findLast(({ by }) => by === 'claude');
  return JSON.stringify({
    title: 'A session told by the stand-in',
    asked: claim(asked, 'The person asked for something.'),
    done: claim(done, 'Claude did it.'),
    decisions: [],
    openEnds: [],
    keyPoints: claim(done, 'This is worth knowing.'),
  });
}
