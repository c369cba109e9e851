/** Names in the store are keyed, and a memory whose names were plain recognises all that it has. */
import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadEngine, openTestMemory } from '../../../test/fakes/test-memory';
import { openOldMemory, plainNames } from '../../../test/fixtures/old-memory';
import { Transcript, sessionId, uuidOf, writeTranscript } from '../../../test/fixtures/transcript-lines';
import type { Line } from '../../../test/fixtures/transcript-lines';
import { createNameKey } from '../lib/keyed-name';
import type { NameKey } from '../lib/keyed-name';
import { createRedactor } from '../observe/redact';
import { mergeWritten } from '../store/backup/written';
import type { OpenedDatabase } from '../store/open';
import type { Row, SqlDriver } from '../store/sqlite/driver';
import { keyedEvidence } from '../store/sqlite/keyed-uids';
import { memorySchema, migrate } from '../store/sqlite/migrate';
import { hasTable } from '../store/sqlite/schema-of';
import { setConfiguration } from '../store/tables/configuration';
import { discoverTranscripts } from '../transcript/discover';
import { ProjectFinder } from '../transcript/project';
import { ingestFile } from './ingest';
import { LineGuard } from './line-guard';
import { SealedProjects } from './sealed-projects';

const engine = await loadEngine();
const names = createNameKey('salt');
const redactor = createRedactor({ salt: 'salt' });
const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22);
const [own, fork, resumed, waiting, title] = [1, 2, 3, 4, 5].map(sessionId) as [string, string, string, string, string];
/** Short, and of no form that a rule knows: only a key protects its hash. */
const password = 'Sesam-4711';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'claude-mem-names-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** One of everything whose identity the store keeps. */
async function writeAll(): Promise<Record<'own' | 'waiting', string>> {
  const origin = new Transcript(own);
  origin.line('attachment', { attachment: { type: 'hook_additional_context', initialUserMessage: 'from the hook' } });
  origin.prompt('from the hook', { promptSource: 'sdk' });
  origin.prompt(password);
  origin.answer('renamed', { messageId: 'msg_shared' });
  origin.tool('Bash', { command: 'npm test' }, `Exit code 1\nError: login of ${password} failed`, { is_error: true });
  origin.result('toolu_of_nobody', 'Exit code 2\nfatal: no such thing', { is_error: true });
  origin.prompt('again');
  for (const text of ['one', 'two'])
    origin.answer(text, { messageId: 'same', requestId: undefined, usage: { input_tokens: 9, output_tokens: 2 } });
  const forked = new Transcript(fork);
  for (const line of origin.lines) forked.meta({ ...(line as Line), sessionId: fork });
  origin.call('Read', { file_path: '/work/shop/a.ts' }, 'toolu_open');
  origin.prompt('not answered yet');
  const copy = new Transcript(resumed, { version: '1.0.73', startedAt: Date.UTC(2026, 10, 22) });
  copy.prompt(password);
  copy.answer('renamed', { messageId: 'msg_shared' });
  const agent = new Transcript(own, { agentId: 'a1' });
  agent.prompt('look for uses');
  agent.answer('found');
  const busy = new Transcript(waiting);
  busy.prompt('go');
  busy.answer('going');
  busy.queue('enqueue', { content: `use ${password}`, commandUuid: uuidOf('command', 1) });
  busy.queue('enqueue', { content: 'and this' });
  const old = new Transcript(title);
  old.meta({ type: 'summary', summary: 'Title of the other', leafUuid: (copy.lines.at(-1) as Line)['uuid'] });
  old.prompt('with a title for another');
  old.answer('yes');
  const write = async (name: string, transcript: Transcript) => writeTranscript(folder, name, transcript);
  const files = { own: await write(own, origin), waiting: await write(waiting, busy) };
  await write(fork, forked);
  await write(resumed, copy);
  await write(title, old);
  await write(path.join(own, 'subagents', 'agent-a1.jsonl'), agent);
  return files;
}

async function read(driver: SqlDriver, key: NameKey): Promise<void> {
  setConfiguration(driver, 'redaction.salt', 'salt', 1);
  const ports = {
    driver,
    archive: undefined,
    redactor,
    names: key,
    projects: new SealedProjects(new ProjectFinder(), redactor),
    isExcluded: () => false,
    maxLineBytes: 1 << 20,
    guard: new LineGuard(folder, { now: () => 1 }),
    isBulk: false,
  };
  const sources = [];
  for await (const source of discoverTranscripts(folder)) sources.push(source);
  for (const source of sources.toSorted((one, other) => (one.path < other.path ? -1 : 1)))
    await ingestFile(source, ports);
}

