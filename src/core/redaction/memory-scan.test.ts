/** *Scan memory again*: what was stored before a rule existed stands in no file of the data folder afterwards. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { MemoryError } from '../../protocol/errors';
import type { OwnRules, ScanProgress } from '../../protocol/redaction';
import type { SqlDriver } from '../store/sqlite/driver';

let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
});
afterEach(() => test.close());

const word = 'velvetquarry';
const ticket = 'TCK-90817';
const email = 'marmot@garden.de';
const phone = '+49 30 5550 1234';
const iban = 'DE89 3704 0044 0532 0130 00';
const canaries = [word, ticket, email, phone, iban];
const all = canaries.join(' and ');
const rules: OwnRules = {
  patterns: [{ name: 'Ticket', pattern: String.raw`TCK-\d{5}` }],
  words: [word],
  kinds: ['email', 'phone', 'iban'],
};

/** Texts of a file: compressed parts are decompressed, and what is in a block of the archive too. */
function* textsIn(file: string): Generator<string> {
  const bytes = nodeFs.readFileSync(file);
  yield (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}
function* blocksOf(archive: SqlDriver): Generator<string> {
  for (const { packed } of archive.all<{ packed: Uint8Array }>('SELECT packed FROM blocks'))
    yield brotliDecompressSync(packed).toString('utf8');
}
/** Where each canary stands: files of the data folder, and the archive, unpacked. */
function places(): string[] {
  const found = new Set<string>();
  const look = (place: string, text: string) => {
    for (const canary of canaries)
      if (text.toLowerCase().includes(canary.toLowerCase())) found.add(`${canary}: ${place}`);
  };
  for (const name of nodeFs.readdirSync(test.dataDir, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(test.dataDir, name);
    // The rules themselves, which are a person's own.
    if (name === 'redaction.json' || !nodeFs.statSync(file).isFile()) continue;
    for (const text of textsIn(file)) look(name, text);
  }
  for (const text of blocksOf(test.archive)) look('archive', text);
  return [...found].toSorted();
}
/** Tables, columns and the index of the live memory that hold a canary. */
function columns(): string[] {
  const found = new Set<string>();
  const tables = test.driver.all<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'",
  );
  for (const { name } of tables)
    for (const row of test.driver.all(`SELECT * FROM ${name}`))
      for (const [column, value] of Object.entries(row)) {
        const text = value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value);
        if (canaries.some((canary) => text.includes(canary))) found.add(`${name}.${column}`);
      }
  return [...found].toSorted();
}

