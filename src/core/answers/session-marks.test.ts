/** Pins and names of sessions: shown and found everywhere, kept like what a person wrote, gone with the session. */
import { appendFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { fakeSecrets } from '../../../test/fixtures/secrets';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { expireSessions } from '../store/tables/expire';

let test: TestMemory;
const [shop, api, docs] = [sessionId(1), sessionId(2), sessionId(3)];
let shopFile = '';
let shopLines: Transcript;

beforeEach(async () => {
  test = await openTestMemory();
  shopLines = new Transcript(shop, { cwd: '/work/shop', startedAt: Date.UTC(2026, 10, 20) });
  shopLines.prompt('rename the basket');
  shopLines.answer('renamed');
  shopFile = await writeTranscript(test.configDir, shop, shopLines);
  for (const [id, day, words] of [
    [api, 21, 'a basket of timeouts'],
    [docs, 22, 'write the handbook'],
  ] as const) {
    const transcript = new Transcript(id, { cwd: '/work/shop', startedAt: Date.UTC(2026, 10, day) });
    transcript.prompt(words);
    await writeTranscript(test.configDir, id, transcript);
  }
  await test.import();
});
afterEach(() => test.close());

const titles = async (ids = [shop, api, docs]) =>
  Promise.all(ids.map(async (id) => (await test.memory.getSession(id)).title));
const listed = async (pinnedFirst = true) =>
  (await test.memory.listSessions({ pinnedFirst })).items.map(({ id, isPinned = false }) =>
    isPinned ? `* ${id}` : id,
  );
const hits = async (text: string) => (await test.memory.search({ text })).hits.map(({ title }) => title);
const kept = () => test.driver.all('SELECT session_id AS id, is_pinned AS pin, name FROM session_marks ORDER BY 1');

describe('a pin', () => {
  it('puts the session above the others, in every order and page by page, until it is taken off', async () => {
    expect(await listed()).toEqual([docs, api, shop]);
    await test.memory.setPinned(shop, true);
    await test.memory.setPinned(api, true);
    expect(await listed()).toEqual([`* ${api}`, `* ${shop}`, docs]);
    expect(await listed(false)).toEqual([docs, `* ${api}`, `* ${shop}`]);
    for (const order of ['latest', 'project', 'branch'] as const) {
      const seen: string[] = [];
      for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
        const page = await test.memory.listSessions({
          order,
          pinnedFirst: true,
          limit: 1,
          ...(cursor !== undefined && { cursor }),
        });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.next;
      }
      expect(seen).toEqual([api, shop, docs]);
    }
    await test.memory.setPinned(api, false);
    await test.memory.setPinned(shop, false);
    expect(await listed()).toEqual([docs, api, shop]);
    expect(kept()).toEqual([]);
  });
});

