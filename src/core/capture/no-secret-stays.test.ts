/**
 * Every text of every line that the client writes may hold a secret, also the names, ids and folders beside what was said:
 * none of it stands in any file of the data folder afterwards.
 */
import { appendFile, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { randomText } from '../../../test/fixtures/secrets';
import { Transcript, sessionId, uuidOf, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { readArchivedFile } from '../store/archive/archive';

type Json = { [name: string]: unknown };

const usage = { input_tokens: 1, output_tokens: 2, service_tier: 'standard' };
const message = (content: unknown, more: Json = {}): Json => ({
  message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-x', stop_reason: 'end', usage, content },
  requestId: 'req_1',
  ...more,
});
const result = (details: unknown, content: unknown = 'done'): Json => ({
  message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content }] },
  toolUseResult: details,
  sourceToolAssistantUUID: 'a',
});

/** One of each line, with all fields that were met. */
const kinds: Json[] = [
  { type: 'user', message: { role: 'user', content: 'hello' }, promptSource: 'typed', permissionMode: 'default' },
  { type: 'user', message: { role: 'user', content: [{ type: 'text', text: 'a' }] }, origin: { kind: 'human' } },
  { type: 'user', message: { role: 'user', content: 'told' }, origin: { kind: 'task-notification' }, turnOrigin: 'x' },
  { type: 'user', ...result({ filePath: '/f', structuredPatch: [{ lines: ['+a'] }], originalFile: 'o' }) },
  { type: 'user', ...result({ stdout: 'o', stderr: 'e', persistedOutputPath: '/x/tool-results/a.txt' }) },
  { type: 'user', ...result('plain', [{ type: 'text', text: 'Exit code 1\nError: failed' }, { type: 'image' }]) },
  { type: 'assistant', ...message([{ type: 'text', text: 'answer' }]) },
  { type: 'assistant', ...message([{ type: 'thinking', thinking: 'hm', signature: 's' }]) },
  { type: 'assistant', ...message([{ type: 'tool_use', id: 'toolu_1', name: 'Bash', input: { command: 'ls' } }]) },
  { type: 'assistant', ...message([{ type: 'tool_use', id: 'toolu_2', name: 'mcp__a__b', input: { any: ['x'] } }]) },
  {
    type: 'assistant',
    ...message([
      { type: 'tool_use', id: 'toolu_3', name: 'Edit', input: { file_path: '/f', old_string: 'a', new_string: 'b' } },
    ]),
  },
  {
    type: 'assistant',
    ...message([
      { type: 'server_tool_use', id: 'srv_1', name: 'web_search', input: { query: 'q' } },
      { type: 'web_search_tool_result', tool_use_id: 'srv_1', content: [{ title: 't', url: 'u', text: 'x' }] },
    ]),
  },
  { type: 'assistant', ...message([{ type: 'text', text: 'no' }], { isApiErrorMessage: true, error: 'e' }) },
  { type: 'system', subtype: 'local_command', content: '<command-name>/cost</command-name>', level: 'info' },
  { type: 'system', subtype: 'informational', content: 'what went wrong', level: 'error' },
  { type: 'system', subtype: 'compact_boundary', content: 'c', compactMetadata: { trigger: 'auto' } },
  {
    type: 'attachment',
    attachment: { type: 'queued_command', prompt: 'queued', commandMode: 'prompt', source_uuid: 's', delivery_id: 'd' },
  },
  { type: 'attachment', attachment: { type: 'hook_success', hookName: 'h', initialUserMessage: 'i', content: 'c' } },
  { type: 'queue-operation', operation: 'enqueue', content: 'waits', commandUuid: 'c', deliveryId: 'd' },
  { type: 'queue-operation', operation: 'dequeue', commandUuid: 'c', deliveryId: 'd', reason: 'r' },
  { type: 'queue-operation', operation: 'remove', commandUuid: 'c', reason: 'absorbed_mid_turn' },
  { type: 'queue-operation', operation: 'popAll', content: 'back' },
  { type: 'cost-state', modelUsage: { 'claude-x': { inputTokens: 900_000, outputTokens: 5 } }, lastModel: 'm' },
  { type: 'summary', summary: 'a title', leafUuid: 'l' },
  { type: 'ai-title', aiTitle: 'made' },
  { type: 'custom-title', customTitle: 'typed' },
  { type: 'progress', data: { type: 'hook_progress', command: 'x' } },
  { type: 'file-history-snapshot', messageId: 'm', snapshot: { trackedFileBackups: { a: { backupFileName: 'b' } } } },
  { type: 'last-prompt', lastPrompt: 'x' },
  { type: 'a-new-type', anything: { of: ['any', 'kind'] } },
];

const envelope = (count: number): Json => ({
  uuid: uuidOf('line', count),
  parentUuid: uuidOf('line', count - 1),
  logicalParentUuid: 'p',
  sessionId: sessionId(1),
  session_id: sessionId(2),
  forkedFrom: { sessionId: sessionId(3), messageUuid: 'u' },
  timestamp: new Date(Date.UTC(2026, 10, 20, 9) + count * 1000).toISOString(),
  cwd: '/work/shop',
  gitBranch: 'main',
  version: '2.1.330',
  entrypoint: 'cli',
  userType: 'external',
  slug: 'calm-otter',
  agentId: 'a1',
});

type Path = readonly (string | number)[];

/** The places of all texts, and of all names of fields, which a line may choose freely too. */
function textsIn(value: unknown, at: Path = []): Path[] {
  if (typeof value === 'string') return [at];
  if (Array.isArray(value)) return value.flatMap((each, index) => textsIn(each, [...at, index]));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, each]) => textsIn(each, [...at, name]));
}

