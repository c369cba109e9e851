/** Transcripts of machines with a wrong clock never lead, are told, and are reached by the bounds. */
import { stat, utimes } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { expireSessions } from '../store/tables/expire';

let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
});
afterEach(() => test.close());

const dayMs = 86_400_000;
const [future, far, epoch, yesterday, summer] = [1, 2, 3, 4, 5].map(sessionId) as [
  string,
  string,
  string,
  string,
  string,
];

async function write(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const [id, at] of [
    [future, Date.UTC(2031, 0, 2)],
    [far, Date.UTC(9999, 11, 31)],
    [epoch, 0],
    [yesterday, test.now.value - dayMs],
    [summer, Date.UTC(2026, 6, 1)],
  ] as const) {
    const transcript = new Transcript(id, { startedAt: at });
    transcript.prompt('the quince cache misses');
    files.set(id, await writeTranscript(test.configDir, id, transcript));
  }
  return files;
}

it('lead no list and no search, and are told', async () => {
  await write();
  await test.import();
  const first = await test.memory.listSessions({ limit: 2 });
  expect(first.items.map(({ id }) => id)).toEqual([yesterday, summer]);
  const rest = await test.memory.listSessions({ limit: 5, cursor: first.next! });
  expect(rest.items.map(({ id }) => id).sort()).toEqual([future, far, epoch].sort());
  for (const query of [{ sort: 'newest' as const }, {}]) {
    const { hits } = await test.memory.search({ text: 'quince cache', ...query });
    expect(hits[0]?.sessionId).toBe(yesterday);
    expect(hits).toHaveLength(5);
  }
  const { hits } = await test.memory.search({ text: 'project:shop' });
  expect(hits.slice(0, 2).map(({ sessionId: id }) => id)).toEqual([yesterday, summer]);
  const { findings } = await test.memory.diagnose();
  expect(findings.find(({ id }) => id === 'transcripts.dates')).toMatchObject({ level: 'note', args: [2, 1] });
});

it('go by the time of their file when old sessions are deleted', async () => {
  const files = await write();
  const old = new Date(Date.UTC(2026, 3, 1));
  for (const id of [future, epoch]) await utimes(files.get(id)!, old, old);
  for (const id of [far, yesterday, summer]) {
    const recent = new Date(test.now.value);
    await utimes(files.get(id)!, recent, recent);
  }
  await test.import();
  const before = Date.UTC(2026, 5, 1);
  expect(await expireSessions(test.driver, { before, maxBytes: 0 }, test.now.value)).toBe(2);
  const { items } = await test.memory.listSessions({});
  expect(items.map(({ id }) => id).sort()).toEqual([far, yesterday, summer].sort());
  expect((await stat(files.get(future)!)).mtimeMs).toBe(old.getTime());
});