async function remember(): Promise<void> {
  const one = new Transcript(sessionId(1), { cwd: `/work/${word}`, branch: `fix/${ticket}` });
  one.prompt(`please look at ${all}`);
  one.tool('Bash', { command: `echo ${all}`, description: all }, `it printed ${all}`);
  one.tool(
    'Edit',
    { file_path: `/work/${word}/a.ts`, old_string: `old ${all}`, new_string: `new ${all}` },
    `edited ${all}`,
  );
  one.answer(`I have seen ${all}. Decision: we keep ${all} as it is.`);
  await writeTranscript(test.configDir, sessionId(1), one, 'some');
  // A copy of it shares its blocks.
  const two = new Transcript(sessionId(2), { cwd: '/work/other' });
  two.prompt('nothing to see here');
  two.answer('indeed');
  await writeTranscript(test.configDir, sessionId(2), two, 'other');
  await test.import();
  const { memory, driver } = test;
  await memory.renameSession(sessionId(1), `my ${all}`);
  const uid = driver.get<{ uid: string }>('SELECT uid FROM prompts')!.uid;
  driver.run('INSERT OR REPLACE INTO session_marks (session_id, name, updated_at) VALUES (?, ?, 1)', [
    sessionId(1),
    `my ${all}`,
  ]);
  driver.run('INSERT OR REPLACE INTO marks (uid, session_id, tags_json, updated_at) VALUES (?, ?, ?, 1)', [
    uid,
    sessionId(1),
    JSON.stringify([all, 'plain']),
  ]);
  await memory.saveLearning({
    id: 'learning-one',
    category: 'general',
    title: `about ${all}`,
    description: `it is ${all}`,
  });
  driver.run('UPDATE learnings SET tags_json = ?, examples_json = ?', [JSON.stringify([all]), JSON.stringify([all])]);
  driver.run(
    `INSERT INTO learning_evidence (learning_id, evidence_key, kind, speaks, message, args_json, session_id, lines_json, at)
      VALUES ('learning-one', 'k', 'line', 1, ?1, ?2, ?3, ?4, 1)`,
    [all, JSON.stringify([all]), sessionId(1), JSON.stringify([{ uid, quote: all }])],
  );
  driver.run(
    `INSERT INTO summaries (session_id, version, source, title, content, body_json, key_points_json, quality_score,
      last_sequence, raw_tokens, token_count, created_at) VALUES (?1, 9, 'local', ?2, ?2, ?3, ?4, 0.5, 1, 1, 1, 1)`,
    [sessionId(1), all, JSON.stringify({ asked: [{ text: all, evidence: [uid] }] }), JSON.stringify([all])],
  );
  driver.run("INSERT INTO entities (kind, name, label) VALUES ('concept', ?1, ?1)", [all]);
  driver.run("INSERT INTO leaf_titles (leaf_uuid, title) VALUES ('leaf', ?)", [all]);
  driver.run("INSERT INTO configurations (key, value_json, updated_at) VALUES ('search:one', ?, 1)", [
    JSON.stringify({ name: all, text: all, uses: 1, usedAt: 1 }),
  ]);
  driver.run('UPDATE sessions SET metadata_json = ?, summary = ? WHERE id = ?', [
    JSON.stringify({ a: all }),
    all,
    sessionId(1),
  ]);
  driver.run(
    `INSERT INTO vector_embeddings (document, chunk_index, total_chunks, model_name, dimension, content_hash, vector, created_at)
      SELECT id, 0, 1, 'm', 1, 'h' || id, zeroblob(4), 1 FROM documents`,
  );
  await memory.backUp('before');
  await memory.readyBriefs();
}

/** The setting alone: what is stored already stays as it is. */
const setRules = () => test.import({ redaction: rules });
const found = async (text: string) => (await test.memory.search({ text })).hits.length;

it('leaves none of what the rules describe, anywhere', async () => {
  await remember();
  await setRules();
  // Control: without the scan all of it is there, in the rows, the archive and the backups.
  const before = places();
  for (const canary of canaries)
    for (const place of ['memory.db', 'archive']) expect(before).toContain(`${canary}: ${place}`);
  expect(before.some((place) => place.includes('backups'))).toBe(true);
  expect(columns().length).toBeGreaterThan(20);
  expect(await found(word)).toBeGreaterThan(0);

  const preview = await test.memory.previewScan();
  expect(preview.rows).toBeGreaterThan(10);
  expect(preview.archiveBlocks).toBeGreaterThan(1);
  const report = await test.memory.scanAgain('scan');
  expect(columns()).toEqual([]);
  test.driver.checkpoint();
  test.archive.checkpoint();
  expect(places()).toEqual([]);
  expect(Object.keys(report.counts).toSorted()).toEqual(['email', 'iban', 'own-ticket', 'own-word', 'phone']);
  expect(report.backupsReplaced).toBeGreaterThan(0);

  // Vectors of changed texts are gone and are made anew, those of others stay.
  expect(
    test.driver.all(
      'SELECT DISTINCT s.id FROM vector_embeddings v JOIN documents d ON d.id = v.document JOIN sessions s ON s.no = d.session',
    ),
  ).toEqual([{ id: sessionId(2) }]);
  // What else was there is there still, and found.
  expect(await found('nothing to see')).toBe(1);
  expect(await found('printed')).toBe(1);
  expect(test.driver.get("SELECT 1 FROM marks WHERE tags_json LIKE '%plain%'")).toBeDefined();
  expect(test.driver.all("INSERT INTO fulltext (fulltext) VALUES ('integrity-check')")).toEqual([]);
  const [backup] = await test.memory.listBackups();
  expect(backup?.counts.sessions).toBe(2);

  // The transcripts on the disk are the same: reading on brings nothing back and makes nothing twice.
  const rows = test.driver.get('SELECT count(*) AS n FROM prompts');
  await test.reopen();
  await setRules();
  expect(test.driver.get('SELECT count(*) AS n FROM prompts')).toEqual(rows);
  expect(places()).toEqual([]);
});