function put(value: unknown, at: Path, text: string): unknown {
  const [first, ...rest] = at;
  if (first === undefined) return text;
  if (Array.isArray(value)) return value.map((each, index) => (index === first ? put(each, rest, text) : each));
  return { ...(value as Json), [first]: put((value as Json)[first], rest, text) };
}

const planted: { secret: string; where: string }[] = [];
const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
function plant(where: string): string {
  const secret = ['gh', 'p_', randomText(36, alphabet, 70_000 + planted.length * 13)].join('');
  planted.push({ secret, where });
  return secret;
}

/** Alone and within a path; with each text of a line at a time, and with all of them that name no kind. */
function* linesWithSecrets(): Generator<Json> {
  let count = 0;
  const forms = [(secret: string) => secret, (secret: string) => `/work/${secret}/shop`];
  for (const kind of kinds)
    for (const form of forms) {
      const line = () => ({ ...envelope(++count), ...kind });
      for (const at of textsIn(line()))
        yield put(line(), at, form(plant(`${String(kind['type'])}: ${at.join('.')}`))) as Json;
      const free = textsIn(line()).filter(
        (at) => !['type', 'subtype', 'level', 'operation', 'role', 'timestamp', 'kind'].includes(String(at.at(-1))),
      );
      yield free.reduce(
        (all: unknown, at) => put(all, at, form(plant(`all of ${String(kind['type'])}: ${at.join('.')}`))),
        line(),
      ) as Json;
    }
  for (const name of ['modelUsage', 'inputs'])
    yield {
      ...envelope(++count),
      type: name === 'modelUsage' ? 'cost-state' : 'assistant',
      modelUsage: { [plant('name of a model')]: { inputTokens: 5_000_000 } },
      ...message([{ type: 'tool_use', id: 'toolu_n', name: 'X', input: { [plant('name of an input')]: 'x' } }]),
    };
}

let test: TestMemory;
const logged: string[] = [];
beforeEach(async () => {
  const note = (text: string) => void logged.push(text);
  test = await openTestMemory({ log: { debug: note, info: note, warn: note, error: note } });
});
afterEach(() => test.close());

/** All files, and what is packed in them. */
async function contents(folder: string): Promise<{ name: string; text: string }[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = [];
  for (const file of files.filter((each) => each.isFile())) {
    const bytes = await readFile(path.join(file.parentPath, file.name));
    found.push({ name: file.name, text: bytes.toString('latin1') });
    if (file.name.endsWith('.gz')) found.push({ name: `in ${file.name}`, text: gunzipSync(bytes).toString('latin1') });
  }
  return found;
}

/** Which secrets are there: whole, or a piece that is long enough to find the rest by, in whatever case. */
function foundIn(texts: readonly { name: string; text: string }[]): string[] {
  const pieces = new Map<string, string>();
  for (const { secret, where } of planted)
    for (const from of [4, 16, 28]) pieces.set(secret.slice(from, from + 12).toLowerCase(), where);
  return texts.flatMap(({ name, text }) => {
    const found = new Set<string>();
    // Runs of letters, because a table of thousands of pieces cannot be searched for in each place.
    for (const [run] of text.toLowerCase().matchAll(/[a-z0-9]{12,}/g))
      for (let at = 0; at + 12 <= run.length; at++) {
        const where = pieces.get(run.slice(at, at + 12));
        if (where !== undefined) found.add(`${where} in ${name}`);
      }
    return [...found];
  });
}

it('no secret of any field stands in any file of the data folder', async () => {
  planted.length = 0;
  const lines = [...linesWithSecrets()].map((line) => `${JSON.stringify(line)}\n`);
  const some = (from: number) => lines.filter((_, index) => index % 4 === from).join('');
  const half = Math.floor(lines.length / 2);
  const begin = new Transcript(sessionId(1));
  begin.prompt('the first words');
  begin.answer('an answer');
  const file = await writeTranscript(test.configDir, sessionId(1), begin.text() + lines.slice(0, half).join(''));
  await writeTranscript(test.configDir, path.join(sessionId(1), 'subagents', 'agent-a1.jsonl'), some(0));
  await writeTranscript(test.configDir, 'agent-a2', some(1));
  await test.import();
  await test.reopen();
  await appendFile(file, lines.slice(half).join(''));
  await test.import();
  const { observations, prompts } = await test.memory.status();
  expect(Math.min(prompts, observations)).toBeGreaterThan(50);
  await test.memory.backUp('r1');

  // Control: what was planted can be found, in the transcripts.
  expect(new Set(foundIn(await contents(test.configDir)).map((each) => each.split(' in ')[0])).size).toBe(
    new Set(planted.map(({ where }) => where)).size,
  );
  const archived = test.archive
    .all<{ id: number }>('SELECT id FROM files')
    .map(({ id }) => ({ name: 'archive', text: Buffer.concat([...readArchivedFile(test.archive, id)]).toString() }));
  expect(archived.length).toBeGreaterThan(2);
  expect(foundIn([...archived, ...(await contents(test.dataDir)), { name: 'log', text: logged.join('\n') }])).toEqual(
    [],
  );
  expect((await contents(test.dataDir)).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['memory.db', 'archive.db', expect.stringMatching(/^in .*\.db\.gz$/)]),
  );
  // They went through the door, and not past the store.
  const roots = test.driver.all<{ root: string }>('SELECT root FROM projects').map(({ root }) => root);
  expect(roots).toContainEqual(expect.stringMatching(/^\/work\/\[REDACTED:github-token:\w{8}\]\/shop$/));
}, 60_000);
