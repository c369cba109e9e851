/** What the excludes match, also where nothing was ever read, and what the Doctor says about those that match nothing. */
import { afterEach, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';

let test: TestMemory;
afterEach(() => test.close());

async function write(index: number, cwd: string): Promise<void> {
  const transcript = new Transcript(sessionId(index), { cwd });
  transcript.prompt(`work in ${cwd}`);
  await writeTranscript(test.configDir, sessionId(index), transcript, cwd.replaceAll('/', '-'));
}

it('lists the projects of each pattern, read before or never', async () => {
  test = await openTestMemory();
  await write(1, '/srv/shop');
  await write(2, '/srv/bank');
  await test.import();
  await write(3, '/srv/clinic');
  await test.import({ exclude: ['clinic', '/srv/shop', 'nowhere'] });
  expect(await test.memory.previewExcludes()).toEqual([
    { pattern: 'clinic', readAs: '**/clinic', projects: [{ name: 'clinic', root: '/srv/clinic', sessions: 0 }] },
    { pattern: '/srv/shop', readAs: '/srv/shop', projects: [{ name: 'shop', root: '/srv/shop', sessions: 1 }] },
    { pattern: 'nowhere', readAs: '**/nowhere', projects: [] },
  ]);
  expect((await test.memory.search({ text: 'clinic' })).hits).toEqual([]);
  // Others than those in force can be tried.
  expect((await test.memory.previewExcludes(['/srv/*', ' ']))[0]?.projects).toHaveLength(3);
  expect((await test.memory.previewExcludes([' ']))[0]).toEqual({ pattern: ' ', readAs: '', projects: [] });
});

it('counts a fork whose every line stands in another session', async () => {
  test = await openTestMemory();
  await write(1, '/srv/shop');
  await test.import();
  const original = new Transcript(sessionId(1), { cwd: '/srv/shop' });
  original.prompt('work in /srv/shop');
  const fork = new Transcript(sessionId(2), { cwd: '/srv/shop' });
  for (const line of original.lines) fork.meta({ ...(line as object), sessionId: sessionId(2) });
  await writeTranscript(test.configDir, sessionId(2), fork, '-srv-shop');
  await test.import();
  expect((await test.memory.previewExcludes(['shop']))[0]?.projects).toMatchObject([{ sessions: 2 }]);
});

it('the Doctor names a pattern that matches nothing, and what it was read as', async () => {
  test = await openTestMemory();
  await write(1, '/srv/shop');
  await test.import({ exclude: ['shop/../bank'] });
  const { findings, report } = await test.memory.diagnose();
  expect(findings.find(({ id }) => id === 'transcripts.excludes')).toMatchObject({
    level: 'warning',
    args: [1, '"shop/../bank"', '"**/shop/../bank"'],
    remedies: ['open_settings'],
  });
  expect(report).toContain('transcripts.excludes');
  expect(report).not.toContain('bank');
  await test.import({ exclude: ['sho*'] });
  expect((await test.memory.diagnose()).findings.map(({ id }) => id)).not.toContain('transcripts.excludes');
});
