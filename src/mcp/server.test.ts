/** The server behind a real client of the library, with a memory that is made up. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, expect, it, vi } from 'vitest';
import { instructionsFor, readTools, writeTools } from '../model-tools/tools';
import { MemoryError } from '../protocol/errors';
import type { MemoryApi } from '../protocol/memory-api';
import { isGiven } from '../protocol/own-text';
import { createServer } from './server';
import type { ServerPorts } from './server';

const shop = { id: 1, name: 'shop', root: '/work/shop', sessions: 1, lastAt: 0 };
const fake = (more: Partial<MemoryApi>): MemoryApi =>
  ({
    projects: async () => [shop],
    restrictions: async () => [],
    listSessions: async () => ({ items: [] }),
    ...more,
  }) as MemoryApi;

let client: Client;
const logged: string[] = [];
async function start(more: Partial<ServerPorts> = {}): Promise<ReturnType<typeof createServer>> {
  const made = createServer({
    tools: readTools,
    version: '1.2.3',
    memory: async () => fake({}),
    folder: '/work/shop',
    readFile: async () => undefined,
    log: (message) => void logged.push(message),
    ...more,
  });
  const [here, there] = InMemoryTransport.createLinkedPair();
  client = new Client({ name: 'a test', version: '1' });
  await Promise.all([made.server.connect(there), client.connect(here)]);
  return made;
}
afterEach(async () => {
  logged.length = 0;
  await client.close();
});

const call = async (name: string, given: Record<string, unknown> = {}) => {
  const { isError = false, content } = await client.callTool({ name, arguments: given });
  const text = (content as { text: string }[])[0]?.text ?? '';
  expect(isGiven(text)).toBe(true);
  return { isError, text: text.split('\n').slice(1, -1).join('\n') };
};

it('introduces itself with what a model should know, and opens no memory for that', async () => {
  const memory = vi.fn(async () => fake({}));
  await start({ memory });
  expect(client.getInstructions()).toBe(instructionsFor(readTools));
  expect(client.getServerVersion()).toMatchObject({ name: 'claude-mem-vscode', version: '1.2.3' });
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(readTools.map(({ name }) => name));
  expect(memory).not.toHaveBeenCalled();
});

it.each(['server/discover', 'prompts/list', 'resources/list'])('refuses %s, which it does not know', async (method) => {
  await start();
  await expect(client.request({ method }, ResultSchema)).rejects.toMatchObject({ code: -32_601 });
});

it('says of each tool whether it writes; those that do are there only where that was allowed', async () => {
  await start({ tools: [...readTools, ...writeTools] });
  const { tools } = await client.listTools();
  expect(tools.filter(({ annotations }) => annotations?.readOnlyHint === false).map(({ name }) => name)).toEqual([
    'remember',
    'flag',
  ]);
  await client.close();
  await start();
  expect(await call('remember', { title: 'x', description: 'y', category: 'pattern' })).toEqual({
    isError: true,
    text: expect.stringMatching(/^There is no tool remember\. There are: search, /),
  });
});

it.each<[string, MemoryApi['listSessions'], string]>([
  [
    'a keeper that went away',
    () => Promise.reject(new MemoryError('busy', 'The memory does not answer.')),
    'The memory does not answer.',
  ],
  ['a fault', () => Promise.reject(new Error('no \u001B[31msuch column')), 'no such column'],
])('survives %s: it is an error of the tool, in plain words', async (_, listSessions, words) => {
  await start({ memory: async () => fake({ listSessions }) });
  expect(await call('timeline')).toEqual({ isError: true, text: words });
  expect(logged.join('')).not.toContain('column');
  expect(await call('timeline', { date: 'yesterday' })).toMatchObject({ isError: true });
});

it('opens the memory again when it could not be opened', async () => {
  const memory = vi.fn<ServerPorts['memory']>();
  memory.mockRejectedValueOnce(new MemoryError('not_found', 'No memory found.')).mockResolvedValue(fake({}));
  await start({ memory });
  expect(await call('timeline')).toEqual({ isError: true, text: 'No memory found.' });
  expect(await call('timeline')).toMatchObject({ isError: false, text: expect.stringContaining('No session in shop') });
});

it('takes a call back when the client does', async () => {
  let noteAsked = () => {};
  let noteAborted = () => {};
  const isAsked = new Promise<void>((resolve) => (noteAsked = resolve));
  const isAborted = new Promise<void>((resolve) => (noteAborted = resolve));
  const listSessions: MemoryApi['listSessions'] = (_query, signal) => {
    signal?.addEventListener('abort', () => noteAborted());
    noteAsked();
    return new Promise(() => {});
  };
  await start({ memory: async () => fake({ listSessions }) });
  const aborting = new AbortController();
  const asked = client.callTool({ name: 'timeline' }, undefined, { signal: aborting.signal });
  asked.catch(() => {});
  await isAsked;
  aborting.abort();
  await expect(asked).rejects.toThrow();
  await isAborted;
});

it('settles when all calls are answered, not before', async () => {
  const order: string[] = [];
  let noteAsked = () => {};
  let finish = () => {};
  const isAsked = new Promise<void>((resolve) => (noteAsked = resolve));
  const listSessions = () =>
    new Promise<{ items: [] }>((resolve) => {
      finish = () => resolve({ items: [] });
      noteAsked();
    });
  const { settle } = await start({ memory: async () => fake({ listSessions }) });
  const answered = call('timeline').then(() => order.push('answered'));
  await isAsked;
  const settled = settle().then(() => order.push('settled'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(order).toEqual([]);
  finish();
  await Promise.all([answered, settled]);
  expect(order.toSorted()).toEqual(['answered', 'settled']);
});
