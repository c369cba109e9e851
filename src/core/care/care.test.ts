/** Backups, restore and limits in a real folder with a controlled clock, without the thread. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wordBag } from '../../../test/fakes/embedders';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import type { BackupInfo } from '../../protocol/care';
import type { CaptureSettings } from '../../protocol/questions/capture';
import type { LearningInput } from '../../protocol/questions/learnings';
import { dayMs, hourMs } from '../lib/clock';
import { breathe } from '../lib/turns';
import { listManifests } from '../store/backup/files';
import { schemaVersion } from '../store/sqlite/migrate';
import { expireSessions } from '../store/tables/expire';
import { changeCareState, readCareState } from './state';

let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
});
afterEach(() => test.close());

const [one, two] = [sessionId(1), sessionId(2)];
const folder = () => path.join(test.dataDir, 'backups');
const learning = (id: string, title = id): LearningInput => ({
  id: `learning-${id}`,
  category: 'general',
  title,
  description: '',
});
const titles = async () => (await test.memory.listLearnings({})).items.map(({ title }) => title).toSorted();
const sessions = async () => (await test.memory.listSessions({})).items.map(({ id }) => id).toSorted();
const wholeOnes = async () => (await test.memory.listBackups()).filter(({ kind }) => kind !== 'written');
const restore = (name: string, requestId = 'request', isExact = false) =>
  test.throughReopening(() => test.memory.restoreBackup({ requestId, name, isExact }));

async function write(id: string, word: string, cwd = '/work/shop'): Promise<void> {
  const transcript = new Transcript(id, { cwd });
  for (let turn = 0; turn < 5; turn++) {
    transcript.prompt(`about ${word} ${turn}`);
    transcript.tool('Bash', { command: `echo ${word}` }, `${word} `.repeat(300));
  }
  await writeTranscript(test.configDir, id, transcript, cwd.replaceAll('/', '-'));
}

/** Files of the data folder that contain a word in any encoding SQLite uses; compressed files are decompressed. */
function findOnDisk(word: string): string[] {
  return nodeFs
    .readdirSync(test.dataDir, { recursive: true, encoding: 'utf8' })
    .filter((name) => nodeFs.statSync(path.join(test.dataDir, name)).isFile())
    .filter((name) => {
      const bytes = nodeFs.readFileSync(path.join(test.dataDir, name));
      const plain = name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
      return plain.toString('latin1').includes(word) || plain.toString('latin1').includes(word.slice(3));
    });
}

describe('a backup', () => {
  it('is checked, listed, private, and any SQLite can open it', async () => {
    await write(one, 'zebra');
    await test.import();
    const made = await test.memory.backUp('r1');
    expect(made).toMatchObject({ kind: 'manual', counts: { sessions: 1, prompts: 5, learnings: 0 } });
    expect(await test.memory.listBackups()).toEqual([made]);
    for (const name of nodeFs.readdirSync(folder()))
      expect([name, nodeFs.statSync(path.join(folder(), name)).mode & 0o077]).toEqual([name, 0]);
    const plain = gunzipSync(nodeFs.readFileSync(path.join(folder(), `${made.name}.db.gz`)));
    expect(plain.toString('latin1', 0, 16)).toBe('SQLite format 3\0');
    expect([plain[18], plain[19]]).toEqual([1, 1]);
    expect(plain.length).toBe(made.plainBytes);
  });

  it('of the same request, or of an unchanged memory, is made once', async () => {
    await write(one, 'zebra');
    await test.import();
    const made = await test.memory.backUp('r1');
    expect(await test.memory.backUp('r1')).toEqual(made);
    test.now.value += hourMs;
    expect((await test.memory.backUp('r2')).name).toBe(made.name);
    await test.reopen();
    expect((await test.memory.backUp('r3')).name).toBe(made.name);
    await test.memory.saveLearning(learning('a'));
    expect((await test.memory.backUp('r4')).name).not.toBe(made.name);
  });

  it('leaves commits alone while it copies, and holds what was there when it began', async () => {
    await write(one, 'zebra');
    await test.import();
    await test.memory.saveLearning(learning('before'));
    const making = test.memory.backUp('r1');
    const saved = test.memory.saveLearning(learning('during'));
    await Promise.all([making, saved]);
    expect(await titles()).toEqual(['before', 'during']);
    expect((await making).counts.learnings).toBe(1);
    await test.reopen();
    expect(await titles()).toEqual(['before', 'during']);
  });

  it('that was cut short is not listed, and swept away at the next start', async () => {
    await write(one, 'zebra');
    await test.import();
    const { name } = await test.memory.backUp('r1');
    const half = path.join(folder(), '20260101T000000Z-scheduled.db.gz');
    nodeFs.writeFileSync(half, 'half');
    nodeFs.writeFileSync(`${half}.tmp`, 'half');
    nodeFs.writeFileSync(path.join(folder(), 'mine.txt'), 'not ours');
    test.memory.start();
    await test.care.beat();
    expect(nodeFs.readdirSync(folder()).toSorted()).toEqual([
      `${name}.db.gz`,
      `${name}.json`,
      'archive.db',
      'mine.txt',
    ]);
  });
});

