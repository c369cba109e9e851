/** What a database file has, by its own word: a backup may be of an earlier version, without tables that came later. */
import type { SqlDriver } from './driver';

/** `user_version` of the file. */
export const schemaVersionOf = (driver: SqlDriver): number =>
  driver.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;

export const hasTable = (driver: SqlDriver, name: string): boolean =>
  driver.get("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [name]) !== undefined;