describe('a name', () => {
  it('is the title everywhere, finds the session, and leaves the old title to be found by', async () => {
    const before = await titles();
    expect(await test.memory.renameSession(shop, '  Wombat\n migration ')).toBe('Wombat migration');
    expect(await test.memory.getSession(shop)).toMatchObject({ title: 'Wombat migration', ownTitle: before[0] });
    expect(await hits('wombat')).toEqual(['Wombat migration']);
    expect((await test.memory.suggest('womb')).map(({ text }) => text)).toContain('Wombat migration');
    for (const text of ['wombat', 'rename basket'])
      expect((await test.memory.listSessions({ text })).items.map(({ id }) => id)).toEqual([shop]);
    expect((await test.memory.readSession({ sessionId: shop })).session.title).toBe('Wombat migration');
    expect((await test.memory.getItem((await test.read(shop))[0]!.key)).session.title).toBe('Wombat migration');
    await test.memory.renameSession(shop, '');
    expect(await titles()).toEqual(before);
    expect(await test.memory.getSession(shop)).not.toHaveProperty('ownTitle');
    expect(await hits('wombat')).toEqual([]);
    expect((await test.memory.suggest('womb')).map(({ text }) => text)).not.toContain('Wombat migration');
    expect(kept()).toEqual([]);
  });

  it('stands above titles that the transcript gets later, which come back without it', async () => {
    await test.memory.renameSession(shop, 'Mine');
    const length = shopLines.text().length;
    shopLines.meta({ type: 'custom-title', customTitle: 'Numbat', sessionId: shop });
    shopLines.prompt('go on');
    await appendFile(shopFile, shopLines.text().slice(length));
    await test.import();
    expect(await test.memory.getSession(shop)).toMatchObject({ title: 'Mine', ownTitle: 'Numbat' });
    expect(await hits('numbat')).toEqual(['Mine']);
    await test.memory.rebuildIndex();
    expect(await hits('numbat')).toEqual(['Mine']);
    await test.memory.renameSession(shop, '');
    expect(await hits('numbat')).toEqual(['Numbat']);
  });

  it('is redacted, and names no session that is not there', async () => {
    const secret = fakeSecrets[0]!.value;
    const name = await test.memory.renameSession(shop, `with ${secret}`);
    expect(name).toMatch(/^with .*REDACTED/);
    expect(await titles([shop])).toEqual([name]);
    await expect(test.memory.renameSession(sessionId(9), 'x')).rejects.toMatchObject({ code: 'not_found' });
    await expect(test.memory.setPinned(sessionId(9), true)).rejects.toMatchObject({ code: 'not_found' });
    await expect(test.memory.renameSession(shop, 'x'.repeat(201))).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('pin and name', () => {
  beforeEach(async () => {
    await test.memory.setPinned(shop, true);
    await test.memory.renameSession(shop, 'Wombat');
  });
  const entry = { id: shop, pin: 1, name: 'Wombat' };

  it('outlive a memory whose sessions were all read anew', async () => {
    for (const table of ['documents', 'prompts', 'observations', 'sources', 'copies', 'sessions'])
      test.driver.run(`DELETE FROM ${table}`);
    await test.reopen();
    await test.import();
    await test.memory.rebuildIndex();
    expect((await listed())[0]).toBe(`* ${shop}`);
    expect(await hits('wombat')).toEqual(['Wombat']);
  });

  it('go with their session, and with everything', async () => {
    await test.memory.setPinned(api, true);
    await test.memory.forgetSession(shop);
    expect(kept()).toEqual([{ id: api, pin: 1, name: '' }]);
    await test.memory.readAgain([shop]);
    expect(await test.memory.getSession(shop)).not.toHaveProperty('ownTitle');
    await test.memory.deleteEverything();
    expect(kept()).toEqual([]);
  });

  it('come over into a restored backup from before them', async () => {
    await test.memory.setPinned(shop, false);
    await test.memory.renameSession(shop, '');
    const backup = await test.memory.backUp('request-0');
    await test.memory.setPinned(shop, true);
    await test.memory.renameSession(shop, 'Wombat');
    await test.throughReopening(() => test.memory.restoreBackup({ requestId: 'request-1', name: backup.name }));
    expect(kept()).toEqual([entry]);
    expect(await hits('wombat')).toEqual(['Wombat']);
  });

  it('are in the hourly backup of what was written, and leave it with their session', async () => {
    const written = async () => (await test.memory.listBackups()).filter(({ kind }) => kind === 'written');
    test.now.value += 2 * 3_600_000;
    await test.care.beat();
    const [backup] = await written();
    for (const table of ['session_marks', 'sessions', 'prompts', 'sources', 'documents'])
      test.driver.run(`DELETE FROM ${table}`);
    await test.throughReopening(() => test.memory.restoreBackup({ requestId: 'request-1', name: backup!.name }));
    expect(kept()).toEqual([entry]);
    await test.import();
    expect(await titles([shop])).toEqual(['Wombat']);
    await test.memory.forgetSession(shop);
    const [left] = await written();
    test.driver.run('DELETE FROM tombstones');
    await test.throughReopening(() => test.memory.restoreBackup({ requestId: 'request-2', name: left!.name }));
    expect(kept()).toEqual([]);
  });

  it('keep their session from the limit on age', async () => {
    await test.memory.renameSession(shop, '');
    await expireSessions(test.driver, { before: test.now.value, maxBytes: 0 }, test.now.value + 86_400_000, () => true);
    expect(await listed()).toEqual([`* ${shop}`]);
  });
});
