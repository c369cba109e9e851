/** What stays after forgetting: nothing in the memory, its backups and the files beside it, and no folder's name. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { writeWish } from './next-open';

let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
  for (const [number, folder] of [
    [1, '/work/velvetquarry'],
    [2, '/work/other'],
    [3, '/work/other'],
  ] as const) {
    const transcript = new Transcript(sessionId(number), { cwd: folder });
    transcript.prompt(`remember the marmotgarden ${number}`);
    transcript.answer('done');
    await writeTranscript(test.configDir, sessionId(number), transcript, 'some-folder');
  }
  await test.import();
});
afterEach(() => test.close());

/** Files of the data folder that contain a word; compressed ones are decompressed. */
const holding = (word: string) =>
  nodeFs.readdirSync(test.dataDir, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const file = path.join(test.dataDir, name);
    if (!nodeFs.statSync(file).isFile()) return false;
    const bytes = nodeFs.readFileSync(file);
    return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1').includes(word);
  });
const roots = () => test.driver.all<{ root: string }>('SELECT root FROM projects').map(({ root }) => root);
const projectOf = (root: string) =>
  test.driver.get<{ id: number }>('SELECT id FROM projects WHERE root = ?', [root])!.id;

describe('forgetting', () => {
  it('the last session of a project takes its folder too, another session does not', async () => {
    await test.memory.forgetSession(sessionId(1));
    expect(roots()).toEqual(['/work/other']);
    await test.memory.forgetSession(sessionId(2));
    expect(roots()).toEqual(['/work/other']);
  });

  it('a project is done when its backups are, and leaves its name nowhere', async () => {
    await test.memory.backUp('one');
    await test.import();
    await test.memory.saveLearning({ id: 'learning-own', category: 'general', title: 'own', description: '' });
    await test.memory.backUp('two');
    expect(holding('velvetquarry').some((name) => name.startsWith('backups'))).toBe(true);
    await test.memory.forgetProject(projectOf('/work/velvetquarry'));
    expect(holding('velvetquarry')).toEqual([]);
    expect(holding('marmotgarden 1')).toEqual([]);
    expect((await test.memory.listBackups()).filter(({ kind }) => kind === 'manual')).toHaveLength(2);
  });

  it('a project stays done when its file is lost, and later sessions are remembered', async () => {
    await test.memory.backUp('one');
    await test.memory.forgetProject(projectOf('/work/velvetquarry'));
    await test.reopen();
    await test.memory.close();
    nodeFs.truncateSync(path.join(test.dataDir, 'memory.db'), 0);
    writeWish(test.dataDir, { requestId: 'repair', kind: 'repair' });
    await test.reopen();
    await test.import();
    expect(roots()).toEqual(['/work/other']);
    const later = new Transcript(sessionId(4), { cwd: '/work/velvetquarry', startedAt: test.now.value + 3_600_000 });
    later.prompt('begun later');
    await writeTranscript(test.configDir, sessionId(4), later, 'some-folder');
    await test.import();
    expect(roots().toSorted()).toEqual(['/work/other', '/work/velvetquarry']);
  });

  it('everything after a project leaves no root in plain text', async () => {
    await test.memory.forgetProject(projectOf('/work/velvetquarry'));
    test.driver.run("INSERT INTO tombstones (kind, target, at) VALUES ('project', '/work/oldvelvet', 1)");
    await test.memory.deleteEverything();
    await test.reopen();
    test.driver.checkpoint();
    for (const word of ['velvetquarry', 'oldvelvet', '/work/other']) expect([word, holding(word)]).toEqual([word, []]);
    await test.import();
    expect(roots()).toEqual([]);
  });

  it('names accepted learnings from it before, and leaves them without their source', async () => {
    const saved = await test.memory.saveLearning({
      id: 'learning-kept',
      category: 'general',
      title: 'marmots bite',
      description: '',
    });
    test.driver.run('UPDATE learnings SET source_sessions_json = ? WHERE id = ?', [
      JSON.stringify([sessionId(1), sessionId(2)]),
      saved.id,
    ]);
    await test.memory.backUp('one');
    const projectId = projectOf('/work/velvetquarry');
    expect(await test.memory.quotingLearnings({ sessionId: sessionId(1) })).toEqual(['marmots bite']);
    expect(await test.memory.quotingLearnings({ projectId })).toEqual(['marmots bite']);
    expect(await test.memory.quotingLearnings({ sessionId: sessionId(3) })).toEqual([]);
    await test.memory.forgetProject(projectId);
    expect(
      test.driver.get('SELECT title, source_sessions_json AS sources FROM learnings WHERE id = ?', [saved.id]),
    ).toEqual({ title: 'marmots bite', sources: JSON.stringify([sessionId(2)]) });
  });
});
