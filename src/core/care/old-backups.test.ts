/** Backups of every earlier version: forgetting erases in them and does not cost them. */
import nodeFs from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadEngine } from '../../../test/fakes/test-memory';
import { openOldMemory, putOldSession } from '../../../test/fixtures/old-memory';
import { sessionId } from '../../../test/fixtures/transcript-lines';
import { openCopy } from '../store/backup/aside';
import { backUpBefore } from '../store/backup/before-migration';
import { backupsOf, findManifest, unpackBackup } from '../store/backup/files';
import { checkDatabase } from '../store/sqlite/check';
import { memorySchema, migrate } from '../store/sqlite/migrate';
import { indexOfAllScripts } from '../store/sqlite/migrations/0005-index-of-all-scripts';
import { counts } from '../store/tables/counts';
import { createCareTasks } from './tasks';

const engine = await loadEngine();
const run = createCareTasks(engine);
const [forgotten, kept] = [sessionId(1), sessionId(2)];
let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'claude-mem-old-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

/** A backup of a memory of this version with two sessions. */
function backUp(version: number): string {
  const { driver, close } = openOldMemory(engine, dataDir, version);
  putOldSession(driver, forgotten, 'the velvetmarmot sleeps');
  putOldSession(driver, kept, 'the copperlynx hunts');
  const { name } = backUpBefore(driver, {
    engine,
    dataDir,
    file: path.join(dataDir, memorySchema.fileName),
    version: 'old',
    now: 1,
  });
  close();
  return name;
}

describe.each(memorySchema.migrations.map(({ version }) => version))('a backup of schema %i', (version) => {
  it.each([
    ['a session', { kind: 'session', target: forgotten }],
    ['everything', { kind: 'everything', target: '' }],
  ] as const)('loses %s that is forgotten, to the last word of its index', async (what, tombstone) => {
    const name = backUp(version);
    const plain = path.join(dataDir, 'plain.db');
    await unpackBackup(dataDir, findManifest(dataDir, name), plain);
    // Control: text and index have it.
    const text = () => nodeFs.readFileSync(plain).toString('latin1');
    expect(text()).toContain('the velvetmarmot');
    if (version < indexOfAllScripts.version) expect(text()).toContain('velvetmarmotold');

    const tombstones = [{ ...tombstone, at: 10_000 }];
    expect(await run('forgetInBackups', { dataDir, tombstones })).toEqual({ rewritten: 1, removed: 0 });

    await unpackBackup(dataDir, findManifest(dataDir, name), plain);
    expect(text()).not.toMatch(/velvetmarmot/);
    const driver = openCopy(engine, plain);
    try {
      const ids = what === 'everything' ? [] : [kept];
      expect(driver.all('SELECT id FROM sessions')).toEqual(ids.map((id) => ({ id })));
      expect(counts(driver)).toMatchObject({ sessions: ids.length, prompts: ids.length });
      migrate(driver, memorySchema);
      expect(checkDatabase(driver).problems).toEqual([]);
    } finally {
      driver.close();
    }
    expect(nodeFs.readdirSync(backupsOf(dataDir)).filter((each) => each.endsWith('.gz'))).toHaveLength(1);
  });
});
