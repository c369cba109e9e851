/** Flags, tags and saved searches are stored, found, and deleted with their rows. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { fakeSecrets } from '../../../test/fixtures/secrets';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import type { SearchQuery } from '../../protocol/questions/search';

let test: TestMemory;
const [shop, api] = [sessionId(1), sessionId(2)];

beforeEach(async () => {
  test = await openTestMemory();
  const one = new Transcript(shop, { cwd: '/work/shop', branch: 'feature/discount' });
  one.prompt('rename the basket');
  one.answer('renamed the basket everywhere');
  one.tool('Bash', { command: 'npm test' }, 'Exit code 1\nbasket is not defined', { is_error: true });
  one.tool('Edit', { file_path: '/work/shop/src/cart.ts', old_string: 'basket', new_string: 'cart' }, 'done');
  await writeTranscript(test.configDir, shop, one);
  const two = new Transcript(api, { cwd: '/work/api', branch: 'main' });
  two.prompt('a basket of timeouts');
  await writeTranscript(test.configDir, api, two, '-work-api');
  await test.import();
});
afterEach(() => test.close());

const ask = (text: string, more: Partial<SearchQuery> = {}) => test.memory.search({ text, ...more });
const found = async (text: string) =>
  (await ask(text)).hits.map(
    ({ key, sessionId: id }) => `${id === shop ? 'shop' : id === api ? 'api' : 'learning'} ${key[0]}`,
  );
const keysOf = async (id = shop) => (await test.read(id)).map(({ key }) => key);
const marks = () => test.driver.all('SELECT session_id, is_flagged, tags_json FROM marks');

describe('a flag', () => {
  it('on a prompt, an answer or a tool call is found by is:flagged, shown, and taken off again', async () => {
    for (const key of await keysOf()) {
      await test.memory.setFlagged(key, true);
      expect((await ask('is:flagged')).hits.map((hit) => [hit.key, hit.isFlagged])).toEqual([[key, true]]);
      expect(await test.memory.getItem(key)).toMatchObject({ isFlagged: true });
      expect(await found('basket -is:flagged')).toHaveLength(2);
      await test.memory.setFlagged(key, false);
      expect(await found('is:flagged')).toEqual([]);
      expect(marks()).toEqual([]);
    }
  });

  it('outlives a rebuild and a whole new import of the rows', async () => {
    const [key = ''] = await keysOf();
    await test.memory.setFlagged(key, true);
    await test.memory.rebuildIndex();
    expect(await found('is:flagged')).toEqual(['shop p']);
    for (const table of ['documents', 'prompts', 'observations', 'sources']) test.driver.run(`DELETE FROM ${table}`);
    await test.reopen();
    await test.import();
    await test.memory.rebuildIndex();
    const [renewed = ''] = await keysOf();
    expect((await ask('is:flagged')).hits.map((hit) => hit.key)).toEqual([renewed]);
  });

  it("goes with its session, and the session's alone", async () => {
    for (const id of [shop, api]) await test.memory.setFlagged((await keysOf(id))[0] ?? '', true);
    await test.memory.forgetSession(shop);
    expect(marks()).toEqual([expect.objectContaining({ session_id: api })]);
    await test.memory.deleteEverything();
    expect(marks()).toEqual([]);
  });

  it('leaves the hourly backup of what was written, with its session', async () => {
    await test.memory.setTags((await keysOf())[0] ?? '', ['secret plan']);
    await test.memory.saveLearning({ id: 'learning-1', category: 'pattern', title: 'Kept', description: '' });
    const written = async () => (await test.memory.listBackups()).filter(({ kind }) => kind === 'written');
    test.now.value += 2 * 3_600_000;
    await test.care.beat();
    expect(await written()).toHaveLength(1);
    await test.memory.forgetSession(shop);
    const [backup] = await written();
    // After a restore without its session the mark would exist again.
    test.driver.run('DELETE FROM tombstones');
    await test.throughReopening(() => test.memory.restoreBackup({ requestId: 'request-1', name: backup?.name ?? '' }));
    expect(await test.memory.listTags()).toEqual([]);
  });

  it('is still there when a backup from before it is restored', async () => {
    const backup = await test.memory.backUp('request-0');
    const [key = ''] = await keysOf();
    await test.memory.setFlagged(key, true);
    await test.throughReopening(() => test.memory.restoreBackup({ requestId: 'request-1', name: backup.name }));
    expect((await ask('is:flagged')).hits.map((hit) => hit.key)).toEqual([key]);
  });

  it('stays with the fork that keeps its row', async () => {
    const original = new Transcript(sessionId(3));
    original.prompt('shared quokka');
    const fork = new Transcript(sessionId(4));
    for (const line of original.lines) fork.meta({ ...(line as object), sessionId: sessionId(4) });
    await writeTranscript(test.configDir, sessionId(3), original);
    await writeTranscript(test.configDir, sessionId(4), fork);
    await test.import();
    await test.memory.setFlagged((await keysOf(sessionId(3)))[0] ?? '', true);
    // The session read first owns the row; the other one refers to it.
    const owner = (marks()[0] as { session_id: string }).session_id;
    const other = owner === sessionId(3) ? sessionId(4) : sessionId(3);
    await test.memory.forgetSession(owner);
    expect((await ask('is:flagged quokka')).hits.map((hit) => hit.sessionId)).toEqual([other]);
    await test.memory.forgetSession(other);
    expect(marks()).toEqual([]);
  });

  it('on a queued prompt goes over to its line, tags too, also when one line has several', async () => {
    const transcript = new Transcript(sessionId(5));
    transcript.prompt('start the migration');
    for (const content of ['mind the mangosteen', 'and the durian']) transcript.queue('enqueue', { content });
    const file = await writeTranscript(test.configDir, sessionId(5), transcript);
    await test.import();
    const [, first = '', second = ''] = await keysOf(sessionId(5));
    await test.memory.setFlagged(first, true);
    await test.memory.setTags(first, ['fruit']);
    await test.memory.setTags(second, ['fruit', 'smells']);
    const before = transcript.text().length;
    transcript.answer('migrated');
    for (let count = 0; count < 2; count++) transcript.queue('dequeue');
    transcript.prompt('mind the mangosteen\nand the durian');
    transcript.answer('minded');
    await appendFile(file, transcript.text().slice(before));
    await test.import();
    const read = await test.read(sessionId(5));
    expect(read.map((item) => item.kind === 'message' && item.text)).toEqual([
      'start the migration',
      'migrated',
      'mind the mangosteen\nand the durian',
      'minded',
    ]);
    expect((await ask('is:flagged')).hits.map(({ key }) => key)).toEqual([read[2]?.key]);
    expect(marks()).toEqual([{ session_id: sessionId(5), is_flagged: 1, tags_json: '["fruit","smells"]' }]);
  });

  it('leaves no word of its tags, of the branch or of a file, in what is offered or on the disk', async () => {
    await test.memory.setTags((await keysOf())[0] ?? '', ['wallabytag']);
    const offered = async () =>
      (await Promise.all(['tag:', 'branch:', 'file:', 'project:'].map((prefix) => test.memory.suggest(prefix))))
        .flat()
        .map(({ text }) => text)
        .join(' ');
    for (const word of ['wallabytag', 'feature/discount', 'cart.ts', 'shop']) expect(await offered()).toContain(word);
    await test.memory.forgetSession(shop);
    for (const word of ['wallabytag', 'feature/discount', 'cart.ts', 'shop'])
      expect(await offered()).not.toContain(word);
    for (const name of readdirSync(test.dataDir)) {
      const file = path.join(test.dataDir, name);
      if (statSync(file).isFile()) expect([name, readFileSync(file).includes('wallabytag')]).toEqual([name, false]);
    }
  });

  it.each([
    ['p999999', 'not_found'],
    ['lnobody', 'invalid_input'],
    ["p1' OR 1", 'invalid_input'],
  ])('on %s is refused', async (key, code) => {
    await expect(test.memory.setFlagged(key, true)).rejects.toMatchObject({ code });
    await expect(test.memory.setTags(key, ['a'])).rejects.toMatchObject({ code });
  });
});

describe('tags', () => {
  it('are found by tag:, with those of learnings, and counted', async () => {
    const [key = ''] = await keysOf();
    expect(await test.memory.setTags(key, [' Later ', 'later', 'Later', 'to do'])).toEqual(['Later', 'later', 'to do']);
    await test.memory.saveLearning({
      id: 'learning-1',
      category: 'pattern',
      title: 'A title',
      description: '',
      tags: ['to do'],
    });
    expect(await found('tag:later')).toEqual(['shop p']);
    expect((await found('tag:"to do"')).toSorted()).toEqual(['learning l', 'shop p']);
    expect(await found('is:tagged -is:learning')).toEqual(['shop p']);
    expect(await test.memory.listTags()).toEqual([
      { tag: 'to do', count: 2 },
      { tag: 'Later', count: 1 },
      { tag: 'later', count: 1 },
    ]);
    expect((await ask('tag:latre')).problems).toEqual([
      expect.objectContaining({
        code: 'unknown_value',
        start: 4,
        end: 9,
        hint: expect.stringMatching(/later/i) as string,
      }),
    ]);
    await test.memory.setTags(key, []);
    expect(await found('tag:"to do"')).toEqual(['learning l']);
  });

  it('hold no secrets, nor do saved and recent searches', async () => {
    const secret = fakeSecrets.find(({ hasShape, value }) => hasShape && value.length < 50)?.value ?? '';
    const [tag] = await test.memory.setTags((await keysOf())[0] ?? '', [secret]);
    const saved = await test.memory.saveSearch({ id: 'search-01', name: secret, text: `x ${secret}` });
    await test.memory.noteSearch(`y ${secret}`);
    for (const text of [tag, saved.name, saved.text, ...(await test.memory.recentSearches())])
      expect(text).toMatch(/\[REDACTED:/);
    expect(JSON.stringify([...marks(), ...test.driver.all('SELECT * FROM configurations')])).not.toContain(secret);
  });
});

describe('a recent search', () => {
  it('is kept across a restart, the latest first and once, without what was typed on the way, and is taken out', async () => {
    for (const text of ['basket', 'boat', 'basket', '  ', 'basket weave'])
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await test.memory.noteSearch(text);
    await test.reopen();
    expect(await test.memory.recentSearches()).toEqual(['basket weave', 'boat']);
    await test.memory.dropRecentSearch('boat');
    expect(await test.memory.recentSearches()).toEqual(['basket weave']);
    await test.memory.deleteEverything();
    expect(await test.memory.recentSearches()).toEqual([]);
  });
});

describe('a saved search', () => {
  const save = (id: string, name = id) => test.memory.saveSearch({ id, name, text: `basket ${name}` });
  it('is renamed, ordered by use, deleted and brought back', async () => {
    await save('search-01', 'one');
    await save('search-02', 'two');
    await test.memory.noteSearchUse('search-02');
    await save('search-02', 'renamed');
    expect((await test.memory.listSearches()).map(({ name, uses }) => [name, uses])).toEqual([
      ['renamed', 1],
      ['one', 0],
    ]);
    await test.memory.deleteSearch('search-02');
    expect((await test.memory.listSearches()).map(({ name }) => name)).toEqual(['one']);
    await test.reopen();
    await test.memory.saveSearch({ id: 'search-02', name: 'back', text: 'x', uses: 1 });
    expect((await test.memory.listSearches()).map(({ name }) => name)).toEqual(['back', 'one']);
    expect(await test.memory.suggest('bac')).toContainEqual({
      kind: 'search',
      text: 'x',
      label: 'back',
      searchId: 'search-02',
    });
  });

  it('is refused without name or text, and beyond a hundred', async () => {
    await expect(test.memory.saveSearch({ id: 'search-01', name: ' ', text: 'x' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await expect(test.memory.saveSearch({ id: 'search-01', name: 'x', text: '' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    for (let number = 0; number < 100; number++) await save(`search-${100 + number}`);
    await expect(save('search-999')).rejects.toMatchObject({ code: 'invalid_input' });
    await save('search-100', 'still can be renamed');
  });

  it('goes with everything', async () => {
    await save('search-01');
    await test.memory.deleteEverything();
    expect(await test.memory.listSearches()).toEqual([]);
  });
});

describe('a value', () => {
  it.each([
    ['basket project:shpo', { start: 15, end: 19, value: 'shpo', hint: 'shop' }, 2],
    ['basket tool:Bsh', { start: 12, end: 15, hint: 'Bash' }, 2],
    ['basket branch:feature/discuont', { start: 14, end: 30, hint: 'feature/discount' }, 2],
    ['basket file:crat.ts', { start: 12, end: 19, hint: 'cart.ts' }, 2],
    ['basket type:eror', { start: 12, end: 16, hint: 'error' }, 2],
    ['basket is:flaged', { start: 10, end: 16, hint: 'flagged' }, 2],
    ['project:shpo', { start: 8, end: 12 }, 0],
    ['basket tool:Bsh,Edit', { start: 12, end: 15, hint: 'Bash' }, 1],
  ])('that exists nowhere, as in %j, is told at its place, and the rest is answered', async (text, problem, total) => {
    const result = await ask(text);
    expect(result.problems).toEqual([expect.objectContaining({ code: 'unknown_value', ...problem })]);
    expect(result.total).toBe(total);
    expect((await ask(text, { isTyping: true })).problems).toHaveLength(text.includes(',') ? 1 : 0);
  });

  it.each([
    ['basket project:shop', ['shop']],
    ['basket -project:shop', ['api']],
    ['basket project:shop,api', ['api', 'shop']],
    ['basket project:shop project:api', ['api', 'shop']],
    ['basket tool:Bash,Edit', ['shop']],
    ['basket branch:main', ['api']],
    ['basket -branch:main', ['shop']],
    ['basket file:cart.ts', ['shop']],
    ['basket -file:cart.ts', ['api']],
    ['basket is:error', ['shop']],
    ['basket on:2026-11-20', ['api', 'shop']],
    ['basket -on:2026-11', []],
    ['basket after:3m', ['api', 'shop']],
    ['basket before:7d', []],
  ])('as in %j is a filter', async (text, expected) => {
    const { hits, problems } = await ask(text);
    expect(problems).toEqual([]);
    expect(hits.flatMap((hit) => hit.project?.name ?? []).toSorted()).toEqual(expected);
  });
});

it('facets count sessions by branch, file and day, and narrow', async () => {
  const { facets } = await ask('basket');
  expect(facets.branch).toEqual(
    expect.arrayContaining([
      { value: 'feature/discount', label: 'feature/discount', count: 1 },
      { value: 'main', label: 'main', count: 1 },
    ]),
  );
  expect(facets.file).toEqual([{ value: '/work/shop/src/cart.ts', label: 'cart.ts', count: 1 }]);
  expect(facets.day.map(({ count }) => count)).toEqual([2]);
  const [day] = facets.day;
  for (const [more, total] of [
    [{ branches: ['main'] }, 1],
    [{ files: ['/work/shop/src/cart.ts'] }, 1],
    [{ days: [day?.value ?? ''] }, 2],
    [{ days: ['2020-01-01'] }, 0],
  ] as [Partial<SearchQuery>, number][]) {
    expect((await ask('basket', more)).total).toBe(total);
  }
});

it('newest first is a choice', async () => {
  const times = (await ask('basket', { sort: 'newest' })).hits.map(({ at }) => at);
  expect(times).toEqual(times.toSorted((a, b) => b - a));
});
