/** A stand-in for the Messages API on the loopback: answers every request with the same words, and keeps what was sent. */
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
  close(): Promise<void>;
}

const answer = 'Done, as scripted.';

export async function startScriptedApi(): Promise<ScriptedApi> {
  const requests: SentRequest[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => reply(request.url ?? '', Buffer.concat(chunks).toString(), response, requests));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function reply(url: string, text: string, response: http.ServerResponse, requests: SentRequest[]): void {
  const { pathname } = new URL(url, 'http://127.0.0.1');
  if (pathname === '/v1/messages/count_tokens') return json(response, 200, { input_tokens: 100 });
  if (pathname !== '/v1/messages')
    return json(response, 404, { type: 'error', error: { type: 'not_found_error', message: 'not scripted' } });
  const body = JSON.parse(text) as SentRequest;
  // Helper calls have no tools.
  if ((body.tools ?? []).length > 0) requests.push(body);
  const message = {
    id: `msg_${Math.random().toString(36).slice(2)}`,
    type: 'message',
    role: 'assistant',
    model: body.model,
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 5, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
  };
  if (body.stream !== true)
    return json(response, 200, { ...message, content: [{ type: 'text', text: answer }], stop_reason: 'end_turn' });
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const events: [type: string, body: object][] = [
    ['message_start', { message: { ...message, content: [], stop_reason: null } }],
    ['content_block_start', { index: 0, content_block: { type: 'text', text: '' } }],
    ['content_block_delta', { index: 0, delta: { type: 'text_delta', text: answer } }],
    ['content_block_stop', { index: 0 }],
    ['message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 5 } }],
    ['message_stop', {}],
  ];
  for (const [type, event] of events) response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...event })}\n\n`);
  response.end();
}

function json(response: http.ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}
