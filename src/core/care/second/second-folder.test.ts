/** A second backup folder: on a disk that comes and goes. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../../test/fakes/test-memory';
import type { TestMemory } from '../../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../../test/fixtures/transcript-lines';
import { defaultCareSettings } from '../../../protocol/care';
import { dayMs } from '../../lib/clock';
import { listManifests } from '../../store/backup/files';
import { noteDropped, readCareState } from '../state';

let test: TestMemory;
let folder: string;
beforeEach(async () => {
  test = await openTestMemory();
  folder = path.join(path.dirname(test.dataDir), 'other disk');
  nodeFs.mkdirSync(folder);
  await write(sessionId(1), 'flamingo');
  await write(sessionId(2), 'walrus');
  await use(folder);
});
afterEach(() => test.close());

const use = (secondFolder: string) => test.import({ care: { ...defaultCareSettings, secondFolder } });

async function write(id: string, word: string): Promise<void> {
  const session = new Transcript(id, { cwd: '/work/shop' });
  session.prompt(`about the ${word}`);
  session.tool('Bash', { command: `echo ${word}` }, `${word} `.repeat(50));
  await writeTranscript(test.configDir, id, session, '-work-shop');
}

const backUp = () => test.memory.backUp(crypto.randomUUID());
/** The folder of this memory in the second folder, laid out as a data folder. */
const place = () =>
  path.join(folder, nodeFs.readdirSync(folder).find((name) => name.startsWith('claude-mem-')) ?? 'none');
const namesIn = (dataDir: string) => listManifests(dataDir).map(({ name, sha256 }) => `${name} ${sha256}`);
const settled = () =>
  expect
    .poll(() => namesIn(place()), { timeout: 20_000 })
    .toEqual(namesIn(test.dataDir))
    .then(() => expect.poll(() => readCareState(test.dataDir).second?.failedSince).toBeUndefined());
const failed = () => expect.poll(() => readCareState(test.dataDir).second?.failedSince).toBeDefined();
const hasWord = (word: string) =>
  nodeFs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.gz'))
    .some((name) => gunzipSync(nodeFs.readFileSync(path.join(folder, name))).includes(word));
const finding = async () => (await test.memory.diagnose()).findings.find(({ id }) => id === 'store.second_folder');

