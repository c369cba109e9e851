/** What is exported and imported again is the same memory, comes once, and brings back nothing that was forgotten. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { fakeSecrets } from '../../../test/fixtures/secrets';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { MemoryError } from '../../protocol/errors';
import type { ExportReport } from '../../protocol/portable';
import { createRedactor } from '../observe/redact';
import { importExport } from './import-export';
import { readManifest } from './manifest';

let from: TestMemory;
let to: TestMemory;
beforeEach(async () => {
  from = await openTestMemory({ makeSalt: () => 'salt of the first' });
  to = await openTestMemory({ makeSalt: () => 'salt of the second' });
});
afterEach(async () => {
  await from.close();
  await to.close();
});

const [one, two, three] = [sessionId(1), sessionId(2), sessionId(3)];
const secret = fakeSecrets.find(({ name }) => name === 'GitHub token')!.value;

function firstSession(): Transcript {
  const session = new Transcript(one, { cwd: '/work/shop' });
  session.prompt('Why does the flamingo parser fail on an empty file?');
  session.thinking('The parser reads the first line.');
  session.tool('Bash', { command: 'npm test' }, 'Error: flamingo failed at line 3', { is_error: true });
  session.tool('Edit', { file_path: '/work/shop/parse.ts', old_string: 'a', new_string: 'b' }, 'ok');
  session.answer(`It read the first line before it looked. The token was ${secret}.`);
  session.prompt('Good. Always run the tests before you commit.');
  session.answer('I will.');
  return session;
}

function secondSession(): Transcript {
  const session = new Transcript(two, { cwd: '/work/garden', startedAt: Date.UTC(2026, 10, 21) });
  session.prompt('Plant the walrus in the greenhouse.');
  session.answer('The walrus stands in the greenhouse.');
  session.tool('Read', { file_path: '/work/garden/plan.md' }, 'Walrus, pelican, heron');
  return session;
}

async function fill(): Promise<void> {
  await writeTranscript(from.configDir, one, firstSession());
  await writeTranscript(from.configDir, two, secondSession(), '-work-garden');
  await from.import();
  const items = await from.read(one);
  await from.memory.setFlagged(items[0]!.key, true);
  await from.memory.setTags(items[0]!.key, ['parser', 'empty']);
  await from.memory.renameSession(two, 'The walrus question');
  await from.memory.setPinned(one, true);
  await from.memory.saveLearning({
    id: 'learning-of-a-person',
    category: 'pattern',
    title: 'Look before you read',
    description: 'An empty file has no first line.',
    context: 'parser',
    tags: ['parser'],
    isVerified: true,
    verificationNotes: '',
    isPinned: false,
    sourceSessions: [one],
  });
  const [row] = from.driver.all<{ uid: string }>("SELECT uid FROM prompts WHERE prompt_type = 'user' ORDER BY id");
  from.driver.run(
    `INSERT INTO learning_evidence (learning_id, evidence_key, kind, speaks, message, session_id, lines_json, at)
      VALUES ('learning-of-a-person', ?, 'line', 1, 'You said so.', ?, ?, 5)`,
    [`told:${row!.uid}`, one, JSON.stringify([{ uid: row!.uid, quote: 'flamingo parser' }])],
  );
  await from.memory.saveSearch({ id: 'saved-search-one', name: 'Walruses', text: 'walrus' });
}

const exportFrom = (test: TestMemory, more: object = {}): Promise<ExportReport> =>
  test.memory.exportMemory({
    requestId: crypto.randomUUID(),
    folder: path.dirname(test.dataDir),
    format: 'jsonl',
    // A secret was found in one of its rows.
    upTo: 'confidential',
    ...more,
  });

const importTo = (test: TestMemory, folder: string) => test.memory.importMemory(crypto.randomUUID(), folder);

const tables = [
  'sessions',
  'prompts',
  'observations',
  'copies',
  'message_usage',
  'learnings',
  'learning_evidence',
  'marks',
  'session_marks',
  'documents',
];
const countsOf = (test: TestMemory) =>
  Object.fromEntries(
    tables.map((table) => [table, test.driver.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n]),
  );

const queries = [
  'flamingo',
  'walrus',
  'tests before commit',
  'parse.ts',
  '"first line"',
  'type:error',
  'tag:parser',
  'is:flagged',
];
async function searched(test: TestMemory): Promise<unknown> {
  const all = [];
  for (const text of queries) {
    const { hits } = await test.memory.search({ text });
    all.push([
      text,
      hits.map(({ key: _, ...hit }) => ({ ...hit, project: undefined, score: undefined, reasons: undefined })),
    ]);
  }
  return all;
}

describe('everything', () => {
  beforeEach(fill);

  it('gives an empty memory equal counts, equal search, equal learnings and equal sessions', async () => {
    const report = await exportFrom(from);
    expect(report.counts).toMatchObject({ sessions: 2, learnings: expect.any(Number) as number });
    const preview = await to.memory.previewMemoryImport(report.folder);
    expect(countsOf(to)['sessions'], 'a dry run changes nothing').toBe(0);
    const done = await importTo(to, report.folder);
    expect({ added: preview.added, skipped: preview.skipped }).toEqual({ added: done.added, skipped: done.skipped });
    expect(countsOf(to)).toEqual(countsOf(from));
    expect(await searched(to)).toEqual(await searched(from));
    for (const state of ['accepted', 'proposed', 'rejected'] as const) {
      const [mine, theirs] = await Promise.all([
        from.memory.listLearnings({ state }),
        to.memory.listLearnings({ state }),
      ]);
      expect(theirs.items.map(({ project: _, ...learning }) => learning)).toEqual(
        mine.items.map(({ project: _, ...learning }) => learning),
      );
    }
    const proof = async (test: TestMemory) => {
      const { evidence, trail } = await test.memory.learningProof('learning-of-a-person');
      return { evidence: evidence.map(({ id: _, ...piece }) => piece), trail };
    };
    expect((await proof(to)).evidence[0]?.lines[0]?.key, 'evidence leads to its row').toBeDefined();
    expect(await proof(to)).toEqual(await proof(from));
    const rows = async (test: TestMemory, id: string) =>
      (await test.read(id)).map(({ key: _, ...item }) => ({ ...item, session: undefined }));
    for (const id of [one, two]) expect(await rows(to, id)).toEqual(await rows(from, id));
    const cards = async (test: TestMemory) =>
      (await Promise.all([one, two].map((id) => test.memory.getSession(id)))).map(
        ({ title, turns, prompts, observations, errors, tokens, isPinned }) => ({
          title,
          turns,
          prompts,
          observations,
          errors,
          tokens,
          isPinned,
        }),
      );
    expect(await cards(to)).toEqual(await cards(from));
    expect(await to.memory.listSearches()).toEqual(await from.memory.listSearches());
  });

  it('comes once, however often it is imported', async () => {
    const { folder } = await exportFrom(from);
    await importTo(to, folder);
    const before = countsOf(to);
    const again = await importTo(to, folder);
    expect({ added: again.added, changed: again.changed }).toEqual({ added: {}, changed: {} });
    expect(countsOf(to)).toEqual(before);
    const back = await importTo(from, (await exportFrom(to)).folder);
    expect({ added: back.added, changed: back.changed }).toEqual({ added: {}, changed: {} });
  });

  it('doubles nothing of a session that is here from its own transcript', async () => {
    await writeTranscript(to.configDir, one, firstSession());
    await to.import();
    const before = countsOf(to);
    const { folder } = await exportFrom(from);
    const done = await importTo(to, folder);
    expect(done.added).toMatchObject({ sessions: 1 });
    expect(countsOf(to)).toMatchObject({
      sessions: 2,
      prompts: countsOf(from)['prompts']!,
      observations: countsOf(from)['observations']!,
    });
    expect((await to.memory.learningProof('learning-of-a-person')).evidence[0]?.lines[0]?.key).toBeDefined();
    expect(countsOf(to)['marks'], 'what was put on a row came with it').toBe(1);
    expect((await to.memory.search({ text: 'is:flagged' })).hits).toHaveLength(1);
    expect(before['prompts']).toBeGreaterThan(0);
  });

  it('recognises a transcript that is read after the import', async () => {
    await importTo(to, (await exportFrom(from)).folder);
    const before = countsOf(to);
    const tokens = (await to.memory.getSession(one)).tokens;
    await writeTranscript(to.configDir, one, firstSession());
    await to.import();
    expect(countsOf(to)).toEqual(before);
    expect((await to.memory.getSession(one)).tokens).toEqual(tokens);
    expect(await searched(to)).toEqual(await searched(from));
    const session = firstSession();
    session.prompt('And the pelican?');
    session.answer('It is fine.');
    await writeTranscript(to.configDir, one, session);
    await to.import();
    expect(countsOf(to)['prompts']).toBe(before['prompts']! + 2);
  });

  it('leaves forgotten what was forgotten here, and says so before', async () => {
    const { folder } = await exportFrom(from);
    await importTo(to, folder);
    await to.memory.forgetSession(two);
    const preview = await to.memory.previewMemoryImport(folder);
    expect(preview.skipped.forgotten).toMatchObject({ sessions: 1, prompts: 2, observations: 1, names: 1 });
    await importTo(to, folder);
    expect((await to.memory.search({ text: 'walrus' })).hits).toHaveLength(0);
    expect(countsOf(to)['sessions']).toBe(1);
  });

  it('brings back nothing of what was erased here, from this memory or another', async () => {
    const { folder } = await exportFrom(from);
    await importTo(to, folder);
    const own = await exportFrom(to);
    const walrus = "SELECT id FROM prompts WHERE content LIKE '%walrus%'";
    const [row] = to.driver.all<{ id: number }>(walrus);
    const rows = to.driver.all(walrus).length;
    const receipt = await to.memory.erase('erase-one', { kind: 'rows', keys: [`p${row!.id}`] });
    expect(receipt.body.residue).toBe(0);
    // Evidence comes and goes with what is learnt in the background meanwhile.
    const stays = () => ({ ...countsOf(to), learning_evidence: undefined });
    const before = stays();
    const preview = await to.memory.previewMemoryImport(folder);
    expect(preview.skipped.erased).toMatchObject({ sessions: 1 });
    for (const each of [folder, own.folder]) await importTo(to, each); // oxlint-disable-line no-await-in-loop
    expect(stays()).toEqual(before);
    expect(to.driver.all(walrus)).toHaveLength(rows - 1);
  });

  it.each(['before it was erased, and again', 'only afterwards'])(
    'an imported row that was erased stays away when its transcript is read %s',
    async (when) => {
      const { folder } = await exportFrom(from);
      await importTo(to, folder);
      const read = async () => {
        await writeTranscript(to.configDir, two, secondSession(), '-work-garden');
        to.driver.run('DELETE FROM sources');
        await to.import();
      };
      if (when !== 'only afterwards') await read();
      const planted = () =>
        to.driver.all<{ id: number }>("SELECT id FROM prompts WHERE content LIKE 'Plant the walrus%'");
      const [row] = planted();
      await to.memory.erase('e', { kind: 'rows', keys: [`p${row!.id}`] });
      await read();
      expect(planted()).toEqual([]);
      // Its neighbours are there, once.
      expect(to.driver.all("SELECT 1 FROM prompts WHERE content LIKE 'The walrus stands%'")).toHaveLength(1);
      expect(to.driver.all("SELECT 1 FROM observations WHERE input LIKE '%plan.md%'")).toHaveLength(1);
    },
  );

  it('does not bring a project that is excluded here', async () => {
    const { folder } = await exportFrom(from);
    await to.import({ exclude: ['/work/garden'] });
    const done = await importTo(to, folder);
    expect(done.skipped.excluded).toMatchObject({ sessions: 1 });
    expect((await to.memory.search({ text: 'walrus' })).hits).toHaveLength(0);
  });

  it('keeps a learning that was deleted or changed later here', async () => {
    const { folder } = await exportFrom(from);
    await importTo(to, folder);
    await to.memory.deleteLearning('learning-of-a-person');
    const again = await importTo(to, folder);
    expect(again.skipped.newerHere).toMatchObject({ learnings: 1 });
    expect((await to.memory.listLearnings({ state: 'accepted' })).items).toHaveLength(0);
  });

  it.each([
    ['a project', { sessions: 1, prompts: 2 }],
    ['a session', { sessions: 1, prompts: 2 }],
    ['learnings alone', { learnings: 1 }],
  ] as const)('can be a part: %s', async (what, counts) => {
    const project = (await from.memory.projects()).find(({ name }) => name === 'garden')!;
    const part =
      what === 'a project'
        ? { projectIds: [project.id] }
        : what === 'a session'
          ? { sessionIds: [two] }
          : { onlyLearnings: true };
    const report = await exportFrom(from, part);
    expect(report.counts).toMatchObject(counts);
    const done = await importTo(to, report.folder);
    expect(done.added).toMatchObject(counts);
    expect((await to.memory.search({ text: 'flamingo' })).hits).toHaveLength(0);
  });

  it('comes from another memory.db by the same door', async () => {
    const file = path.join(from.dataDir, 'memory.db');
    const preview = await to.memory.previewMemoryImport(file);
    const done = await importTo(to, file);
    expect(preview.added).toEqual(done.added);
    expect(countsOf(to)).toEqual(countsOf(from));
    expect(await searched(to)).toEqual(await searched(from));
    expect(nodeFs.readdirSync(to.dataDir).filter((name) => name.startsWith('import-'))).toEqual([]);
  });

  it('is complete after it was cut off after any batch', async () => {
    const { folder } = await exportFrom(from);
    const manifest = await readManifest(folder);
    const wanted = countsOf(from);
    const redactor = createRedactor({ salt: 'salt of the second' });
    const bring = (most: number) => {
      let batches = 0;
      const ports = {
        driver: to.driver,
        now: to.now.value,
        redactor,
        isExcluded: () => false,
        turn: async () => {},
        signal: new AbortController().signal,
        onBytes: () => {},
        onSessions: () => {},
        onBatch() {
          if (++batches >= most) throw new Error('cut off');
        },
      };
      return importExport(folder, manifest, ports, false);
    };
    for (let most = 1; most < 40; most++) {
      const whole = await bring(most).catch(() => undefined);
      if (!whole) continue;
      expect(most, 'there were batches to be cut off at').toBeGreaterThan(5);
      break;
    }
    expect(countsOf(to)).toEqual(wanted);
  });

  it('redacts again by the rules of here', async () => {
    const { folder } = await exportFrom(from);
    await to.import({ redaction: { patterns: [], words: ['greenhouse'], kinds: [] } });
    const done = await importTo(to, folder);
    expect(done.redactions).toBeGreaterThan(0);
    expect((await to.memory.search({ text: 'greenhouse' })).hits).toHaveLength(0);
    expect(JSON.stringify(to.driver.all('SELECT content FROM prompts'))).not.toContain('greenhouse');
  });

  it('has no secret and no salt in it', async () => {
    const { folder } = await exportFrom(from);
    const text = nodeFs
      .readdirSync(folder)
      .map((name) => nodeFs.readFileSync(path.join(folder, name), 'utf8'))
      .join('');
    expect(text).not.toContain(secret);
    expect(text).not.toContain('salt of the first');
  });

  it('is written as CSV and as Markdown too, which cannot be imported', async () => {
    const csv = await exportFrom(from, { format: 'csv' });
    const prompts = nodeFs.readFileSync(path.join(csv.folder, 'prompts.csv'), 'utf8');
    expect(prompts).toContain('Why does the flamingo parser fail');
    expect(prompts.split('\r\n')[0]).toContain('uid,session');
    await expect(importTo(to, csv.folder)).rejects.toMatchObject({ code: 'invalid_input' });
    const markdown = await exportFrom(from, { format: 'markdown' });
    expect(markdown.counts).toMatchObject({ sessions: 2, learnings: 1 });
    const names = nodeFs.readdirSync(markdown.folder, { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => name.endsWith('.md'))).toHaveLength(3);
    expect(nodeFs.readFileSync(path.join(markdown.folder, 'learnings.md'), 'utf8')).toContain('Look before you read');
  });

  it('leaves nothing when it is cancelled', async () => {
    const ending = new AbortController();
    ending.abort();
    await expect(
      from.memory.exportMemory({ requestId: 'r', folder: path.dirname(from.dataDir), format: 'jsonl' }, ending.signal),
    ).rejects.toMatchObject({ code: 'cancelled' });
    expect(nodeFs.readdirSync(path.dirname(from.dataDir)).filter((name) => name.includes('export'))).toEqual([]);
  });
});

describe('an export that is not one', () => {
  let folder: string;
  beforeEach(async () => {
    await fill();
    ({ folder } = await exportFrom(from));
  });
  const manifest = () =>
    JSON.parse(nodeFs.readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as {
      version: number;
      files: { name: string; kind?: string; bytes: number; sha256: string; records: number }[];
    };
  const write = (value: unknown) => nodeFs.writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(value));
  const refused = async (code: string) => {
    const error = await importTo(to, folder).catch((each: unknown) => each);
    expect(MemoryError.is(error) ? error.code : error).toBe(code);
    expect(countsOf(to)['sessions']).toBe(0);
  };
  /** Replaces a file and makes the manifest fit, as somebody would who wants to be believed. */
  async function forge(name: string, text: string): Promise<void> {
    const { createHash } = await import('node:crypto');
    nodeFs.writeFileSync(path.join(folder, name), text);
    const found = manifest();
    const file = found.files.find((each) => each.name === name)!;
    file.bytes = Buffer.byteLength(text);
    file.sha256 = createHash('sha256').update(text).digest('hex');
    file.records = text.split('\n').filter((line) => line !== '').length;
    write(found);
  }
  const lines = (name: string) => nodeFs.readFileSync(path.join(folder, name), 'utf8').trim().split('\n');

  it('is refused when it is torn', async () => {
    nodeFs.rmSync(path.join(folder, 'manifest.json'));
    await refused('not_found');
  });

  it('is refused when a file was changed', async () => {
    const file = path.join(folder, 'prompts.jsonl');
    nodeFs.writeFileSync(file, nodeFs.readFileSync(file, 'utf8').replace('flamingo', 'fl4mingo'));
    await refused('corrupt');
  });

  it('is refused when a file is cut off', async () => {
    const file = path.join(folder, 'prompts.jsonl');
    nodeFs.truncateSync(file, 10);
    await refused('corrupt');
  });

  it('is refused when it is of a newer version', async () => {
    write({ ...manifest(), version: 2 });
    await refused('too_new');
  });

  it('is refused when its names lead out of the folder', async () => {
    const found = manifest();
    found.files[0]!.name = '../../../etc/passwd';
    write(found);
    await refused('corrupt');
  });

  it('is refused when a file of it is a link', async () => {
    const outside = path.join(path.dirname(folder), 'outside.jsonl');
    nodeFs.renameSync(path.join(folder, 'sessions.jsonl'), outside);
    nodeFs.symlinkSync(outside, path.join(folder, 'sessions.jsonl'));
    await refused('corrupt');
  });

  it.each([
    ['an id with a path', { id: '../../x' }],
    ['a project that is no path', { project: 'a\u0000b' }],
    ['a time that is none', { createdAt: -5 }],
    ['a title without end', { title: 'x'.repeat(100_000) }],
    ['files that are no list', { files: { length: 1e9 } }],
  ])('is refused with %s', async (_, change) => {
    const [first, ...rest] = lines('sessions.jsonl');
    await forge(
      'sessions.jsonl',
      [JSON.stringify({ ...(JSON.parse(first!) as object), ...change }), ...rest].join('\n'),
    );
    await refused('corrupt');
  });

  it('changes nothing when a later record is none', async () => {
    const rows = lines('observations.jsonl');
    await forge('observations.jsonl', [...rows, JSON.stringify({ uid: 'o:x' })].join('\n'));
    await refused('corrupt');
  });

  it('cannot take the place of a row that is here', async () => {
    await writeTranscript(to.configDir, one, firstSession());
    await to.import();
    const own = to.driver.get<{ uid: string; content: string }>('SELECT uid, content FROM prompts LIMIT 1')!;
    const [first] = lines('prompts.jsonl');
    await forge('prompts.jsonl', JSON.stringify({ ...(JSON.parse(first!) as object), uid: own.uid, text: 'Forged.' }));
    await importTo(to, folder);
    expect(to.driver.get('SELECT content FROM prompts WHERE uid = ?', [own.uid])).toEqual({ content: own.content });
  });

  it('is no memory when it is any other file', async () => {
    const file = path.join(path.dirname(folder), 'other.db');
    nodeFs.writeFileSync(file, 'This is no database at all.');
    folder = file;
    await refused('corrupt');
  });
});

it('brings a fork as it is, also without its origin', async () => {
  const origin = firstSession();
  await writeTranscript(from.configDir, one, origin);
  const fork = new Transcript(three, { cwd: '/work/shop' });
  fork.lines.push(...origin.lines);
  await writeTranscript(from.configDir, three, fork);
  await from.import();
  expect(countsOf(from)['copies']).toBeGreaterThan(0);
  const whole = await exportFrom(from);
  await importTo(to, whole.folder);
  expect(countsOf(to)).toEqual(countsOf(from));
  const alone = await exportFrom(from, { sessionIds: [three] });
  const third = await openTestMemory({ makeSalt: () => 'salt of the third' });
  try {
    await importTo(third, alone.folder);
    expect((await third.read(three)).length).toBe((await from.read(three)).length);
    await importTo(third, whole.folder);
    expect((await third.read(one)).length).toBe((await from.read(one)).length);
    expect(countsOf(third)['prompts']).toBe(countsOf(from)['prompts']);
  } finally {
    await third.close();
  }
});
