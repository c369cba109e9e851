/** Damaged files of every earlier version: their rows are read as that version wrote them, and brought up to date. */
import nodeFs from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadEngine } from '../../../test/fakes/test-memory';
import { openOldMemory, putOldSession } from '../../../test/fixtures/old-memory';
import { sessionId } from '../../../test/fixtures/transcript-lines';
import { besideFileName } from '../../protocol/data-folder';
import { indexText } from '../index/tokenize';
import { createNameKey } from '../lib/keyed-name';
import { openCopy } from '../store/backup/aside';
import { salvage } from '../store/repair/salvage';
import { checkDatabase } from '../store/sqlite/check';
import type { SqlDriver } from '../store/sqlite/driver';
import { memorySchema, schemaVersion } from '../store/sqlite/migrate';
import { keyedNames } from '../store/sqlite/migrations/0006-keyed-names';
import { schemaVersionOf } from '../store/sqlite/schema-of';

const engine = await loadEngine();
const pageSize = 4096;
const headerBytes = 100;
const sessions = 30;
const salt = 'of this memory';
const putConfigured = (driver: SqlDriver) =>
  driver.run("INSERT INTO configurations (key, value_json, updated_at) VALUES ('redaction.salt', ?, 0)", [
    JSON.stringify(salt),
  ]);
let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'claude-mem-old-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const damages: [what: string, damage: (bytes: Buffer) => void][] = [
  ['whole', () => {}],
  ['without its header', (bytes) => void bytes.fill(0, 0, headerBytes)],
  ['without the rest of its first page', (bytes) => void bytes.fill(0, headerBytes, pageSize)],
];

describe.each(memorySchema.migrations.map(({ version }) => version))('salvage of schema %i', (version) => {
  it.each(damages)('of a file that is %s brings back every row', (_, damage) => {
    const { driver, close } = openOldMemory(engine, dataDir, version);
    driver.transaction(() => {
      for (let number = 1; number <= sessions; number++)
        putOldSession(driver, sessionId(number), `a quiet heron ${number} `.repeat(40));
      driver.run(
        `INSERT INTO learnings (no, id, category, title, description, created_at, updated_at)
          VALUES (1, 'learning-1', 'general', 'herons wait', '', 1, 2)`,
      );
    });
    const uids = ['prompts', 'observations'].flatMap((table) =>
      driver.all<{ uid: string }>(`SELECT uid FROM ${table} ORDER BY id`).map(({ uid }) => uid),
    );
    putConfigured(driver);
    close();
    const file = path.join(dataDir, memorySchema.fileName);
    const bytes = nodeFs.readFileSync(file);
    damage(bytes);
    nodeFs.writeFileSync(file, bytes);

    const target = path.join(dataDir, 'salvaged.db');
    const report = salvage(engine, { dataDir, file, target, now: 1, indexText });
    expect(report).toMatchObject({
      gaps: 0,
      rows: { sessions, prompts: sessions, observations: sessions, message_usage: sessions, learnings: 1 },
    });
    const salvaged = openCopy(engine, target);
    try {
      expect(schemaVersionOf(salvaged)).toBe(schemaVersion);
      expect(checkDatabase(salvaged).problems).toEqual([]);
      // Reading the transcripts again makes the same names: no row is stored a second time.
      const names = createNameKey(salt);
      expect(
        ['prompts', 'observations'].flatMap((table) =>
          salvaged.all<{ uid: string }>(`SELECT uid FROM ${table} ORDER BY id`).map(({ uid }) => uid),
        ),
      ).toEqual(version > keyedNames.version ? uids : uids.map((uid) => names.ofRow(uid)));
      // What migrations fill in is there too.
      expect(salvaged.all('SELECT DISTINCT state, origin FROM learnings')).toEqual([
        { state: 'accepted', origin: 'person' },
      ]);
      if (version < 3) expect(salvaged.all('SELECT DISTINCT at FROM message_usage')).toEqual([{ at: 2000 }]);
    } finally {
      salvaged.close();
    }
  });
});

it('a salt that was lost is taken from beside the memory before names are keyed with it', () => {
  const { driver, close } = openOldMemory(engine, dataDir, keyedNames.version - 1);
  putOldSession(driver, sessionId(1), 'a quiet heron');
  const [plain] = driver.all<{ uid: string }>('SELECT uid FROM prompts');
  close();
  nodeFs.writeFileSync(path.join(dataDir, besideFileName), JSON.stringify({ idsGiven: 0, tombstones: [], salt }));
  const target = path.join(dataDir, 'salvaged.db');
  salvage(engine, { dataDir, file: path.join(dataDir, memorySchema.fileName), target, now: 1, indexText });
  const salvaged = openCopy(engine, target);
  try {
    expect(salvaged.all('SELECT uid FROM prompts')).toEqual([{ uid: createNameKey(salt).ofRow(plain?.uid ?? '') }]);
  } finally {
    salvaged.close();
  }
});
