/** Which class things have, why, and what becomes of it when they are read again, restored, forgotten and taken elsewhere. */
import path from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { fakeSecrets } from '../../../test/fixtures/secrets';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { defaultPolicy, hasSecret, kindsWithoutSecret } from '../../protocol/classes';
import type { ClassPolicy, DataClass } from '../../protocol/classes';
import { dayMs } from '../lib/clock';
import { promptHasSecret } from '../store/sqlite/migrations/0020-classes';
import { Classes, countWithSecret } from '../store/tables/class-of';

let test: TestMemory;
const [one, two] = [sessionId(1), sessionId(2)];
const secret = fakeSecrets.find(({ name }) => name === 'GitHub token')!.value;

async function fill(into: TestMemory): Promise<void> {
  const session = new Transcript(one, { cwd: '/work/shop', startedAt: Date.UTC(2026, 10, 1) });
  session.prompt('Why does the flamingo parser fail on an empty file?');
  session.tool('Bash', { command: 'npm test' }, 'Error: flamingo failed at line 3', { is_error: true });
  session.tool('Bash', { command: 'env' }, `GITHUB_TOKEN=${secret}`);
  session.tool('Edit', { file_path: '/work/shop/parse.ts', old_string: 'a', new_string: 'b' }, 'ok');
  session.answer('Decided: the flamingo parser looks before it reads.');
  await writeTranscript(into.configDir, one, session);
  const other = new Transcript(two, { cwd: '/work/garden', startedAt: Date.UTC(2026, 10, 2) });
  other.prompt('Plant the walrus in the greenhouse.');
  other.answer('The walrus stands in the greenhouse.');
  await writeTranscript(into.configDir, two, other, '-work-garden');
  await into.import();
}

beforeEach(async () => {
  test = await openTestMemory();
  await fill(test);
});
afterEach(() => test.close());

const classOf = async (key: string) => (await test.memory.classOf({ key })).class;
const keyOf = async (text: string, id = one) =>
  (await test.read(id)).find((item) => JSON.stringify(item).includes(text))!.key;
const set = (key: string, to: DataClass | null) => test.memory.setClasses([{ key, class: to }]);
const projectId = async (name: string) => (await test.memory.projects()).find((each) => each.name === name)!.id;
const learningOf = async (uid?: string) => {
  await test.memory.saveLearning({
    id: 'learning-1',
    category: 'pattern',
    title: 'Look before you read',
    description: 'An empty file has no first line.',
    sourceSessions: [one],
  });
  if (uid !== undefined)
    test.driver.run(
      `INSERT INTO learning_evidence (learning_id, evidence_key, kind, speaks, message, session_id, lines_json, at)
        VALUES ('learning-1', 'told', 'line', 1, 'You said so.', ?, ?, 5)`,
      [one, JSON.stringify([{ uid, quote: 'flamingo' }])],
    );
};
const uidOf = (key: string) =>
  test.driver.get<{ uid: string }>(`SELECT uid FROM ${key.startsWith('p') ? 'prompts' : 'observations'} WHERE id = ?`, [
    Number(key.slice(1)),
  ])!.uid;

