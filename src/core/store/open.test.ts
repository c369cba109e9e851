/** Which driver a folder gets, and that every driver reads the rows of the others. */
import { spawnSync } from 'node:child_process';
import nodeFs from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadEngine } from '../../../test/fakes/test-memory';
import { databaseName } from '../../protocol/data-folder';
import { MemoryError } from '../../protocol/errors';
import { openDatabase, selfTest } from './open';
import type { OpenedDatabase } from './open';
import type { FileCalls } from './sqlite/file-calls';
import { schemaVersion } from './sqlite/migrate';
import { defineTokens } from './tables/documents';

const engine = await loadEngine();
let dataDir: string;
let folders: string[] = [];
let opened: OpenedDatabase | undefined;
const file = () => path.join(dataDir, databaseName);

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'claude-mem-open-'));
  folders = [dataDir];
});
afterEach(async () => {
  opened?.close();
  opened = undefined;
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

const start = (version = 'v1', fs?: FileCalls): void => {
  opened = openDatabase({ engine, dataDir, version, ...(fs && { fs }) });
  // The integrity check of the full-text index asks for its words.
  defineTokens(opened.driver, (text) => text);
};
const stop = () => {
  opened?.close();
  opened = undefined;
};
const write = (key: string) =>
  opened?.driver.run('INSERT INTO configurations (key, value_json, updated_at) VALUES (?, ?, 0)', [key, '1']);
const keys = () =>
  opened?.driver.all<{ key: string }>('SELECT key FROM configurations ORDER BY key').map(({ key }) => key);
/** The files as a kill leaves them, copied and opened in another folder. */
const killed = () => {
  const copy = nodeFs.mkdtempSync(path.join(tmpdir(), 'claude-mem-open-'));
  nodeFs.cpSync(dataDir, copy, { recursive: true });
  stop();
  folders.push(copy);
  dataDir = copy;
};

/** File calls that report success and write nothing. */
const swallowing: FileCalls = {
  ...nodeFs,
  writeSync: ((_: number, data: Uint8Array, __: number, length?: number) =>
    length ?? data.length) as typeof nodeFs.writeSync,
};
const refusing: FileCalls = {
  ...nodeFs,
  fdatasyncSync() {
    throw Object.assign(new Error('EIO'), { code: 'EIO' });
  },
};
/** The disk layer fails its self-test with these calls; the page journal reads and writes whole files and works. */
const broken = (): FileCalls => {
  let isTesting = true;
  return {
    ...nodeFs,
    openSync: ((target: string, ...rest: [number, number]) => {
      isTesting = target.includes('self-test');
      return nodeFs.openSync(target, ...rest);
    }) as typeof nodeFs.openSync,
    fdatasyncSync(handle) {
      if (isTesting) throw Object.assign(new Error('EIO'), { code: 'EIO' });
      nodeFs.fdatasyncSync(handle);
    },
  };
};

describe('the self-test', () => {
  it('finds nothing wrong with a real disk and leaves nothing there', () => {
    expect(selfTest(engine, dataDir)).toBeUndefined();
    expect(nodeFs.readdirSync(dataDir)).toEqual([]);
  });

  it('finds out that writes go nowhere', () => {
    expect(selfTest(engine, dataDir, swallowing)).toBeTypeOf('string');
    expect(nodeFs.readdirSync(dataDir)).toEqual([]);
  });

  it('finds out that nothing can be flushed', () => {
    expect(selfTest(engine, dataDir, refusing)).toMatch(/I\/O/);
  });

  it('finds out that reads are wrong', () => {
    const lying = {
      ...nodeFs,
      readSync: ((handle: number, target: Uint8Array, offset: number, length: number, at: number) => {
        const got = nodeFs.readSync(handle, target, offset, length, at);
        if (at >= 4096) target.fill(7, offset, offset + got);
        return got;
      }) as typeof nodeFs.readSync,
    };
    expect(selfTest(engine, dataDir, lying)).toBeTypeOf('string');
  });

  it('runs once a version, and is remembered', () => {
    let writes = 0;
    const counting: FileCalls = {
      ...nodeFs,
      openSync: ((target: string, ...rest: [number, number]) => {
        if (target.endsWith('self-test.db')) writes++;
        return nodeFs.openSync(target, ...rest);
      }) as typeof nodeFs.openSync,
    };
    for (const [version, isTested] of [
      ['v1', true],
      ['v1', false],
      ['v2', true],
      ['v2', false],
    ] as const) {
      writes = 0;
      start(version, counting);
      stop();
      expect([version, writes > 0]).toEqual([version, isTested]);
    }
  });
});

describe('a database', () => {
  it('is on the disk, in a folder only its owner can enter, and is there again', () => {
    const inside = path.join(dataDir, 'new', 'folder');
    dataDir = inside;
    start();
    expect(opened?.driver.kind).toBe('disk');
    expect(opened?.fallbackReason).toBeUndefined();
    write('a');
    stop();
    if (process.platform !== 'win32') {
      expect(nodeFs.statSync(inside).mode & 0o777).toBe(0o700);
      expect(nodeFs.statSync(file()).mode & 0o777).toBe(0o600);
    }
    start();
    expect(keys()).toEqual(['a']);
  });

  it('is not taken for SQLite by other programs while we have it, and they can do it no harm', () => {
    start();
    write('a');
    opened?.driver.checkpoint();
    expect(nodeFs.readFileSync(file()).subarray(0, 15).toString('latin1')).not.toBe('SQLite format 3');
    const foreign = spawnSync(
      'sqlite3',
      [file(), 'SELECT * FROM configurations; INSERT INTO configurations VALUES (1, 2, 3);'],
      { encoding: 'utf8' },
    );
    // sqlite3 may not be installed here; the check of the header above covers that case.
    if (!foreign.error) expect(foreign.stderr).toMatch(/not a database/);
    write('b');
    stop();
    start();
    expect(keys()).toEqual(['a', 'b']);
  });

  it('of a later version is refused, and not a byte of it is changed', () => {
    start();
    write('a');
    opened?.driver.exec(`PRAGMA user_version = ${schemaVersion + 1}`);
    stop();
    const before = nodeFs.readFileSync(file());
    expect(() => start()).toThrow(expect.objectContaining({ code: 'too_new' }) as Error);
    expect(nodeFs.readFileSync(file()).equals(before)).toBe(true);
    expect(nodeFs.readdirSync(dataDir).filter((name) => /wal|journal/.test(name))).toEqual([]);
  });

  it('that is none is refused as corrupt, and stays as it is', () => {
    for (const content of [
      'this is a text file, much longer than a header of sixteen bytes',
      '\0'.repeat(4096),
      'SQLite format 3\0 and then rubbish'.padEnd(8192, '?'),
    ]) {
      nodeFs.writeFileSync(file(), content);
      let error: unknown;
      try {
        start();
      } catch (thrown) {
        error = thrown;
      }
      expect(MemoryError.is(error, 'corrupt')).toBe(true);
      expect(nodeFs.readFileSync(file(), 'latin1')).toBe(content);
    }
  });

  it('on a disk that lets nobody open it is an error of the disk, not a damaged file', () => {
    start();
    stop();
    const denied: FileCalls = {
      ...nodeFs,
      openSync() {
        throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
      },
    };
    expect(() => start('v1', denied)).toThrow(expect.objectContaining({ code: 'internal' }) as Error);
    start();
    expect(keys()).toEqual([]);
  });

  it('opened twice has its tables once', () => {
    start();
    const before = opened?.driver.all('SELECT name, sql FROM sqlite_master ORDER BY name');
    stop();
    start();
    expect(opened?.driver.all('SELECT name, sql FROM sqlite_master ORDER BY name')).toEqual(before);
    expect(opened?.driver.get('PRAGMA user_version')).toEqual({ user_version: schemaVersion });
    expect(opened?.driver.get('PRAGMA auto_vacuum')).toEqual({ auto_vacuum: 2 });
  });
});

describe('the fallback', () => {
  it.each([
    ['writes are swallowed', swallowing],
    ['nothing can be flushed', broken()],
  ])('takes over when %s, and says why', (_, fs) => {
    start('v1', fs);
    expect(opened?.driver.kind).toBe('image');
    expect(opened?.fallbackReason).toBeTypeOf('string');
    expect(nodeFs.existsSync(path.join(dataDir, 'self-test.json'))).toBe(false);
  });

  it('keeps what is written, closed or killed', () => {
    start('v1', broken());
    write('closed');
    stop();
    start('v1', broken());
    expect(keys()).toEqual(['closed']);
    write('killed');
    killed();
    start('v1', broken());
    expect(keys()).toEqual(['closed', 'killed']);
    expect(opened?.driver.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
  });

  it('reads what the disk layer wrote, and the disk layer what it wrote, closed or killed in between', () => {
    start('v1');
    write('a disk, closed');
    stop();
    start('v2', broken());
    expect(opened?.driver.kind).toBe('image');
    expect(keys()).toEqual(['a disk, closed']);
    write('b image, closed');
    stop();
    start('v3');
    expect(opened?.driver.kind).toBe('disk');
    expect(keys()).toEqual(['a disk, closed', 'b image, closed']);
    write('c disk, killed');
    killed();
    start('v4', broken());
    expect(opened?.driver.kind).toBe('image');
    expect(keys()).toEqual(['a disk, closed', 'b image, closed', 'c disk, killed']);
    write('d image, killed');
    killed();
    start('v5');
    expect(opened?.driver.kind).toBe('disk');
    expect(keys()).toEqual(['a disk, closed', 'b image, closed', 'c disk, killed', 'd image, killed']);
    write('e');
    stop();
    start('v6', broken());
    expect(keys()).toHaveLength(5);
    expect(opened?.driver.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
  });

  it('leaves nothing erased in its files after a checkpoint', () => {
    start('v1', broken());
    const canary = ['zebra', 'canary', 'fallback'].join('-');
    write(canary);
    opened?.driver.run('DELETE FROM configurations');
    opened?.driver.checkpoint();
    for (const name of nodeFs.readdirSync(dataDir))
      expect([name, nodeFs.readFileSync(path.join(dataDir, name)).includes(canary)]).toEqual([name, false]);
  });
});