const tables = {
  prompts: 'uid',
  observations: 'uid',
  copies: 'session, sequence_num',
  message_usage: 'message',
  leaf_titles: 'leaf_uuid',
  sources: 'path',
  documents: 'id',
  sessions: 'no',
};
const contentOf = (driver: SqlDriver): Record<string, Row[]> =>
  Object.fromEntries(
    Object.entries(tables).map(([table, order]) => [table, driver.all(`SELECT * FROM ${table} ORDER BY ${order}`)]),
  );
/** Of version 5 or 6, with all that later versions added: the reader of today writes to it. */
function openNamed(name: string, version: 5 | 6): OpenedDatabase {
  const opened = openOldMemory(engine, at(name), version);
  if (!hasTable(opened.driver, 'session_marks')) for (const later of laterMigrations) later.up(opened.driver);
  return opened;
}
const upToNames = memorySchema.migrations.filter(({ version }) => version <= 6);
const laterMigrations = memorySchema.migrations.filter(({ version }) => version > 6);
/** Without the keys of answers, which are equal in the same form only. */
const withoutAnswers = ({ prompts = [], ...rest }: Record<string, Row[]>) => ({
  ...rest,
  prompts: prompts.map(({ answer_key, ...row }) => ({ ...row, isAnswered: answer_key !== null })),
});
const at = (name: string) => path.join(folder, name);

it('no name in the store is a plain hash of what was said, nor an id as it was written', async () => {
  await writeAll();
  const { driver, close } = openNamed('new', 6);
  await read(driver, names);
  const content = JSON.stringify(contentOf(driver));
  close();
  const old = openNamed('old', 5);
  await read(old.driver, plainNames);
  const before = JSON.stringify(contentOf(old.driver));
  old.close();
  const ids = [uuidOf(own, 3), 'msg_shared', 'toolu_open', 'toolu_of_nobody', 'same', uuidOf('command', 1)];
  for (const name of [sha256(password), sha256(`use ${password}`), sha256('from the hook'), ...ids]) {
    expect(content).not.toContain(name);
    // Control: earlier versions had it. A hash of what a hook gave goes when its line is met.
    if (name !== sha256('from the hook')) expect(before).toContain(name);
  }
  for (const text of [password, `use ${password}`]) expect(content).toContain(names.of(sha256(text)));
});

it('after the migration the memory is as if it had been read anew, and reading all again changes nothing', async () => {
  const files = await writeAll();
  const old = openNamed('old', 5);
  await read(old.driver, plainNames);
  old.close();
  const fresh = openNamed('new', 6);
  await read(fresh.driver, names);
  const migrated = openNamed('old', 6);
  const { driver } = migrated;
  const content = contentOf(driver);
  expect(withoutAnswers(content)).toEqual(withoutAnswers(contentOf(fresh.driver)));
  expect(content['prompts']!.length).toBeGreaterThan(10);
  expect(content['copies']!.length).toBeGreaterThan(6);

  driver.run("UPDATE sources SET tail_hash = 'of another file'");
  await read(driver, names);
  const { sources: _, ...again } = contentOf(driver);
  const { sources: __, ...first } = content;
  expect(again).toEqual(first);

  // What waited for its end gets it in both.
  const more = new Transcript(own, { startedAt: Date.UTC(2026, 10, 23) });
  more.result('toolu_open', 'the file');
  more.answer('now it is', { messageId: 'msg_late' });
  await appendFile(files.own, more.text());
  const rest = new Transcript(waiting, { startedAt: Date.UTC(2026, 10, 23) });
  rest.queue('dequeue');
  rest.prompt(`use ${password}`);
  rest.answer('used');
  await appendFile(files.waiting, rest.text());
  for (const each of [driver, fresh.driver]) await read(each, names);
  expect(withoutAnswers(contentOf(driver))).toEqual(withoutAnswers(contentOf(fresh.driver)));
  const one = driver.all('SELECT uid FROM prompts WHERE content = ?', [`use ${password}`]);
  expect(one).toHaveLength(1);
  migrated.close();
  fresh.close();
});

it('a copy by an old client that comes after the migration is known by its answer', async () => {
  await writeAll();
  const copyFile = path.join(folder, 'projects', '-work-shop', `${resumed}.jsonl`);
  const content = new Transcript(resumed, { version: '1.0.73', startedAt: Date.UTC(2026, 10, 22) });
  content.prompt(password);
  content.answer('renamed', { messageId: 'msg_shared' });
  await rm(copyFile);
  const old = openNamed('old', 5);
  await read(old.driver, plainNames);
  old.close();
  const { driver, close } = openNamed('old', 6);
  await writeTranscript(folder, resumed, content);
  await read(driver, names);
  expect(driver.all('SELECT id FROM prompts WHERE content = ?', [password])).toHaveLength(1);
  close();
});