it('says plainly that nothing was found the second time', async () => {
  await remember();
  await setRules();
  await test.memory.scanAgain('one');
  const again = await test.memory.scanAgain('two');
  expect([again.counts, again.changed]).toEqual([{}, 0]);
  expect(await test.memory.redaction()).toMatchObject({ isBehind: false, words: 1, patterns: 1 });
});

it('tells in the diagnosis that a scan is due, cut off, or done', async () => {
  const level = async () => {
    const finding = (await test.memory.diagnose()).findings.find(({ id }) => id === 'store.redaction');
    return finding && [finding.level, finding.remedies[0]];
  };
  await remember();
  expect(await level()).toBeUndefined();
  await setRules();
  expect(await level()).toEqual(['note', 'scan_again']);
  const cancel = new AbortController();
  cancel.abort();
  await expect(test.memory.scanAgain('one', cancel.signal)).rejects.toSatisfy((error) =>
    MemoryError.is(error, 'cancelled'),
  );
  expect(await level()).toEqual(['warning', 'scan_again']);
  await test.reopen();
  expect(await level()).toEqual(['warning', 'scan_again']);
  await test.memory.scanAgain('two');
  expect(await level()).toEqual(['ok', 'scan_again']);
});

it.each([2, 6, 12])('cut off after %i steps, another one finishes it', async (steps) => {
  await remember();
  await setRules();
  const cancel = new AbortController();
  const running = test.memory.scanAgain('one', cancel.signal);
  const ended = expect(running).rejects.toSatisfy((error) => MemoryError.is(error, 'cancelled'));
  // oxlint-disable-next-line no-await-in-loop -- one turn of the loop after the other
  for (let step = 0; step < steps; step++) await new Promise((resolve) => setImmediate(resolve));
  cancel.abort();
  await ended;
  await test.reopen();
  expect(places()).not.toEqual([]);
  await test.memory.scanAgain('two');
  test.driver.checkpoint();
  test.archive.checkpoint();
  expect(columns()).toEqual([]);
  expect(places()).toEqual([]);
});

it('leaves what a person writes meanwhile as it is written', async () => {
  await remember();
  await setRules();
  const running = test.memory.scanAgain('one');
  await test.memory.saveLearning({
    id: 'learning-one',
    category: 'general',
    title: 'written meanwhile',
    description: `of ${word}`,
  });
  await running;
  const saved = test.driver.get<{ title: string; description: string }>('SELECT title, description FROM learnings');
  expect(saved?.title).toBe('written meanwhile');
  expect(columns()).toEqual([]);
});

it('tells how far it is, and runs once at a time', async () => {
  await remember();
  await setRules();
  const running = test.memory.scanAgain('one');
  await expect(test.memory.scanAgain('two')).rejects.toSatisfy((error) => MemoryError.is(error, 'busy'));
  await running;
  const told = test.events.filter(({ name }) => name === 'scan').map(({ event }) => event as ScanProgress | null);
  expect(told[0]).toMatchObject({ phase: 'texts', done: 0 });
  expect(told).toContain(null);
  for (const progress of told) if (progress) expect(progress.done).toBeLessThanOrEqual(progress.total);
});

it('gives a restored transcript without what was found', async () => {
  await remember();
  await setRules();
  await test.memory.scanAgain('one');
  const { path: file } = test.archive.get<{ path: string }>('SELECT path FROM files WHERE session_id = ?', [
    sessionId(1),
  ])!;
  nodeFs.rmSync(file);
  await test.import();
  const restored = await test.memory.restoreTranscript(sessionId(1));
  expect(restored.files[0]?.outcome).toBe('written');
  const text = nodeFs.readFileSync(restored.files[0]!.path, 'utf8');
  for (const canary of canaries) expect(text).not.toContain(canary);
  for (const line of text.trim().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow();
});
