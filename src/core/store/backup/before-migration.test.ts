/** A database is copied before it is migrated; when the copy fails, it is not migrated. */
import nodeFs from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadEngine } from '../../../../test/fakes/test-memory';
import { archiveSchema } from '../archive/archive';
import { openDatabase } from '../open';
import { memorySchema, schemaVersion } from '../sqlite/migrate';
import type { Migration } from '../sqlite/migrate';
import { openCopy } from './aside';
import { listManifests, unpackBackup } from './files';

const engine = await loadEngine();
const later: Migration = {
  version: schemaVersion + 1,
  derived: [],
  precious: [],
  up: (driver) => driver.exec('ALTER TABLE learnings ADD COLUMN mood TEXT'),
};
const failing: Migration = {
  ...later,
  up() {
    throw new Error('a fault in the migration');
  },
};
let dataDir: string;
const { migrations } = memorySchema;
const open = (list: readonly Migration[] = migrations) =>
  openDatabase({
    engine,
    dataDir,
    version: 'v2',
    now: Date.UTC(2026, 10, 22),
    schema: { fileName: memorySchema.fileName, migrations: list },
  });

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'claude-mem-before-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

describe('before a migration', () => {
  it('a backup of the old schema is made, and it is whole', async () => {
    const first = open();
    first.driver.run("INSERT INTO configurations (key, value_json, updated_at) VALUES ('a', '1', 0)");
    first.close();
    const second = open([...migrations, later]);
    expect(second.driver.get('SELECT mood FROM learnings')).toBeUndefined();
    second.close();
    const [made, ...others] = listManifests(dataDir);
    expect(others).toEqual([]);
    expect(made).toMatchObject({
      kind: 'before_migration',
      schemaVersion,
      packing: 'none',
      rows: { configurations: 1 },
    });
    expect(nodeFs.statSync(path.join(dataDir, 'backups', made!.file)).mode & 0o077).toBe(0);
    const target = path.join(dataDir, 'plain.db');
    await unpackBackup(dataDir, made!, target);
    const copy = openCopy(engine, target);
    expect(copy.get('SELECT value_json FROM configurations')).toEqual({ value_json: '1' });
    copy.close();
    open([...migrations, later]).close();
    expect(listManifests(dataDir)).toHaveLength(1);
  });

  it('is not made for a new memory, nor when there is nothing to migrate', () => {
    open().close();
    open().close();
    expect(listManifests(dataDir)).toEqual([]);
  });

  it('of the archive is none of memory: its mirror is there for that', () => {
    const openArchive = (list: readonly Migration[]) =>
      openDatabase({ engine, dataDir, version: 'v2', now: 1, schema: { ...archiveSchema, migrations: list } }).close();
    openArchive(archiveSchema.migrations);
    openArchive([
      ...archiveSchema.migrations,
      {
        ...later,
        version: archiveSchema.migrations.length + 1,
        up: (driver) => driver.exec('ALTER TABLE files ADD COLUMN mood TEXT'),
      },
    ]);
    expect(listManifests(dataDir)).toEqual([]);
    expect(nodeFs.existsSync(path.join(dataDir, 'backups'))).toBe(false);
  });

  it('that fails the memory is as it was, and so is the backup', () => {
    open().close();
    expect(() => open([...migrations, failing])).toThrow('a fault in the migration');
    expect(listManifests(dataDir)).toHaveLength(1);
    open().close();
  });

  it('without room for a backup nothing is migrated', () => {
    open().close();
    nodeFs.writeFileSync(path.join(dataDir, 'backups'), 'a file in the way');
    expect(() => open([...migrations, later])).toThrow(/backed up before its update|EEXIST/);
    nodeFs.rmSync(path.join(dataDir, 'backups'));
    const again = open();
    expect(again.driver.get('PRAGMA user_version')).toEqual({ user_version: schemaVersion });
    again.close();
  });
});
