/**
 * The archive survives damage and loss: everything that the mirror or the file still has is recovered, except what was
 * forgotten.
 */
import nodeFs from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadEngine, openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { randomText } from '../../../test/fixtures/secrets';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { hourMs } from '../lib/clock';
import { archivedFiles, readArchivedFile } from '../store/archive/archive';
import { openCopy } from '../store/backup/aside';
import { writeWish } from './next-open';
import { readCareState } from './state';

const engine = await loadEngine();
let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
});
afterEach(() => test.close());

const ids = Array.from({ length: 8 }, (_, index) => sessionId(index + 1));
const [one = '', two = '', three = ''] = ids;
const at = (name: string) => path.join(test.dataDir, name);
const mirror = () => at('backups/archive.db');
const archived = (id: string) =>
  archivedFiles(test.archive, id).map((file) => Buffer.concat([...readArchivedFile(test.archive, file.id)]).toString());
const written = new Map<string, string>();

/** Text that compresses badly, so that a session takes several pages. */
async function write(id: string, word: string): Promise<string> {
  const transcript = new Transcript(id);
  for (let turn = 0; turn < 4; turn++) {
    transcript.prompt(`about ${word} ${turn}`);
    transcript.answer(`${word} ${randomText(8000, 'abcdefghijklmnopqrstuvwxyz ', turn + id.charCodeAt(7))}`);
  }
  written.set(id, transcript.text());
  return writeTranscript(test.configDir, id, transcript);
}

/** The text of everything in an archive that is not open. */
function wordsIn(file: string): string {
  const database = openCopy(engine, file);
  const blocks = database.all<{ packed: Uint8Array }>('SELECT packed FROM blocks');
  database.close();
  return blocks.map(({ packed }) => brotliDecompressSync(packed).toString()).join('\n');
}

/** Overwrites pages of a closed archive, except its first. */
function damage(pages: (page: number, count: number) => boolean): void {
  const file = at('archive.db');
  const bytes = nodeFs.readFileSync(file);
  const count = bytes.length / 4096;
  for (let page = 1; page < count; page++) if (pages(page, count)) bytes.fill(0xa5, page * 4096, (page + 1) * 4096);
  nodeFs.writeFileSync(file, bytes);
}

/** Repairs the way a person would, with the memory closed. */
async function repair(): Promise<void> {
  writeWish(test.dataDir, { requestId: 'repair', kind: 'repair' });
  await test.reopen();
}

describe('the mirror', () => {
  it('is brought up to date with each backup, and holds the same lines', async () => {
    await write(one, 'zebra');
    await test.import();
    await test.memory.backUp('r1');
    expect(wordsIn(mirror())).toBe(written.get(one));
    expect(nodeFs.statSync(mirror()).mode & 0o077).toBe(0);
    await write(two, 'giraffe');
    await test.import();
    test.now.value += 7 * hourMs;
    await test.care.beat();
    expect(wordsIn(mirror())).toContain('giraffe');
    expect(wordsIn(mirror())).toContain('zebra');
    const before = nodeFs.statSync(mirror()).mtimeMs;
    test.now.value += 7 * hourMs;
    await test.care.beat();
    expect(nodeFs.statSync(mirror()).mtimeMs).toBe(before);
  });

  it('follows a file that grows without keeping its former end', async () => {
    const file = await write(one, 'zebra');
    await test.import();
    await test.memory.backUp('r1');
    nodeFs.appendFileSync(file, `${JSON.stringify(new Transcript(one).prompt('one more'))}\n`);
    await test.import();
    await test.memory.backUp('r2');
    expect(wordsIn(mirror())).toBe(nodeFs.readFileSync(file, 'utf8'));
  });

  it('forgets what is forgotten, and goes with everything', async () => {
    await write(one, 'zebra');
    await write(two, 'giraffe');
    await test.import();
    await test.memory.backUp('r1');
    nodeFs.writeFileSync(at('archive.damaged.db'), 'zebra');
    await test.memory.forgetSession(one);
    await test.care.beat();
    expect(wordsIn(mirror())).not.toContain('zebra');
    expect(wordsIn(mirror())).toContain('giraffe');
    expect(nodeFs.existsSync(at('archive.damaged.db'))).toBe(false);
    await test.memory.deleteArchive();
    expect(nodeFs.existsSync(mirror())).toBe(false);
  });
});