describe('a second backup folder', () => {
  it('gets every backup, and loses what the first one no longer has', async () => {
    await backUp();
    await settled();
    expect(namesIn(place())).not.toEqual([]);
    expect(hasWord('flamingo')).toBe(true);
    expect(await finding()).toMatchObject({ level: 'ok' });
    test.now.value += 30 * dayMs;
    await write(sessionId(3), 'pelican');
    await test.import();
    const before = namesIn(place());
    await test.care.beat();
    await settled();
    expect(namesIn(place())).not.toEqual(before);
  });

  it('keeps what is only missing in the first folder, which may be all that is left', async () => {
    const { name } = await backUp();
    await settled();
    nodeFs.rmSync(path.join(test.dataDir, 'backups'), { recursive: true });
    await write(sessionId(3), 'pelican');
    await test.import();
    test.now.value += dayMs;
    await backUp();
    await expect.poll(() => namesIn(place()).length, { timeout: 20_000 }).toBe(2);
    expect(namesIn(place()).some((each) => each.startsWith(name))).toBe(true);
    // What a person forgets goes from it nevertheless.
    await test.memory.forgetSession(sessionId(1));
    expect(hasWord('flamingo')).toBe(false);
  });

  it('that is chosen again is the same, and has nothing of what was forgotten meanwhile', async () => {
    await backUp();
    await settled();
    await use('');
    // The backup that is in it is not here any more when it is chosen again.
    nodeFs.rmSync(path.join(test.dataDir, 'backups'), { recursive: true });
    await test.memory.forgetSession(sessionId(1));
    test.now.value += dayMs;
    await backUp();
    expect(hasWord('flamingo')).toBe(true);
    // It is away at first, and an old backup is thinned out meanwhile.
    nodeFs.renameSync(folder, `${folder} unplugged`);
    await use(folder);
    await test.care.beat();
    await failed();
    noteDropped(test.dataDir, ['20200101T000000Z-scheduled']);
    nodeFs.renameSync(`${folder} unplugged`, folder);
    await test.care.beat();
    await settled();
    expect(nodeFs.readdirSync(folder)).toHaveLength(1);
    expect(hasWord('flamingo')).toBe(false);
  });

  it('deletes nothing that a manifest of somebody else names', async () => {
    await backUp();
    await settled();
    const precious = path.join(folder, 'precious.json');
    nodeFs.writeFileSync(precious, '{}');
    const backups = path.join(place(), 'backups');
    nodeFs.writeFileSync(path.join(backups, 'x.gz'), 'x');
    nodeFs.writeFileSync(
      path.join(backups, 'x.json'),
      JSON.stringify({ name: '../../precious', file: 'x.gz', bytes: 1, at: 1, kind: 'manual', sha256: '' }),
    );
    await test.memory.deleteEverything();
    await settled();
    expect(nodeFs.existsSync(precious)).toBe(true);
  });

  it('brings everything back on a fresh computer, where no backup is listed', async () => {
    await test.memory.saveLearning({
      id: 'learning-one',
      category: 'general',
      title: 'Walruses first',
      description: '',
    });
    const { name } = await backUp();
    await settled();
    const fresh = await openTestMemory();
    try {
      expect(await fresh.memory.listBackups()).toEqual([]);
      const outcome = await fresh.throughReopening(() =>
        fresh.memory.restoreBackup({ requestId: 'r', name, from: place() }),
      );
      expect(outcome).toMatchObject({ isDone: true });
      const { items } = await fresh.memory.listSessions({});
      expect(items.map(({ id }) => id).toSorted()).toEqual([sessionId(1), sessionId(2)]);
      expect((await fresh.memory.search({ text: 'flamingo' })).hits.length).toBeGreaterThan(0);
      expect((await fresh.memory.listLearnings({})).items.map(({ title }) => title)).toContain('Walruses first');
    } finally {
      await fresh.close();
    }
  });

  it('of another memory is not restored over one in which something was erased, which would be read again', async () => {
    const { name } = await backUp();
    await settled();
    const other = await openTestMemory({ makeSalt: () => 'another salt' });
    try {
      const session = new Transcript(sessionId(9), { cwd: '/work/shop' });
      session.prompt('about the heron');
      session.answer('It stands.');
      await writeTranscript(other.configDir, sessionId(9), session, '-work-shop');
      await other.import();
      await other.memory.erase('e', { kind: 'query', query: { text: 'heron' } });
      const outcome = await other.throughReopening(() =>
        other.memory.restoreBackup({ requestId: 'r', name, from: place() }),
      );
      expect(outcome).toMatchObject({ isDone: false, reason: expect.stringContaining('Import it instead') });
      expect((await other.memory.search({ text: 'stands' })).hits.length).toBeGreaterThan(0);
    } finally {
      await other.close();
    }
  });

  it('forgets what is forgotten, before that is said to be done', async () => {
    await backUp();
    await settled();
    await test.memory.forgetSession(sessionId(1));
    expect(hasWord('flamingo')).toBe(false);
    expect(hasWord('walrus')).toBe(true);
    await test.memory.deleteEverything();
    expect(namesIn(place())).toEqual([]);
    expect(hasWord('walrus')).toBe(false);
  });

  it('that is away is not made in its place; it is said, and made up for when it is back', async () => {
    await backUp();
    await settled();
    nodeFs.renameSync(folder, `${folder} unplugged`);
    await test.memory.forgetSession(sessionId(1));
    await failed();
    expect(nodeFs.existsSync(folder)).toBe(false);
    expect(await finding()).toMatchObject({ level: 'warning' });
    expect((await test.memory.status()).warnings).toEqual([]);
    test.now.value += 2 * dayMs;
    await test.care.beat();
    await expect
      .poll(async () => (await test.memory.status()).warnings.map(({ code }) => code))
      .toContain('second_folder_away');
    // An empty mount point is not the disk.
    nodeFs.mkdirSync(folder);
    await test.care.beat();
    expect(nodeFs.readdirSync(folder)).toEqual([]);
    nodeFs.rmdirSync(folder);
    nodeFs.renameSync(`${folder} unplugged`, folder);
    expect(hasWord('flamingo')).toBe(true);
    await test.care.beat();
    await settled();
    expect(hasWord('flamingo')).toBe(false);
  });

  it('is made anew in an empty folder when a person asks for a backup', async () => {
    await backUp();
    await settled();
    nodeFs.rmSync(place(), { recursive: true });
    await backUp();
    await settled();
  });

  it('takes no backup that is not what was written', async () => {
    await use('');
    await backUp();
    const [{ file } = { file: '' }] = listManifests(test.dataDir);
    const packed = path.join(test.dataDir, 'backups', file);
    const bytes = nodeFs.readFileSync(packed);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    nodeFs.writeFileSync(packed, bytes);
    await use(folder);
    await test.care.beat();
    await failed();
    expect(namesIn(place()).some((each) => each.startsWith(file.replace('.db.gz', '')))).toBe(false);
  });

  it('is said in the receipt when it was away while something was erased, and searched when it was there', async () => {
    await backUp();
    await settled();
    const erased = async (text: string) =>
      (await test.memory.erase(crypto.randomUUID(), { kind: 'query', query: { text } })).body;
    const there = await erased('walrus');
    expect(there).toMatchObject({ residue: 0 });
    expect(there.isSecondUnreached).toBeUndefined();
    expect(hasWord('walrus')).toBe(false);
    nodeFs.renameSync(folder, `${folder} unplugged`);
    expect(await erased('flamingo')).toMatchObject({ isSecondUnreached: true });
  });
});
