/** Settings of a new database file. */
import type { SqlDriver } from './driver';

/** These settings take effect only before the first table exists. */
export const newFileSettings = 'PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL;';

/** Settings for a database that is filled in one go by one thread and flushed at the end. */
export function prepareNewFile(driver: SqlDriver): void {
  driver.exec(newFileSettings);
  driver.all('PRAGMA journal_mode = MEMORY');
  driver.exec(
    'PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA cache_size = -16000;',
  );
}
