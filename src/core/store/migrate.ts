/** Ordered migrations on `user_version`: one transaction each, a newer database is refused untouched. */
import { MemoryError } from '../../protocol/errors';
import type { SqlDriver } from './driver';
import { firstSchema } from './migrations/0001-first-schema';

export interface Migration {
  version: number;
  /** Tables that can be wiped and rebuilt from transcripts, and those that a person wrote into. */
  derived: readonly string[];
  precious: readonly string[];
  up(driver: SqlDriver): void;
}

/** A database file of ours and its migrations, in order. */
export interface DatabaseSchema {
  fileName: string;
  migrations: readonly Migration[];
}

export const memorySchema: DatabaseSchema = { fileName: 'memory.db', migrations: [firstSchema] };

export const schemaVersion = memorySchema.migrations.length;

/** @throws MemoryError `too_new` when a later version of the extension wrote this database. Changes nothing. */
export function refuseNewer(driver: SqlDriver, { migrations }: DatabaseSchema): void {
  const current = versionOf(driver);
  if (current <= migrations.length) return;
  throw new MemoryError('too_new', `This memory was written by a newer version (schema ${current}, this one knows ${migrations.length}). Update the extension.`);
}

/** @throws MemoryError `too_new` */
export function migrate(driver: SqlDriver, schema: DatabaseSchema): void {
  refuseNewer(driver, schema);
  const current = versionOf(driver);
  for (const migration of schema.migrations) {
    if (migration.version <= current) continue;
    driver.transaction(() => {
      migration.up(driver);
      driver.exec(`PRAGMA user_version = ${migration.version}`);
    });
  }
}

const versionOf = (driver: SqlDriver): number => driver.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
