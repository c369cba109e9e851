/** 1,000 words, one in each kind of text of each session: after erasing and forgetting, no byte of the folder has one. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  canariesOf,
  canaryOf,
  findCanaries,
  makeOfCanaries,
  rowKinds,
  sessionKinds,
  writeCanaries,
} from '../../../test/fixtures/canaries';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { sessionId } from '../../../test/fixtures/transcript-lines';

let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
});
afterEach(() => test.close());

const word = 'velvetquarry';
const ids = (from: number, count: number) => Array.from({ length: count }, (_, at) => sessionId(from + at));
/** Erased by a search, by rows, by time, by turn, with its session, with its project. */
const [bySearch, byRows, byTime, byTurn, bySession, byProject] = [
  ids(1, 16),
  ids(101, 4),
  ids(201, 6),
  ids(301, 3),
  ids(401, 6),
  ids(501, 6),
];
const rows = [...bySearch, ...byRows, ...byTime, ...byTurn];
const whole = [...bySession, ...byProject];
const note = 'qnoteofclaudecanary';
const canaries = [
  ...rows.flatMap((id) => canariesOf(id, rowKinds)),
  ...whole.flatMap((id) => canariesOf(id, sessionKinds)),
  note,
];
const found = () => findCanaries(test.dataDir, canaries, test);

it('erased in six ways, 1,000 canaries are in no file afterwards, and come back by no reading', { timeout: 240_000 }, async () => {
  expect(new Set(canaries).size).toBeGreaterThanOrEqual(1000);
  const dayOf = (day: number) => Date.UTC(2026, 9, day);
  for (const id of bySearch) await writeCanaries(test.configDir, id, { word });
  for (const id of byRows) await writeCanaries(test.configDir, id);
  for (const id of byTime) await writeCanaries(test.configDir, id, { startedAt: dayOf(3) });
  for (const id of byTurn) await writeCanaries(test.configDir, id);
  for (const id of bySession) await writeCanaries(test.configDir, id, { isNamed: true });
  for (const id of byProject) await writeCanaries(test.configDir, id, { isNamed: true, slug: '-work-other' });
  await mkdir(test.configDir, { recursive: true });
  await writeFile(path.join(test.configDir, 'CLAUDE.md'), `# Notes\n\nAlways think of ${word} and ${note}.\n`);
  await test.import();
  const { driver, memory } = test;
  for (const id of [...rows, ...whole]) makeOfCanaries(driver, id, bySearch.includes(id) ? word : '');
  for (const id of whole) await memory.renameSession(id, `my ${canaryOf(id, 'name')}`);
  await memory.backUp('before');
  await memory.readyBriefs();

  // Control: the finder finds every one of them, in the memory, the archive or a backup.
  const before = found();
  const there = new Set([...before.values()].flat());
  expect(canaries.filter((canary) => !there.has(canary))).toEqual([]);
  expect([...before.keys()].some((place) => place.startsWith('backups'))).toBe(true);
  expect(before.get('archive, unpacked')!.length).toBeGreaterThan(500);

  const searched = await memory.erase('by-search', { kind: 'query', query: { text: word } });
  expect(searched.body).toMatchObject({ residue: 0, kind: 'query' });
  expect(searched.body.erased.notes).toBe(1);
  expect(searched.body.pieces).toBeGreaterThan(250);
  expect(searched.body.foundBefore).toBeGreaterThan((searched.body.pieces + searched.body.shared) * 0.9);
  const keysOf = (id: string) =>
    driver
      .all<{ key: string }>(
        `SELECT 'p' || id AS key FROM prompts WHERE session = (SELECT no FROM sessions WHERE id = ?1) AND content GLOB '*q[a-p]*'
          AND (turn > 1 OR agent_id IS NOT NULL) AND content NOT LIKE 'and something%' UNION ALL
          SELECT 'o' || id FROM observations WHERE session = (SELECT no FROM sessions WHERE id = ?1)`,
        [id],
      )
      .map(({ key }) => key);
  await memory.erase('by-rows', { kind: 'rows', keys: byRows.flatMap(keysOf) });
  await memory.erase('by-time', { kind: 'range', since: dayOf(3), until: dayOf(4) });
  for (const id of byTurn)
    for (const { turn } of driver.all<{ turn: number }>(
      `SELECT turn FROM prompts WHERE session = (SELECT no FROM sessions WHERE id = ?1) UNION
        SELECT turn FROM observations WHERE session = (SELECT no FROM sessions WHERE id = ?1) EXCEPT
        SELECT turn FROM prompts WHERE content LIKE 'and something%'`,
      [id],
    ))
      await memory.erase(`by-turn-${id}-${turn}`, { kind: 'turn', sessionId: id, turn });
  for (const id of bySession) await memory.forgetSession(id);
  for (const { id } of (await memory.projects()).filter(({ sessions }) => sessions === byProject.length))
    await memory.forgetProject(id);
  for (const id of byProject) await memory.forgetSession(id);
  await memory.whenErased();
  test.driver.checkpoint();
  test.archive.checkpoint();
  expect(Object.fromEntries(found())).toEqual({});
  const receipts = await memory.listReceipts();
  expect(receipts.every(({ isGenuine, isInAudit, body }) => isGenuine && isInAudit && body.residue === 0)).toBe(true);
  expect(receipts.filter(({ body }) => body.kind === 'session').length).toBeGreaterThanOrEqual(bySession.length);

  // What else was there is there: the first turn and the last of each session of which rows were erased.
  const stays = await memory.search({ text: '"something else that stays"', limit: 100 });
  expect(stays.total).toBe(bySearch.length + byRows.length + byTurn.length);
  expect(driver.all("INSERT INTO fulltext (fulltext) VALUES ('integrity-check')")).toEqual([]);

  // Read again from the first line, by a later keeper, with nothing known of the files: nothing comes back.
  for (const change of [
    () => {},
    () => void test.driver.run('DELETE FROM sources'),
    () => void test.driver.run("UPDATE sources SET tail_hash = 'other', offset = 1"),
  ]) {
    change();
    await test.reopen();
    await test.import();
    await test.memory.whenErased();
    test.driver.checkpoint();
    test.archive.checkpoint();
    expect(Object.fromEntries(found())).toEqual({});
    expect((await test.memory.search({ text: word })).total).toBe(0);
    expect((await test.memory.search({ text: '"something else that stays"', limit: 100 })).total).toBe(stays.total);
  }
});
