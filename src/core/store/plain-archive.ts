/** The archive as a plain SQLite file: its mirror beside the backups, and a new one that is being filled. */
import nodeFs from 'node:fs';
import { archiveSchema } from './archive';
import type { SqlDriver } from './driver';
import { migrate } from './migrate';
import type { SqliteEngine } from './sqlite';

/** One that every SQLite can open, and that survives a power loss in the middle of a change. */
export function openPlainArchive(engine: SqliteEngine, file: string): SqlDriver {
  const driver = engine.openFile(file);
  try {
    if (driver.get('SELECT 1 FROM sqlite_master LIMIT 1') === undefined) driver.exec('PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL;');
    driver.all('PRAGMA journal_mode = DELETE');
    driver.exec('PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA cache_size = -4000;');
    migrate(driver, archiveSchema);
    if (nodeFs.existsSync(file)) nodeFs.chmodSync(file, 0o600);
    return driver;
  } catch (error) {
    try {
      driver.close();
    } catch {
      // What went wrong first is told.
    }
    throw error;
  }
}