describe('the class of what is stored', () => {
  it('follows from type and content', async () => {
    expect(await classOf(await keyOf('Why does'))).toBe('sensitive');
    expect(await classOf(await keyOf('failed at line'))).toBe('internal');
    expect(await classOf(await keyOf('REDACTED'))).toBe('confidential');
    expect(await classOf(`s${one}`)).toBe('sensitive');
    expect(await test.memory.classOf({ key: `s${one}` })).toMatchObject({ hasSecrets: true });
    expect(await test.memory.classOf({ key: `s${two}` })).not.toHaveProperty('hasSecrets');
    await learningOf();
    expect(await classOf('llearning-1')).toBe('sensitive');
    expect((await test.memory.classOverview()).withSecret).toEqual({ rows: 1, sessions: 1 });
  });

  it('is what a person set, the nearest first; a found secret raises what was not set on the row itself', async () => {
    const [plain, found] = [await keyOf('failed at line'), await keyOf('REDACTED')];
    await test.memory.setClasses([{ projectId: await projectId('shop'), class: 'public' }]);
    expect([await classOf(plain), await classOf(found)]).toEqual(['public', 'confidential']);
    await set(`s${one}`, 'internal');
    expect(await classOf(plain)).toBe('internal');
    await set(found, 'public');
    expect(await classOf(found)).toBe('public');
    await set(found, null);
    expect(await classOf(found)).toBe('confidential');
    await set(`s${one}`, 'top_secret');
    expect([await classOf(plain), await classOf(found)]).toEqual(['top_secret', 'top_secret']);
    expect(await test.memory.listClasses()).toMatchObject([
      { what: 'session', key: `s${one}`, class: 'top_secret' },
      { what: 'project', name: 'shop', class: 'public' },
    ]);
  });

  it('is inherited by what is made of rows, also when it is raised later, and never lowered below it', async () => {
    const asked = await keyOf('Why does');
    await learningOf(uidOf(asked));
    await set('llearning-1', 'public');
    expect(await classOf('llearning-1')).toBe('public');
    await set(asked, 'top_secret');
    expect(await classOf('llearning-1')).toBe('top_secret');
    expect(await classOf(`s${one}`)).toBe('top_secret');
    await set(asked, null);
    await test.memory.setClasses([{ projectId: await projectId('shop'), class: 'confidential' }]);
    expect(await classOf('llearning-1')).toBe('confidential');
  });

  it('is refused for what is not there, and then nothing of the call is kept', async () => {
    const some = [
      { key: `s${one}`, class: 'public' as const },
      { key: 'p999', class: 'public' as const },
    ];
    await expect(test.memory.setClasses(some)).rejects.toMatchObject({ code: 'not_found' });
    await expect(test.memory.setClasses([{ class: 'public' }])).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await test.memory.listClasses()).toEqual([]);
  });

  it('is read from an index, which says the same as the text', async () => {
    const plan = test.driver
      .all<{ detail: string }>(
        `EXPLAIN QUERY PLAN SELECT count(*) FROM prompts WHERE session = 1 AND ${promptHasSecret}`,
      )
      .map(({ detail }) => detail)
      .join('\n');
    expect(plan).toContain('prompts_with_secret');
    const kinds = fc.constantFrom(...kindsWithoutSecret, 'own-word:', 'github-token:', 'card:', 'emails:', '');
    const pieces = fc.array(fc.oneof(fc.constantFrom(' ', '[REDACTED:', ']'), kinds), { maxLength: 6 });
    const row = test.driver.get<{ id: number }>('SELECT min(id) AS id FROM prompts')!.id;
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('');
        test.driver.run('UPDATE prompts SET content = ? WHERE id = ?', [text, row]);
        expect(countWithSecret(test.driver).rows - 1).toBe(hasSecret(text) ? 1 : 0);
      }),
    );
  });
});

const usual: ClassPolicy = defaultPolicy;

describe('what it means without a setting', () => {
  it('a row with a found secret stays useful here, and is not sent to a model', async () => {
    const found = await keyOf('REDACTED');
    expect((await test.memory.basket([{ ref: found }])).items).toHaveLength(1);
    const { text } = await test.memory.summaryQuestion(one);
    expect(text).toContain('flamingo parser');
    expect(text).toContain('(left out)');
    expect(text).not.toContain('REDACTED');
    expect(await test.memory.heldBack('mcp', [found])).toEqual({ keys: [], titles: [] });
    expect(await test.memory.heldBack('model', [found, `s${one}`])).toEqual({ keys: [found], titles: [] });
  });

  it('is told before an export, which has it only when it is asked for', async () => {
    const folder = path.dirname(test.dataDir);
    const rows = async (upTo?: DataClass) => {
      const part = upTo === undefined ? {} : { upTo };
      const report = await test.memory.exportMemory({ requestId: `r-${upTo}`, folder, format: 'jsonl', ...part });
      const told = await test.memory.previewExport(part);
      return { told, left: report.left, rows: report.counts.observations };
    };
    const stays = { upTo: 'sensitive', rows: 1, sessions: 0, learnings: 0, highest: 'confidential' };
    expect(await rows()).toEqual({ told: stays, left: stays, rows: 2 });
    expect(await rows('confidential')).toMatchObject({ told: { rows: 0 }, left: undefined, rows: 3 });
    await set(`s${one}`, 'top_secret');
    expect(await rows('top_secret')).toMatchObject({
      told: { upTo: 'confidential', sessions: 1, highest: 'top_secret' },
      left: { sessions: 1 },
    });
  });

  it('is kept for the next keeper, and an entry of the audit log says that it was changed', async () => {
    const settings = { configDirs: [test.configDir], roots: [], exclude: [], source: 'test', maxLineBytes: 1 << 20 };
    const head = test.memory.as('window');
    await head.configure({ ...settings, classes: usual });
    await head.configure({ ...settings, classes: { upTo: { ...usual.upTo, model: 'top_secret' } } });
    await test.reopen();
    expect((await test.memory.classOverview()).policy.upTo.model).toBe('top_secret');
    await test.memory.as('window').setClasses([{ key: `s${one}`, class: 'public' }]);
    const { items } = await test.memory.readAudit({});
    expect(items.map(({ resource, details }) => [resource, details])).toEqual(
      expect.arrayContaining([
        ['configure', { changed: 'classes' }],
        ['setClasses', { count: 1 }],
      ]),
    );
  });

  it('sessions of a class are kept for as long as a person says, and no shorter than others by default', async () => {
    const care = { backupMaxBytes: 1e9, retentionDays: 0, retentionMaxBytes: 0 };
    await test.import({ care: { ...care, classDays: { confidential: 5 } } });
    test.now.value += dayMs;
    await test.care.beat();
    expect((await test.memory.listSessions({})).items.map(({ id }) => id)).toEqual([two]);
    await test.import({ care });
    expect((await test.memory.listSessions({})).items).toHaveLength(2);
  });
});

