/** The audit log: a changed or removed entry is seen, machines are noted, texts are not. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import type { AuditCheck } from '../../protocol/audit';
import { defaultCareSettings } from '../../protocol/care';
import { dayMs } from '../lib/clock';

let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
  const transcript = new Transcript(sessionId(1));
  transcript.prompt('where is the wombatquux');
  await writeTranscript(test.configDir, sessionId(1), transcript);
  await test.import();
});
afterEach(() => test.close());

const entries = async () => (await test.memory.readAudit({})).items;
const sound: AuditCheck = { entries: 0, changed: [], isCut: false, isOtherKey: false, unchained: 0 };

async function readMuch(): Promise<void> {
  const mcp = test.memory.as('mcp');
  await mcp.search({ text: 'wombatquux' });
  await mcp.getSession(sessionId(1));
  await mcp.listLearnings({});
  await test.memory
    .as('hook')
    .brief({ roots: ['/work/shop'] } as never)
    .catch(() => {});
  await test.memory.as('cli').importNow();
}

describe('the audit log', () => {
  it('has what machines read, and no word of it', async () => {
    await readMuch();
    await test.memory.as('window').search({ text: 'wombatquux' });
    const all = await entries();
    expect(all.map(({ who, action, resource }) => [who, action, resource])).toEqual(
      expect.arrayContaining([
        ['mcp', 'read', 'search'],
        ['mcp', 'read', `getSession:${sessionId(1)}`],
        ['cli', 'import', 'importNow'],
      ]),
    );
    // A person who reads in a window is no machine.
    expect(all.filter(({ who }) => who === 'window')).toEqual([]);
    expect(JSON.stringify(all)).not.toContain('wombat');
  });

  it('tells a tool of the chat from the window that it is in', async () => {
    await test.memory.as('window').noteChatRead('search');
    expect((await entries()).map(({ who, action, resource }) => [who, action, resource])).toEqual([
      ['chat', 'read', 'noteChatRead:search'],
    ]);
  });

  it('keeps entries as long as a person wants, and half a year at least', async () => {
    const keepFor = (auditDays: number) => test.import({ care: { ...defaultCareSettings, auditDays } });
    await expect(keepFor(179)).rejects.toMatchObject({ code: 'invalid_input' });
    await test.memory.as('cli').importNow();
    test.now.value += 200 * dayMs;
    await test.memory.as('window').noteChatRead('search');
    await test.memory.beat();
    expect((await entries()).map(({ action }) => action)).toEqual(['read', 'import']);
    await keepFor(180);
    await test.memory.beat();
    expect((await entries()).map(({ action }) => action)).toEqual(['prune', 'read']);
  });

  it('says how it ended, also when it failed', async () => {
    await expect(test.memory.as('mcp').getSession('no-such-session')).rejects.toThrow();
    await test.memory.as('window').forgetSession(sessionId(1));
    await test.memory.whenErased();
    expect((await entries()).map(({ who, action, result }) => [who, action, result])).toEqual([
      ['memory', 'receipt', 'done'],
      ['window', 'forget', 'done'],
      ['mcp', 'read', 'failed'],
    ]);
  });

  it('is shown by filters, page by page', async () => {
    await readMuch();
    expect((await test.memory.readAudit({ who: 'cli' })).items.map(({ action }) => action)).toEqual(['import']);
    expect((await test.memory.readAudit({ action: 'erase' })).items).toEqual([]);
    expect((await test.memory.readAudit({ since: test.now.value + 1 })).items).toEqual([]);
    const first = await test.memory.readAudit({ limit: 2 });
    const rest = await test.memory.readAudit({ before: Number(first.next) });
    expect([...first.items, ...rest.items]).toEqual(await entries());
  });

  it('notes a change of settings once, by their names', async () => {
    const window = test.memory.as('window');
    const settings = {
      configDirs: [test.configDir],
      roots: [],
      exclude: [] as string[],
      source: 'a',
      maxLineBytes: 1 << 20,
    };
    await window.configure(settings);
    await window.configure({ ...settings, source: 'b', roots: ['/work/secretproject'] });
    expect(await entries()).toEqual([]);
    await window.configure({ ...settings, exclude: ['**/secretproject'] });
    await window.configure({ ...settings, exclude: ['**/secretproject'] });
    const all = await entries();
    expect(all.map(({ action, details }) => [action, details])).toEqual([['setting', { changed: 'exclude' }]]);
    expect(JSON.stringify(all)).not.toContain('secretproject');
  });

  it.each<[string, string, Partial<AuditCheck>]>([
    ['nothing', 'SELECT 1', {}],
    ['a changed word', "UPDATE audit_logs SET who = 'window' WHERE no = 2", { changed: [2] }],
    ['a changed time', 'UPDATE audit_logs SET at = at + 1 WHERE no = 1', { changed: [1] }],
    ['changed details', `UPDATE audit_logs SET details_json = '{"x":1}' WHERE no = 3`, { changed: [3] }],
    ['details that are no JSON', "UPDATE audit_logs SET details_json = 'x' WHERE no = 1", { changed: [1] }],
    ['a removed entry', 'DELETE FROM audit_logs WHERE no = 2', { changed: [3] }],
    ['the removed first', 'DELETE FROM audit_logs WHERE no = 1', { changed: [2] }],
    ['the removed last', 'DELETE FROM audit_logs WHERE no = (SELECT max(no) FROM audit_logs)', { isCut: true }],
    ['two that changed places', 'UPDATE audit_logs SET no = CASE no WHEN 1 THEN -2 ELSE -1 END WHERE no IN (1, 2)', {}],
    [
      'ends that were put right by hand',
      `UPDATE configurations SET value_json = replace(value_json, '"no":0', '"no":1')
      WHERE key = 'keeper.audit'`,
      { isOtherKey: true },
    ],
    ['ends that were taken away', "DELETE FROM configurations WHERE key = 'keeper.audit'", { isCut: true }],
  ])('sees %s', async (name, sql, expected) => {
    await readMuch();
    const before = await entries();
    test.driver.exec(sql);
    const check = await test.memory.verifyAudit();
    const isQuiet = check.changed.length === 0 && !check.isCut && !check.isOtherKey;
    expect(isQuiet).toBe(name === 'nothing');
    expect(check).toMatchObject({ ...(name === 'nothing' && { ...sound, entries: before.length }), ...expected });
  });

  it('goes on over restarts, and its key is in no backup and not in the database', async () => {
    await readMuch();
    await test.reopen();
    await readMuch();
    expect(await test.memory.verifyAudit()).toMatchObject({ changed: [], isCut: false, isOtherKey: false });
    const { audit, signing } = JSON.parse(nodeFs.readFileSync(path.join(test.dataDir, 'keys.json'), 'utf8')) as Record<
      string,
      string
    >;
    expect(nodeFs.statSync(path.join(test.dataDir, 'keys.json')).mode & 0o777).toBe(0o600);
    test.driver.checkpoint();
    const database = nodeFs.readFileSync(path.join(test.dataDir, 'memory.db'), 'latin1');
    for (const key of [audit!, signing!]) expect(database).not.toContain(key);
    // With other keys, what was written before cannot be proved any more, and that is told.
    await test.memory.close();
    nodeFs.rmSync(path.join(test.dataDir, 'keys.json'));
    await test.reopen();
    expect((await test.memory.verifyAudit()).isOtherKey).toBe(true);
  });

  it('keeps entries for 400 days, whatever is kept of sessions, and stays provable when older ones go', async () => {
    await readMuch();
    const old = (await entries()).length;
    test.now.value += 390 * 86_400_000;
    await readMuch();
    await test.care.beat();
    expect((await entries()).length).toBe(2 * old);
    test.now.value += 20 * 86_400_000;
    await test.care.beat();
    const left = await entries();
    expect(left.length).toBe(old + 1);
    expect(left[0]).toMatchObject({ who: 'memory', action: 'prune', details: { removed: old } });
    expect(await test.memory.verifyAudit()).toMatchObject({ changed: [], isCut: false, isOtherKey: false });
  });
});