describe('vectors', () => {
  const count = () => test.driver.get<{ n: number }>('SELECT count(*) AS n FROM vector_embeddings')!.n;
  const flatFiles = () => nodeFs.readdirSync(test.dataDir).filter((name) => name.endsWith('.int8'));

  it('are in no backup, take no room there, and are made again after a restore', async () => {
    await write(one, 'zebra');
    await test.import();
    const plain = await test.memory.backUp('without');
    const bag = wordBag('bag@1', 4096);
    test.memory.setEmbedder(bag);
    await test.memory.whenEmbedded();
    const embedded = count();
    expect(embedded).toBeGreaterThan(5);
    const made = await test.memory.backUp('with');
    expect(made.name).not.toBe(plain.name);
    // Each vector takes four pages.
    expect(made.plainBytes).toBeLessThan(plain.plainBytes + embedded * 4096);
    expect(count()).toBe(embedded);
    const [manifest] = listManifests(test.dataDir);
    expect(manifest!.rows).toMatchObject({ vector_embeddings: 0, prompts: 5 });
    await restore(made.name);
    expect(count()).toBe(0);
    expect(await sessions()).toEqual([one]);
    test.memory.setEmbedder(bag);
    await test.memory.whenEmbedded();
    expect(count()).toBe(embedded);
    expect((await test.memory.search({ text: 'zebra' })).hits).not.toEqual([]);
    expect(flatFiles().length).toBeLessThanOrEqual(1);
  });
});

