/** Both drivers that store a database, opened as the memory opens them. */
import { openAsImage, openOnDisk } from '../../../src/core/store/open';
import type { OpenedDatabase } from '../../../src/core/store/open';
import type { FileCalls } from '../../../src/core/store/sqlite/file-calls';
import type { SqliteEngine } from '../../../src/core/store/sqlite/sqlite';
import { defineTokens } from '../../../src/core/store/tables/documents';

export const driverKinds = ['disk', 'image'] as const;
export type DriverKind = (typeof driverKinds)[number];

export function openDriver(kind: DriverKind, engine: SqliteEngine, dataDir: string, fs?: FileCalls): OpenedDatabase {
  const options = { engine, dataDir, version: 'torture', ...(fs && { fs }) };
  const opened = kind === 'disk' ? openOnDisk(options) : openAsImage(options, 'torture');
  defineTokens(opened.driver, (text) => text);
  return opened;
}