it('what refers to a row goes along: marks, evidence and summaries', async () => {
  await writeAll();
  const old = openNamed('old', 5);
  const { driver } = old;
  await read(driver, plainNames);
  const [prompt, call] = ['prompts', 'observations'].map(
    (table) => driver.get<{ uid: string }>(`SELECT uid FROM ${table} ORDER BY id`)!.uid,
  ) as [string, string];
  driver.run('INSERT INTO marks (uid, session_id, is_flagged, updated_at) VALUES (?, ?, 1, 1)', [prompt, own]);
  const lines = JSON.stringify([
    { uid: prompt, quote: 'a' },
    { uid: call, quote: 'b' },
  ]);
  const keys = [`told:${prompt}`, `edits:${call}`, `model:${prompt}:${call}`, 'survival', 'file:/work/a.ts'];
  for (const key of keys)
    driver.run(
      `INSERT INTO learning_evidence (learning_id, evidence_key, kind, speaks, message, session_id, lines_json, at)
        VALUES ('found-1', ?, 'line', 1, 'told', ?, ?, 1)`,
      [key, own, lines],
    );
  driver.run(
    `INSERT INTO summaries (session_id, version, source, title, content, body_json, quality_score, last_sequence,
      raw_tokens, token_count, created_at) VALUES (?, 1, 'local', 't', 'c', ?, 1, 1, 1, 1, 1)`,
    [own, JSON.stringify({ asked: [{ text: 'uid', evidence: [{ uid: prompt, turn: 1 }] }] })],
  );
  migrate(driver, { ...memorySchema, migrations: upToNames });
  expect(driver.all('SELECT r.uid FROM marks m JOIN prompts r ON r.uid = m.uid')).toHaveLength(1);
  const [newPrompt, newCall] = [names.ofRow(prompt), names.ofRow(call)];
  expect(driver.all('SELECT evidence_key AS key, lines_json AS lines FROM learning_evidence ORDER BY id')).toEqual(
    [`told:${newPrompt}`, `edits:${newCall}`, `model:${newPrompt}:${newCall}`, 'survival', 'file:/work/a.ts'].map(
      (key) => ({ key, lines: lines.replaceAll(prompt, newPrompt).replaceAll(call, newCall) }),
    ),
  );
  expect(driver.get('SELECT body_json AS body FROM summaries')).toEqual({
    body: JSON.stringify({ asked: [{ text: 'uid', evidence: [{ uid: newPrompt, turn: 1 }] }] }),
  });
  for (const key of keys) {
    const once = keyedEvidence(key, lines, names);
    expect(keyedEvidence(once.evidence_key, once.lines_json, names)).toEqual(once);
  }
  old.close();
});

it('a memory that lost its salt to damage knows its rows again', async () => {
  let made = 0;
  const test = await openTestMemory({ makeSalt: () => `salt ${++made}` });
  try {
    for (const number of [1, 2]) {
      const transcript = new Transcript(sessionId(number));
      transcript.prompt(`words ${number}`);
      transcript.tool('Bash', { command: 'ls' }, 'a.ts');
      await writeTranscript(test.configDir, sessionId(number), transcript);
    }
    await test.import();
    const { prompts, observations } = await test.memory.status();
    test.driver.run("DELETE FROM configurations WHERE key = 'redaction.salt'");
    test.driver.run('DELETE FROM sources');
    await test.reopen();
    await test.import();
    expect(await test.memory.status()).toMatchObject({ prompts, observations });
    expect([prompts, observations, made]).toEqual([2, 2, 1]);
  } finally {
    await test.close();
  }
});

it('a restored backup of a memory with plain names keeps its marks', async () => {
  const test = await openTestMemory();
  try {
    const transcript = new Transcript(own);
    transcript.prompt('keep this in mind');
    await writeTranscript(test.configDir, own, transcript);
    await test.import();
    const { uid } = test.driver.get<{ uid: string }>('SELECT uid FROM prompts')!;
    const line = transcript.lines[0] as Line;
    const plain = `m:${String(line['uuid'])}:${sha256('keep this in mind')}`;
    expect(uid).toBe(names.ofRow(plain));
    const mark = { uid: plain, session_id: own, is_flagged: 1, tags_json: '[]', updated_at: 1, project_root: null };
    mergeWritten(test.driver, { learnings: [], tombstones: [], configurations: [], marks: [mark] }, 'incoming');
    expect(test.driver.all('SELECT r.uid FROM marks m JOIN prompts r ON r.uid = m.uid')).toEqual([{ uid }]);
  } finally {
    await test.close();
  }
});