describe('the schedule', () => {
  const beat = () => test.care.beat();
  const written = async () => (await test.memory.listBackups()).filter(({ kind }) => kind === 'written');

  it('makes a whole one every six hours, if something changed', async () => {
    await write(one, 'zebra');
    await test.import();
    await beat();
    expect(await wholeOnes()).toHaveLength(1);
    test.now.value += 7 * hourMs;
    await beat();
    expect(await wholeOnes()).toHaveLength(1);
    await test.memory.saveLearning(learning('a'));
    await beat();
    expect(await wholeOnes()).toHaveLength(1);
    test.now.value += 7 * hourMs;
    await beat();
    expect(await wholeOnes()).toHaveLength(2);
  });

  it('saves what a person wrote every hour, if something changed, and keeps 24 of them', async () => {
    for (let count = 1; count <= 30; count++) {
      await test.memory.saveLearning(learning(`l${count}`));
      test.now.value += hourMs;
      await beat();
      await beat();
      expect(await written()).toHaveLength(Math.min(count, 24));
    }
    test.now.value += 5 * hourMs;
    await beat();
    expect((await written())[0]?.at).toBe(test.now.value - 5 * hourMs);
  });

  it('saves what a person wrote after a failure too, though nothing changed since', async () => {
    await test.memory.saveLearning(learning('a'));
    nodeFs.rmSync(folder(), { recursive: true, force: true });
    nodeFs.writeFileSync(folder(), 'a file in the way');
    await beat();
    nodeFs.rmSync(folder());
    test.now.value += 2 * hourMs;
    await beat();
    expect(await written()).toMatchObject([{ counts: { learnings: 1 } }]);
  });

  it('saves nothing of a person who has only the usual settings', async () => {
    await write(one, 'zebra');
    await test.memory.configure({
      configDirs: [test.configDir],
      roots: [],
      exclude: [],
      source: 'test',
      maxLineBytes: 1 << 20,
      care: { retentionDays: 0, retentionMaxBytes: 0, backupMaxBytes: 2e9 },
    });
    await test.memory.importNow();
    await beat();
    expect(await written()).toEqual([]);
  });

  it.each(['a forgotten session', 'an exclude', 'a bound', 'a pause'])(
    'saves %s of a person without learnings',
    async (what) => {
      await write(one, 'zebra');
      await test.import({
        exclude: what === 'an exclude' ? ['**/secret'] : [],
        ...(what === 'a bound' && { care: { retentionDays: 365, retentionMaxBytes: 0, backupMaxBytes: 2e9 } }),
      });
      if (what === 'a pause') await test.memory.setPaused(true);
      if (what === 'a forgotten session') await test.memory.forgetSession(one);
      await beat();
      expect(await written()).toMatchObject([{ counts: { learnings: 0 } }]);
    },
  );

  it('makes up for a long sleep once', async () => {
    await write(one, 'zebra');
    await test.import();
    await beat();
    await test.memory.saveLearning(learning('a'));
    test.now.value += 20 * dayMs;
    await Promise.all([beat(), beat(), beat()]);
    expect(await wholeOnes()).toHaveLength(2);
  });

  it('removes what a restore or a repair put aside, of memory and of the archive, after 30 days', async () => {
    const aside = ['memory.before-restore.db', 'memory.damaged.db', 'archive.damaged.db', 'archive.damaged.db.vwal'];
    for (const name of aside) nodeFs.writeFileSync(path.join(test.dataDir, name), 'x'.repeat(100));
    const left = () => aside.filter((name) => nodeFs.existsSync(path.join(test.dataDir, name)));
    expect((await test.memory.status()).sizes.aside).toBe(400);
    // Compared with the time of the files, which comes from the machine.
    test.now.value = Date.now() + 29 * dayMs;
    await beat();
    expect(left()).toEqual(aside);
    test.now.value = Date.now() + 31 * dayMs;
    await beat();
    expect(left()).toEqual([]);
    expect((await test.memory.status()).sizes.aside).toBe(0);
  });

  it('checks the live file once a day without touching it', async () => {
    await write(one, 'zebra');
    await test.import();
    changeCareState(test.dataDir, () => ({ lastFullAt: test.now.value }));
    const file = path.join(test.dataDir, 'memory.db');
    test.driver.checkpoint();
    const before = nodeFs.statSync(file);
    await beat();
    expect(readCareState(test.dataDir).lastCheck).toEqual({ at: test.now.value, problems: [] });
    expect(nodeFs.statSync(file).mtimeMs).toBe(before.mtimeMs);
    expect(nodeFs.readdirSync(test.dataDir).filter((name) => /-journal|-wal|-shm/.test(name))).toEqual([]);
  });

  it.each(['check', 'backup'])('sees damage of the live file at a %s and says so', async (at) => {
    await write(one, 'zebra');
    await test.import();
    if (at === 'check') changeCareState(test.dataDir, () => ({ lastFullAt: test.now.value }));
    test.driver.checkpoint();
    const root =
      test.driver.get<{ rootpage: number }>("SELECT rootpage FROM sqlite_master WHERE name = 'observations_by_turn'")
        ?.rootpage ?? 0;
    const handle = nodeFs.openSync(path.join(test.dataDir, 'memory.db'), 'r+');
    nodeFs.writeSync(handle, Buffer.alloc(4096), 0, 4096, (root - 1) * 4096);
    nodeFs.closeSync(handle);
    await beat();
    expect(await wholeOnes()).toEqual([]);
    expect((await test.memory.status()).warnings).toMatchObject([{ code: 'damaged' }]);
    expect((await test.memory.diagnose()).findings.find(({ id }) => id === 'store.integrity')).toMatchObject({
      level: 'error',
      remedies: ['repair', 'restore_backup', 'show_log'],
    });
    const outcome = await test.throughReopening(() => test.memory.repair('fix'));
    expect(outcome).toMatchObject({
      kind: 'repair',
      isDone: true,
      rowsSaved: { sessions: 1, prompts: 5, observations: 5 },
    });
    expect((await test.memory.search({ text: 'zebra' })).total).toBe(1);
    expect(nodeFs.existsSync(path.join(test.dataDir, 'memory.damaged.db'))).toBe(true);
  });
});

