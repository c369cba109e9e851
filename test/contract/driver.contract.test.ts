/** The driver contract on the pinned sql.js, with every way of storing bytes. */
import { expect, it } from 'vitest';
import installed from '../../node_modules/sql.js/package.json';
import manifest from '../../package.json';
import { PageJournal } from '../../src/core/store/sqlite/page-journal';
import { loadEngine } from '../fakes/test-memory';
import { describeDriver } from './driver.contract';

const engine = await loadEngine();

it('runs on exactly the build that is pinned, whose file calls are known', () => {
  // After an upgrade of sql.js this test must be looked at, because imports may have other meanings. The engine does
  // not load a build whose calls cannot be identified, and with wrongly identified calls the contract below fails.
  expect(manifest.devDependencies['sql.js']).toBe(installed.version);
});

describeDriver('disk', 'disk', (file) => {
  const driver = engine.openFile(file, { isMasked: true });
  driver.exec('PRAGMA locking_mode = EXCLUSIVE;');
  driver.all('PRAGMA journal_mode = WAL');
  driver.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
  return { driver, close: () => driver.close() };
});

describeDriver('image', 'image', (file) => {
  const journal = new PageJournal(file, process.platform);
  const driver = engine.openImage(file, journal);
  driver.exec('PRAGMA locking_mode = EXCLUSIVE;');
  driver.all('PRAGMA journal_mode = MEMORY');
  driver.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
  return { driver, close: () => (driver.close(), journal.close()) };
});

describeDriver('memory', 'memory', () => {
  const driver = engine.openMemory();
  driver.exec('PRAGMA foreign_keys = ON;');
  return { driver, close: () => driver.close() };
});
