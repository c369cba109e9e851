/** 1,000 words, one in each kind of text: after erasing and forgetting, no byte of the data folder has one of them. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { canariesOf, canaryOf, findCanaries, makeOfCanaries, writeCanaries } from '../../../test/fixtures/canaries';
import type { CanaryOptions } from '../../../test/fixtures/canaries';
import { sessionId } from '../../../test/fixtures/transcript-lines';

let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
});
afterEach(() => test.close());

const word = 'velvetquarry';
const dayOf = (day: number) => Date.UTC(2026, 9, day);
const ways: Record<string, CanaryOptions> = {
  [sessionId(1)]: { word, rounds: 11 },
  [sessionId(2)]: { rounds: 8 },
  [sessionId(3)]: { rounds: 8, startedAt: dayOf(3) },
  [sessionId(4)]: { rounds: 1 },
  [sessionId(5)]: { rounds: 8, isNamed: true },
  [sessionId(6)]: { rounds: 8, isNamed: true, slug: '-work-other' },
};
const [, byRows, , byTurn, bySession, byProject] = Object.keys(ways) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const note = 'qnoteofclaudecanary';
const canaries = [...Object.entries(ways).flatMap(([id, options]) => canariesOf(id, options)), note];
const found = () => {
  test.driver.checkpoint();
  test.archive.checkpoint();
  return Object.fromEntries(findCanaries(test.dataDir, canaries, test));
};
/** Rows of a session except those of its first and last turn, which have no canary. */
const rowsOf = (id: string) =>
  test.driver.all<{ key: string; turn: number }>(
    `SELECT key, turn FROM (SELECT 'p' || id AS key, turn, session, content FROM prompts
        UNION ALL SELECT 'o' || id, turn, session, 'x' FROM observations)
      WHERE session = (SELECT no FROM sessions WHERE id = ?) AND content NOT LIKE 'nothing of this%'
        AND content NOT LIKE 'and something%' AND content NOT IN ('Indeed, nothing yet.', 'That was all.')`,
    [id],
  );

it('erased in six ways, 1,000 canaries are in no file, and come back by no reading', { timeout: 240_000 }, async () => {
  expect(new Set(canaries).size).toBeGreaterThanOrEqual(1000);
  for (const [id, options] of Object.entries(ways)) await writeCanaries(test.configDir, id, options);
  await mkdir(test.configDir, { recursive: true });
  await writeFile(path.join(test.configDir, 'CLAUDE.md'), `# Notes\n\nAlways think of ${word} and ${note}.\n`);
  await test.import();
  const { driver, memory } = test;
  for (const [id, options] of Object.entries(ways)) makeOfCanaries(driver, id, options);
  for (const id of [bySession, byProject]) await memory.renameSession(id, `my ${canaryOf(id, 'name')}`);
  await memory.backUp('before');
  await memory.readyBriefs();

  // Control: the finder finds every one of them, in the memory, the archive and a backup.
  const before = found();
  const there = new Set(Object.values(before).flat());
  expect(canaries.filter((canary) => !there.has(canary))).toEqual([]);
  expect(Object.keys(before).some((place) => place.startsWith('backups'))).toBe(true);
  expect(before['archive, unpacked']!.length).toBeGreaterThan(500);

  const searched = await memory.erase('by-search', { kind: 'query', query: { text: word } });
  expect(searched.body).toMatchObject({ residue: 0, kind: 'query' });
  expect(searched.body.erased.notes).toBe(1);
  expect(searched.body.pieces).toBeGreaterThan(150);
  expect(searched.body.foundBefore).toBeGreaterThan((searched.body.pieces + searched.body.shared) * 0.9);
  await memory.erase('by-rows', { kind: 'rows', keys: rowsOf(byRows).map(({ key }) => key) });
  await memory.erase('by-time', { kind: 'range', since: dayOf(3), until: dayOf(4) });
  for (const turn of new Set(rowsOf(byTurn).map((row) => row.turn)))
    await memory.erase(`by-turn-${turn}`, { kind: 'turn', sessionId: byTurn, turn });
  await memory.forgetSession(bySession);
  const { project } = await memory.getSession(byProject);
  await memory.forgetProject((await memory.projects()).find(({ root }) => root === project.root)!.id);
  await memory.whenErased();
  expect(found()).toEqual({});
  const receipts = await memory.listReceipts();
  expect(receipts.every(({ isGenuine, isInAudit, body }) => isGenuine && isInAudit && body.residue === 0)).toBe(true);
  expect(receipts.map(({ body }) => body.kind)).toEqual(
    expect.arrayContaining(['query', 'rows', 'range', 'turn', 'session', 'project']),
  );

  // What else was there is there: the last turn of each session of which rows were erased.
  const stays = async () => (await test.memory.search({ text: '"something else that stays"', limit: 100 })).total;
  const staying = await stays();
  expect(staying).toBeGreaterThanOrEqual(2);
  expect(driver.all("INSERT INTO fulltext (fulltext) VALUES ('integrity-check')")).toEqual([]);

  // Read again from the first line, by a later keeper, with nothing known of the files: nothing comes back.
  for (const change of ['', 'DELETE FROM sources', "UPDATE sources SET tail_hash = 'other', offset = 1"]) {
    if (change !== '') test.driver.run(change);
    await test.reopen();
    await test.import();
    await test.memory.whenErased();
    expect(found()).toEqual({});
    expect((await test.memory.search({ text: word })).total).toBe(0);
    expect(await stays()).toBe(staying);
  }
});
