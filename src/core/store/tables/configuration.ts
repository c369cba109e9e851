/** Small typed values that must survive a restart. */
import type { SqlDriver } from '../sqlite/driver';

/** The secret of this memory, with which secrets are marked and names are keyed. */
export const saltKey = 'redaction.salt';

export function getConfiguration<T>(driver: SqlDriver, key: string): T | undefined {
  const row = driver.get<{ value_json: string }>('SELECT value_json FROM configurations WHERE key = ?', [key]);
  return row && (JSON.parse(row.value_json) as T);
}

export function setConfiguration(driver: SqlDriver, key: string, value: unknown, now: number): void {
  // An unchanged value is not written: a memory that was only opened must not look changed, or it would be backed up
  // again.
  driver.run(
    `INSERT INTO configurations (key, value_json, updated_at) VALUES (?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET value_json = excluded.value_json, updated_at = excluded.updated_at
       WHERE value_json <> excluded.value_json`,
    [key, JSON.stringify(value), now],
  );
}

/** Values whose keys begin with `prefix`, by the rest of their key. */
export function listConfigurations<T>(driver: SqlDriver, prefix: string): Map<string, T> {
  const rows = driver.all<{ key: string; value_json: string }>(
    'SELECT key, value_json FROM configurations WHERE substr(key, 1, ?) = ?',
    [prefix.length, prefix],
  );
  return new Map(rows.map(({ key, value_json }) => [key.slice(prefix.length), JSON.parse(value_json) as T]));
}