describe('restore', () => {
  let backup: BackupInfo;
  beforeEach(async () => {
    await write(one, 'zebra');
    await test.import();
    await test.memory.saveLearning(learning('old', 'as it was'));
    backup = await test.memory.backUp('b');
    await write(two, 'giraffe');
    await test.import();
    await test.memory.saveLearning(learning('old', 'edited since'));
    await test.memory.saveLearning(learning('new', 'written since'));
  });

  it('brings the day back and keeps what a person wrote since', async () => {
    const outcome = await restore(backup.name);
    expect(outcome).toMatchObject({ kind: 'restore', isDone: true, learningsKept: 2 });
    expect(await sessions()).toEqual([one]);
    expect(await titles()).toEqual(['edited since', 'written since']);
    expect((await test.memory.search({ text: '"written since"' })).total).toBe(1);
    // What was read after the backup is read again.
    await test.import();
    expect(await sessions()).toEqual([one, two]);
    await test.reopen();
    expect(await sessions()).toEqual([one, two]);
  });

  it('to the exact state leaves newer learnings out, but not what was forgotten', async () => {
    await test.memory.forgetSession(one);
    await test.care.beat();
    await restore(backup.name, 'exact', true);
    expect(await titles()).toEqual(['as it was']);
    expect(await sessions()).toEqual([]);
    await test.import();
    expect(await sessions()).toEqual([two]);
  });

  it('asked twice is done once', async () => {
    const first = await restore(backup.name);
    await test.memory.saveLearning(learning('later'));
    expect(await test.memory.restoreBackup({ requestId: 'request', name: backup.name })).toEqual(first);
    expect(await titles()).toContain('later');
  });

  it('can be undone, and done again by undoing that', async () => {
    await restore(backup.name, 'r', true);
    await test.memory.saveLearning(learning('between'));
    expect(await test.throughReopening(() => test.memory.undoRestore('u1'))).toMatchObject({ isDone: true });
    expect(await sessions()).toEqual([one, two]);
    expect(await titles()).toEqual(expect.arrayContaining(['between', 'written since']));
    await test.throughReopening(() => test.memory.undoRestore('u2'));
    expect(await sessions()).toEqual([one]);
  });

  it.each(['flipped', 'short'])('of a %s backup is refused and changes nothing', async (how) => {
    const file = path.join(folder(), `${backup.name}.db.gz`);
    const bytes = nodeFs.readFileSync(file);
    bytes[Math.floor(bytes.length / 2)]! ^= 1;
    nodeFs.writeFileSync(file, how === 'flipped' ? bytes : bytes.subarray(0, 100));
    await expect(restore(backup.name)).rejects.toMatchObject({ code: how === 'flipped' ? 'corrupt' : 'not_found' });
    expect(await titles()).toEqual(['edited since', 'written since']);
    expect(nodeFs.existsSync(path.join(test.dataDir, 'next-open.json'))).toBe(false);
  });

  it('of one by a newer version is refused', async () => {
    const manifest = path.join(folder(), `${backup.name}.json`);
    nodeFs.writeFileSync(
      manifest,
      nodeFs.readFileSync(manifest, 'utf8').replace(`"schemaVersion": ${schemaVersion}`, '"schemaVersion": 99'),
    );
    await expect(restore(backup.name)).rejects.toMatchObject({ code: 'too_new' });
  });

  it('of what does not exist is refused', async () => {
    await expect(restore('2026-11-22T10-00-00-000Z-manual')).rejects.toMatchObject({ code: 'not_found' });
    await expect(restore('../../etc/passwd')).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(test.memory.undoRestore('x')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('of an hourly one adds what is missing', async () => {
    await test.care.beat();
    const hourly = (await test.memory.listBackups()).find(({ kind }) => kind === 'written')!;
    test.driver.run(
      "DELETE FROM documents WHERE kind = 2 AND row_id = (SELECT no FROM learnings WHERE id = 'learning-new')",
    );
    test.driver.run("DELETE FROM learnings WHERE id = 'learning-new'");
    expect(await test.memory.restoreBackup({ requestId: 'w', name: hourly.name })).toMatchObject({
      isDone: true,
      learningsKept: 1,
    });
    expect(await titles()).toEqual(['edited since', 'written since']);
  });

  it.each(['prepare', 'merge', 'make room', 'put aside', 'take its place', 'done'])(
    'killed at "%s" is finished at the next start',
    async (step) => {
      nodeFs.writeFileSync(
        path.join(test.dataDir, 'next-open.json'),
        JSON.stringify({ requestId: 'killed', kind: 'restore', name: backup.name }),
      );
      // The files after an error inside the function are the same as after a kill.
      const files = path.join(test.dataDir, '..', 'killed');
      await test.reopen((each) => {
        if (each === step) nodeFs.cpSync(test.dataDir, files, { recursive: true });
      });
      const finished = await sessions();
      await test.memory.close();
      // The folder as the kill left it replaces the finished one.
      await test.replaceFolder(files);
      expect(await test.memory.restoreBackup({ requestId: 'killed', name: backup.name })).toMatchObject({
        isDone: true,
      });
      expect(await sessions()).toEqual(finished);
      expect(finished).toEqual([one]);
      expect(await titles()).toEqual(['edited since', 'written since']);
      await test.throughReopening(() => test.memory.undoRestore('back'));
      expect(await sessions()).toEqual([one, two]);
    },
  );

  it('that ends its keeper again and again is given up', async () => {
    nodeFs.writeFileSync(
      path.join(test.dataDir, 'next-open.json'),
      JSON.stringify({ requestId: 'poison', kind: 'restore', name: backup.name, attempts: 3 }),
    );
    await test.reopen();
    expect(await test.memory.restoreBackup({ requestId: 'poison', name: backup.name })).toMatchObject({
      isDone: false,
    });
    expect(await titles()).toEqual(['edited since', 'written since']);
    expect((await test.memory.status()).warnings).toMatchObject([{ code: 'not_restored' }]);
  });
});

describe('forgetting', () => {
  it('reaches backups and copies put aside', async () => {
    await write(one, 'wombatquux');
    await write(two, 'giraffe');
    await test.import();
    const first = await test.memory.backUp('a');
    await test.memory.saveLearning(learning('keep'));
    await test.memory.backUp('b');
    await restore(first.name);
    await test.import();
    expect(findOnDisk('wombatquux').length).toBeGreaterThanOrEqual(4);
    await test.memory.forgetSession(one);
    await test.care.beat();
    expect(findOnDisk('wombatquux')).toEqual([]);
    expect(findOnDisk('giraffe').length).toBeGreaterThanOrEqual(4);
    expect(readCareState(test.dataDir).unforgotten).toEqual([]);
    // Each backup can still be restored and has lost nothing else.
    for (const [index, { name }] of (await test.memory.listBackups()).entries()) {
      await restore(name, `again${index}`);
      expect(await sessions()).toEqual([two]);
    }
  });

  it('of a project reaches them too', async () => {
    await write(one, 'wombatquux', '/work/secret');
    await write(two, 'giraffe');
    await test.import();
    await test.memory.backUp('a');
    const [project] = (await test.memory.projects()).filter(({ name }) => name === 'secret');
    await test.memory.forgetProject(project!.id);
    await test.care.beat();
    expect(findOnDisk('wombatquux')).toEqual([]);
    expect(await wholeOnes()).toHaveLength(1);
  });

  it('cut short by a kill goes on at the next start', async () => {
    await write(one, 'wombatquux');
    await test.import();
    await test.memory.backUp('a');
    // The tombstone is noted, then the keeper dies.
    changeCareState(test.dataDir, () => ({ unforgotten: [{ kind: 'session', target: one, at: test.now.value }] }));
    expect(findOnDisk('wombatquux').some((name) => name.startsWith('backups'))).toBe(true);
    await test.reopen();
    await test.care.beat();
    expect(findOnDisk('wombatquux').filter((name) => name.startsWith('backups'))).toEqual([]);
  });

  it('removes a backup that cannot be opened any more', async () => {
    await write(one, 'zebra');
    await test.import();
    const { name } = await test.memory.backUp('a');
    const file = path.join(folder(), `${name}.db.gz`);
    const bytes = nodeFs.readFileSync(file);
    bytes[bytes.length - 20]! ^= 1;
    nodeFs.writeFileSync(file, bytes);
    await test.memory.forgetSession(one);
    await test.care.beat();
    expect(nodeFs.existsSync(file)).toBe(false);
  });

  it('everything leaves no backup', async () => {
    await write(one, 'wombatquux');
    await test.import();
    await test.memory.saveLearning(learning('a', 'wombatquux'));
    const { name } = await test.memory.backUp('a');
    await test.care.beat();
    await restore(name);
    await test.memory.deleteEverything();
    expect(findOnDisk('wombatquux')).toEqual([]);
    expect(await test.memory.listBackups()).toEqual([]);
  });
});

describe('bounds', () => {
  const care = { backupMaxBytes: 1e9, retentionDays: 0, retentionMaxBytes: 0 };
  const configure = (change: Partial<typeof care>, more: Partial<CaptureSettings> = {}) =>
    test.memory.configure({
      ...more,
      configDirs: [test.configDir],
      roots: [],
      exclude: [],
      source: 'test',
      maxLineBytes: 1 << 20,
      care: { ...care, ...change },
    });

  it('by days lets whole sessions go without a tombstone, and calls them back when loosened', async () => {
    await write(one, 'zebra');
    await test.import();
    await test.memory.saveLearning({ ...learning('kept'), sourceSessions: [one] });
    test.now.value += 40 * dayMs;
    await configure({ retentionDays: 30 });
    await test.care.beat();
    expect(await sessions()).toEqual([]);
    expect(await titles()).toEqual(['kept']);
    await test.memory.importNow();
    expect(await sessions()).toEqual([]);
    const { ledger } = await test.memory.status();
    expect(ledger.bytesSkipped['expired']).toBeGreaterThan(0);
    expect(ledger.bytesSeen).toBe(
      ledger.bytesStored + Object.values(ledger.bytesSkipped).reduce((sum, bytes) => sum + bytes, 0),
    );
    await configure({ retentionDays: 0 });
    await test.memory.importNow();
    expect(await sessions()).toEqual([one]);
  });

  it('keep what they took away when the archive is turned on and is behind', async () => {
    await write(one, 'zebra');
    await test.import({ isArchiving: false });
    test.now.value += 40 * dayMs;
    await configure({ retentionDays: 30 }, { isArchiving: false });
    await test.care.beat();
    await write(two, 'giraffe');
    await test.memory.importNow();
    expect(await sessions()).toEqual([two]);
    await configure({ retentionDays: 30 }, { isArchiving: true });
    await test.memory.importNow();
    expect(await sessions()).toEqual([two]);
    expect(test.archive.all('SELECT session_id FROM files')).toEqual([{ session_id: two }]);
  });

  it('never take what exists only here', async () => {
    await write(one, 'zebra');
    await write(two, 'giraffe');
    await test.import();
    nodeFs.rmSync(path.join(test.configDir, 'projects/-work-shop', `${one}.jsonl`));
    await test.memory.importNow();
    test.now.value += 400 * dayMs;
    await configure({ retentionDays: 30, retentionMaxBytes: 1 });
    await test.care.beat();
    expect(await sessions()).toEqual([one]);
  });

  it.each(['while capture is paused', 'before the first sweep', 'of a transcript cut short'])(
    'never take what exists only here %s, and take the rest',
    async (when) => {
      for (let number = 1; number <= 25; number++) await write(sessionId(number), 'zebra');
      await test.import();
      const transcript = (number: number) =>
        path.join(test.configDir, 'projects/-work-shop', `${sessionId(number)}.jsonl`);
      if (when.includes('paused')) await test.memory.setPaused(true);
      // More than one transaction deletes: sessions that stay must not block the others.
      for (let number = 1; number <= 24; number++)
        if (when.includes('cut')) nodeFs.truncateSync(transcript(number), 10);
        else nodeFs.rmSync(transcript(number));
      test.now.value += 400 * dayMs;
      if (!when.includes('paused')) await test.reopen();
      await configure({ retentionDays: 30, retentionMaxBytes: 1 });
      await test.care.beat();
      expect(await sessions()).toEqual(Array.from({ length: 24 }, (_, index) => sessionId(index + 1)));
    },
  );

  describe('of more than one batch', () => {
    const count = 45;
    const stored = () => test.driver.get<{ n: number }>('SELECT count(*) AS n FROM sessions')!.n;
    beforeEach(async () => {
      for (let number = 1; number <= count; number++) await write(sessionId(number), 'zebra');
      await test.import();
      test.now.value += 400 * dayMs;
    });

    it('stop in between when they are told to', async () => {
      let mayGoOn = true;
      setImmediate(() => (mayGoOn = false));
      const bounds = { before: test.now.value - 30 * dayMs, maxBytes: 0 };
      const erased = await expireSessions(test.driver, bounds, test.now.value, () => mayGoOn);
      expect(erased).toBeGreaterThan(0);
      expect(stored()).toBe(count - erased);
      expect(stored()).toBeGreaterThan(0);
    });

    it('lose nothing for good when they are loosened meanwhile', async () => {
      await configure({ retentionDays: 30 });
      const beat = test.care.beat();
      while (stored() === count) await breathe();
      await configure({ retentionDays: 0 });
      await beat;
      await test.memory.importNow();
      expect(stored()).toBe(count);
    });
  });

  it('never take what is flagged', async () => {
    await write(one, 'zebra');
    await test.import();
    const key = `o${test.driver.get<{ id: number }>('SELECT min(id) AS id FROM observations')?.id}`;
    await test.memory.setFlagged(key, true);
    test.now.value += 400 * dayMs;
    await configure({ retentionDays: 30 });
    await test.care.beat();
    expect(await sessions()).toEqual([one]);
  });

  it('by size take the oldest until it fits, and the file shrinks with them', async () => {
    for (let number = 10; number < 34; number++) {
      const transcript = new Transcript(sessionId(number));
      transcript.prompt(`number ${number}`);
      for (let turn = 0; turn < 4; turn++)
        transcript.tool(
          'Bash',
          { command: `run ${turn}` },
          Array.from({ length: 300 }, (_, index) => `line${(index * 7919 * number + turn) % 100_003}`).join(' '),
        );
      await writeTranscript(test.configDir, sessionId(number), transcript);
    }
    await test.import();
    await test.memory.compact();
    const before = test.driver.sizeBytes();
    test.now.value += 3 * dayMs;
    await configure({ retentionMaxBytes: Math.floor(before / 2) });
    await test.care.beat();
    const left = (await test.memory.listSessions({ limit: 200 })).items;
    const after = test.driver.sizeBytes();
    expect(after).toBeLessThanOrEqual(before / 2);
    // Not much more than necessary is deleted.
    // A session takes 2.5 % of the file; pages fill up a little differently each time.
    expect(after / before).toBeGreaterThan(0.42);
    expect(left.length).toBeGreaterThan(0);
  });
});