describe('what a person set stays', () => {
  const classes = () => new Classes(test.driver);

  it('when everything is read again', async () => {
    await set(await keyOf('failed at line'), 'top_secret');
    test.driver.run('DELETE FROM documents');
    test.driver.run('DELETE FROM observations');
    test.driver.run('DELETE FROM sources');
    await test.import();
    expect(await classOf(await keyOf('failed at line'))).toBe('top_secret');
  });

  it('when a backup from before is restored, whichever is higher', async () => {
    await set(`s${two}`, 'top_secret');
    const { name } = await test.memory.backUp('b');
    await set(`s${two}`, 'public');
    await set(`s${one}`, 'confidential');
    await test.throughReopening(() => test.memory.restoreBackup({ requestId: 'r', name }));
    expect([await classOf(`s${one}`), await classOf(`s${two}`)]).toEqual(['confidential', 'top_secret']);
  });

  it('when a session is forgotten and read again; of a project nothing stays that names its folder', async () => {
    await set(await keyOf('failed at line'), 'top_secret');
    await test.memory.setClasses([{ projectId: await projectId('garden'), class: 'confidential' }]);
    await test.memory.forgetSession(one);
    await test.memory.forgetProject(await projectId('garden'));
    const stored = test.driver.all('SELECT what, target FROM classes ORDER BY target');
    expect(stored).toEqual([
      { what: 'session', target: one },
      { what: 'session', target: two },
    ]);
    await test.memory.readAgain([one]);
    expect(classes().placed(one, [])).toBe(4);
    expect(classes().placed(two, [])).toBe(3);
    await test.memory.deleteEverything();
    expect(test.driver.all("SELECT 1 FROM classes WHERE what <> 'session'")).toEqual([]);
  });

  it('and goes with a row that is erased', async () => {
    const key = await keyOf('failed at line');
    await set(key, 'top_secret');
    await test.memory.erase('e', { kind: 'rows', keys: [key] });
    expect(await test.memory.listClasses()).toEqual([]);
  });
});

describe('taken to another memory', () => {
  let to: TestMemory;
  beforeEach(async () => {
    to = await openTestMemory({ makeSalt: () => 'another' });
  });
  afterEach(() => to.close());
  const take = async () => {
    const request = { requestId: crypto.randomUUID(), folder: path.dirname(test.dataDir), format: 'jsonl' as const };
    const { folder } = await test.memory.exportMemory({ ...request, upTo: 'confidential' });
    return to.memory.importMemory(crypto.randomUUID(), folder);
  };
  const there = async (key: string) => (await to.memory.classOf({ key })).class;

  it('it comes along, and a repeated import changes nothing', async () => {
    await set(await keyOf('failed at line'), 'confidential');
    await set(`s${two}`, 'confidential');
    expect(await take()).toMatchObject({ added: { classes: 2 } });
    const row = (await to.read(one)).find((item) => JSON.stringify(item).includes('failed at line'))!;
    expect([await there(row.key), await there(`s${two}`)]).toEqual(['confidential', 'confidential']);
    expect(await take()).toMatchObject({ skipped: { known: { classes: 2 } } });
  });

  it('it protects nothing less than it is here', async () => {
    await fill(to);
    await set(`s${one}`, 'public');
    await set(`s${two}`, 'confidential');
    await to.memory.setClasses([{ key: `s${two}`, class: 'public' }]);
    await take();
    expect([await there(`s${one}`), await there(`s${two}`)]).toEqual(['sensitive', 'confidential']);
  });

  it('what may not leave is not named either', async () => {
    await set(`s${two}`, 'top_secret');
    expect((await take()).added.classes ?? 0).toBe(0);
    await expect(to.memory.getSession(two)).rejects.toMatchObject({ code: 'not_found' });
  });
});
