/** What a person said about giving goes with backups, and not with what is forgotten. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestMemory } from '../../../../test/fakes/test-memory';
import type { TestMemory } from '../../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../../test/fixtures/transcript-lines';
import { dropForgotten, isUntouched, mergeWritten, readWritten } from '../backup/written';
import type { Written } from '../backup/written';
import { markOf } from './buried-roots';

let test: TestMemory;
const [one, two] = [sessionId(1), sessionId(2)];
let project: number;

beforeEach(async () => {
  test = await openTestMemory();
  for (const id of [one, two]) {
    const transcript = new Transcript(id);
    transcript.prompt(`count the kumquats of ${id}`);
    await writeTranscript(test.configDir, id, transcript); // oxlint-disable-line no-await-in-loop -- in order
  }
  await test.import();
  const [row] = await test.read(one);
  await test.memory.setNeverGiven(row!.key, true);
  await test.memory.setSessionGiven(two, false);
  project = (await test.memory.projects())[0]!.id;
  await test.memory.setSourceKept(project, 'said', true);
});
afterEach(() => test.close());

const whats = (written: Written | undefined) => written?.choices?.map(({ what }) => what);

it('is read for a backup and merged into a memory that has none of it, once', () => {
  const written = readWritten(test.driver);
  expect(whats(written)).toEqual(['never', 'session', 'source']);
  expect(isUntouched({ learnings: [], tombstones: [], configurations: [], choices: written.choices! })).toBe(false);
  test.driver.run('DELETE FROM give_choices');
  for (const preference of ['wishes', 'present', 'incoming'] as const) {
    mergeWritten(test.driver, written, preference);
    expect(whats(readWritten(test.driver))).toEqual(preference === 'wishes' ? [] : ['never', 'session', 'source']);
  }
});

it('leaves a backup with the session or the project that it is about', () => {
  const written = readWritten(test.driver);
  const without = (kind: 'session' | 'project', target: string) =>
    whats(dropForgotten(written, [{ kind, target, at: 9 }]));
  expect(without('session', one)).toEqual(['session', 'source']);
  expect(without('session', two)).toEqual(['never', 'source']);
  expect(without('project', markOf(test.driver, '/work/shop'))).toEqual(['never', 'session']);
  expect(without('session', sessionId(9))).toBeUndefined();
});

it('does not come back from a backup once its session or project is forgotten', async () => {
  const written = readWritten(test.driver);
  await test.memory.forgetSession(one);
  mergeWritten(test.driver, written, 'incoming');
  expect(whats(readWritten(test.driver))).toEqual(['session', 'source']);
  await test.memory.forgetProject(project);
  mergeWritten(test.driver, written, 'incoming');
  expect(whats(readWritten(test.driver))).toEqual([]);
});

it('has no text of a session', () => {
  expect(JSON.stringify(test.driver.all('SELECT * FROM give_choices'))).not.toContain('kumquat');
});
