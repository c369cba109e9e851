/** Situations in which a journal could be read wrongly; each was found in a torture run or a review. */
import nodeFs from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadEngine } from '../../../../test/fakes/test-memory';
import { databaseName } from '../../../protocol/data-folder';
import { openAsImage, openOnDisk } from '../open';
import type { OpenedDatabase } from '../open';
import type { FileCalls } from './file-calls';
import { PageJournal } from './page-journal';

const engine = await loadEngine();
let folder: string;
const file = () => path.join(folder, databaseName);
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'claude-mem-pages-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const options = (fs?: FileCalls) => ({ engine, dataDir: folder, version: 'v1', ...(fs && { fs }) });
const write = ({ driver }: OpenedDatabase, key: string) =>
  driver.run('INSERT INTO configurations (key, value_json, updated_at) VALUES (?, 1, 0)', [key]);
const keys = ({ driver }: OpenedDatabase) =>
  driver.all<{ key: string }>('SELECT key FROM configurations ORDER BY key').map(({ key }) => key);
/** The files as a kill leaves them, in a folder of their own. */
const killed = (): { dataDir: string; engine: typeof engine; version: string } => {
  const dataDir = path.join(folder, 'killed');
  nodeFs.rmSync(dataDir, { recursive: true, force: true });
  nodeFs.mkdirSync(dataDir);
  for (const name of nodeFs.readdirSync(folder))
    if (name.startsWith(databaseName)) nodeFs.copyFileSync(path.join(folder, name), path.join(dataDir, name));
  return { engine, dataDir, version: 'v1' };
};

describe('the page journal', () => {
  it('begins anew when it was emptied, even if the flush after that failed', () => {
    let isFailing = false;
    let isEmptied = false;
    const fs: FileCalls = {
      ...nodeFs,
      ftruncateSync(handle, size) {
        nodeFs.ftruncateSync(handle, size);
        isEmptied = size === 0;
      },
      fdatasyncSync(handle) {
        if (isFailing && isEmptied) throw Object.assign(new Error('EIO'), { code: 'EIO' });
        nodeFs.fdatasyncSync(handle);
      },
    };
    const opened = openAsImage(options(fs), 'test');
    write(opened, 'before');
    isFailing = true;
    expect(() => opened.driver.checkpoint()).toThrow('EIO');
    isFailing = false;
    write(opened, 'after');
    const again = openAsImage(killed(), 'test');
    expect(keys(again)).toEqual(['after', 'before']);
    again.close();
    opened.close();
  });

  it('is cut behind its last whole frame when it is opened', () => {
    const opened = openAsImage(options(), 'test');
    write(opened, 'a');
    const { dataDir } = killed();
    opened.close();
    const journalFile = path.join(dataDir, `${databaseName}.pages`);
    const size = nodeFs.statSync(journalFile).size;
    nodeFs.appendFileSync(journalFile, Buffer.alloc(5000, 7));
    new PageJournal(path.join(dataDir, databaseName), process.platform).abandon();
    expect(nodeFs.statSync(journalFile).size).toBe(size);
  });
});

describe('logs of a database that is not there any more', () => {
  it('are set aside when a backup was put in its place, by either driver', () => {
    for (const open of [openOnDisk, (each: ReturnType<typeof killed>) => openAsImage(each, 'test')]) {
      nodeFs.rmSync(folder, { recursive: true, force: true });
      nodeFs.mkdirSync(folder);
      const backup = path.join(folder, 'backup.db');
      const image = openAsImage(options(), 'test');
      write(image, 'in the backup');
      image.close();
      nodeFs.copyFileSync(file(), backup);
      const live = openOnDisk(options());
      write(live, 'later');
      const crashed = killed();
      live.close();
      nodeFs.copyFileSync(backup, path.join(crashed.dataDir, databaseName));
      const opened = open(crashed);
      expect(keys(opened)).toEqual(['in the backup']);
      opened.close();
      expect(nodeFs.existsSync(path.join(crashed.dataDir, `${databaseName}.vwal-aside`))).toBe(true);
    }
  });
});
