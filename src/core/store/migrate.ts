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

const migrations: readonly Migration[] = [firstSchema];

/** What a person wrote, in any version: never dropped, saved first. */
export const preciousTables: readonly string[] = [...new Set(migrations.flatMap(({ precious }) => precious))];

export const schemaVersion = migrations.length;

/** @throws MemoryError `too_new` when a later version of the extension wrote this database. Changes nothing. */
export function refuseNewer(driver: SqlDriver): void {
  const current = versionOf(driver);
  if (current <= schemaVersion) return;
  throw new MemoryError('too_new', `This memory was written by a newer version (schema ${current}, this one knows ${schemaVersion}). Update the extension.`);
}

/** @throws MemoryError `too_new` */
export function migrate(driver: SqlDriver): void {
  refuseNewer(driver);
  const current = versionOf(driver);
  for (const migration of migrations) {
    if (migration.version <= current) continue;
    driver.transaction(() => {
      migration.up(driver);
      driver.exec(`PRAGMA user_version = ${migration.version}`);
    });
  }
}

const versionOf = (driver: SqlDriver): number => driver.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
