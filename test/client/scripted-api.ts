/** A stand-in for the Messages API on the loopback: answers as it is told, and keeps what was sent. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

interface SentRequest {
  messages: { role: string; content: unknown }[];
  system?: unknown;
  tools?: unknown[];
  stream?: boolean;
  model?: string;
}

export interface ScriptedApi {
  url: string;
  /** Requests of the conversation itself, without those for titles and quotas. */
  requests: SentRequest[];
  /** Calls of tools, each the answer to one request of the conversation; after them come the same words always. */
  calls: ToolCall[];
  close(): Promise<void>;
}

interface ToolCall {
  /** Words of the prompt it answers: some clients warm up sub-agents with requests of their own. */
  prompt: string;
  name: string;
  input: object;
}

const answer = 'Done, as scripted.';

export async function startScriptedApi(): Promise<ScriptedApi> {
  const requests: SentRequest[] = [];
  const calls: ToolCall[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => reply(request.url ?? '', Buffer.concat(chunks).toString(), response, { requests, calls }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function reply(
  url: string,
  text: string,
  response: http.ServerResponse,
  { requests, calls }: Pick<ScriptedApi, 'requests' | 'calls'>,
): void {
  const { pathname } = new URL(url, 'http://127.0.0.1');
  if (pathname === '/v1/messages/count_tokens') return json(response, 200, { input_tokens: 100 });
  if (pathname !== '/v1/messages')
    return json(response, 404, { type: 'error', error: { type: 'not_found_error', message: 'not scripted' } });
  const body = JSON.parse(text) as SentRequest;
  // Helper calls have no tools.
  const isConversation = (body.tools ?? []).length > 0;
  if (isConversation) requests.push(body);
  const prompted = calls.findIndex(({ prompt }) => isConversation && text.includes(prompt));
  const [call] = prompted < 0 ? [] : calls.splice(prompted, 1);
  const stop_reason = call ? 'tool_use' : 'end_turn';
  const block = call
    ? { type: 'tool_use', id: `toolu_${Math.random().toString(36).slice(2)}`, name: call.name, input: call.input }
    : { type: 'text', text: answer };
  const message = {
    id: `msg_${Math.random().toString(36).slice(2)}`,
    type: 'message',
    role: 'assistant',
    model: body.model,
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 5, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
  };
  if (body.stream !== true) return json(response, 200, { ...message, content: [block], stop_reason });
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const events: [type: string, body: object][] = [
    ['message_start', { message: { ...message, content: [], stop_reason: null } }],
    ['content_block_start', { index: 0, content_block: call ? { ...block, input: {} } : { type: 'text', text: '' } }],
    [
      'content_block_delta',
      {
        index: 0,
        delta: call
          ? { type: 'input_json_delta', partial_json: JSON.stringify(call.input) }
          : { type: 'text_delta', text: answer },
      },
    ],
    ['content_block_stop', { index: 0 }],
    ['message_delta', { delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 5 } }],
    ['message_stop', {}],
  ];
  for (const [type, event] of events) response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...event })}\n\n`);
  response.end();
}

function json(response: http.ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}