describe('a mirror', () => {
  const spoil = (from: number) => {
    const bytes = nodeFs.readFileSync(mirror());
    for (let page = from; page < bytes.length / 4096; page++) bytes.fill(0xa5, page * 4096, (page + 1) * 4096);
    nodeFs.writeFileSync(mirror(), bytes);
  };

  it.each([0, 2])(
    'that is damaged from page %i on is made anew, and stands in the way of no forgetting',
    async (from) => {
      await write(one, 'zebra');
      await write(two, 'giraffe');
      await test.import();
      const { name } = await test.memory.backUp('r1');
      spoil(from);
      await test.memory.forgetSession(one);
      await test.care.beat();
      expect(readCareState(test.dataDir).unforgotten).toEqual([]);
      expect((await test.memory.listBackups()).find((each) => each.name === name)?.counts.sessions).toBe(1);
      test.now.value += 7 * hourMs;
      await write(three, 'lion');
      await test.import();
      await test.care.beat();
      expect(wordsIn(mirror())).toContain('giraffe');
      expect(wordsIn(mirror())).not.toContain('zebra');
    },
  );

  it('of a later version is left as it is', async () => {
    await write(one, 'zebra');
    await test.import();
    await test.memory.backUp('r1');
    const later = openCopy(engine, mirror());
    later.exec('PRAGMA user_version = 99');
    later.close();
    const before = nodeFs.readFileSync(mirror());
    test.now.value += 7 * hourMs;
    await write(two, 'giraffe');
    await test.import();
    await test.care.beat();
    expect(nodeFs.readFileSync(mirror()).equals(before)).toBe(true);
  });

  it('has one row for a file of which nothing was kept, however often it is brought up to date', async () => {
    await write(one, 'zebra');
    await test.import({ exclude: ['**/shop'] });
    await write(two, 'giraffe');
    for (let round = 0; round < 3; round++) {
      await test.memory.backUp(`r${round}`);
      nodeFs.appendFileSync(path.join(test.configDir, 'projects/-work-shop', `${two}.jsonl`), '{"type":"x"}\n');
      await test.import({ exclude: ['**/shop'] });
    }
    const opened = openCopy(engine, mirror());
    expect(opened.get('SELECT max(generation) AS most FROM files')).toEqual({ most: 1 });
    opened.close();
  });
});

describe('an archive', () => {
  it('that could not be opened goes all the same when everything or the archive is deleted', async () => {
    for (const act of ['deleteArchive', 'deleteEverything'] as const) {
      await write(one, 'zebra');
      await test.import();
      await test.withoutArchive(async (memory) => memory[act]());
      expect([act, nodeFs.existsSync(at('archive.db'))]).toEqual([act, false]);
      await test.reopen();
      await test.memory.importNow();
    }
  });

  it('with one rotten block is mended with the mirror’s', async () => {
    await write(one, 'zebra');
    await test.import();
    await test.memory.backUp('r1');
    test.archive.run("UPDATE blocks SET packed = x'00'");
    await repair();
    expect(archived(one)).toEqual([written.get(one)]);
  });

  it('that was deleted comes back from its mirror', async () => {
    const file = await write(one, 'zebra');
    await test.import();
    await test.memory.backUp('r1');
    nodeFs.rmSync(file);
    await test.reopen();
    await test.memory.close();
    test.archive.close();
    nodeFs.rmSync(at('archive.db'));
    await test.reopen();
    expect(archived(one)).toEqual([written.get(one)]);
    await test.import();
    await test.memory.restoreTranscript(one);
    expect(nodeFs.readFileSync(file, 'utf8')).toBe(written.get(one));
  });

  it.each<[string, (page: number, count: number) => boolean]>([
    ['every third page', (page) => page % 3 === 0],
    ['its schema', (page) => page < 3],
    ['its second half', (page, count) => page > count / 2],
    ['everything', () => true],
  ])('with %s overwritten is made anew, whole with a mirror', async (_, pages) => {
    for (const id of ids) nodeFs.rmSync(await write(id, `word${id}`).then(async (file) => (await test.import(), file)));
    await test.memory.backUp('r1');
    await test.memory.close();
    test.archive.checkpoint();
    test.archive.close();
    damage(pages);
    await repair();
    for (const id of ids) expect(archived(id)).toEqual([written.get(id)]);
    expect(nodeFs.existsSync(at('archive.damaged.db'))).toBe(true);
  });

  it('with some pages overwritten and no mirror gives back all files it still holds whole, and says which it does not', async () => {
    for (const id of ids) await write(id, `word${id}`);
    await test.import();
    await test.memory.close();
    test.archive.checkpoint();
    test.archive.close();
    damage((page, count) => page === Math.floor(count / 2));
    await repair();
    const whole = ids.filter((id) => archived(id)[0] === written.get(id));
    expect(whole.length).toBeGreaterThanOrEqual(ids.length - 2);
    expect(whole.length).toBeLessThan(ids.length);
    // The transcripts still exist, so missing lines are read again.
    test.memory.start();
    await test.import();
    for (const id of ids) expect(archived(id)).toEqual([written.get(id)]);
  });
});
