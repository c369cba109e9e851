/** A damaged, emptied or foreign memory is named, and restore and repair bring it back. The long form is a torture. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadEngine } from '../../../test/fakes/test-memory';
import { cut, empty, flip, foreign, makeWhole, overwrite, tryDamage } from '../../../test/torture/damage/table';
import type { WholeMemory } from '../../../test/torture/damage/table';
import { catchUp, noteBeside, readBeside } from '../store/backup/beside';
import { openDatabase } from '../store/open';

const engine = await loadEngine();
let whole: WholeMemory;
let size: number;
beforeAll(async () => {
  whole = await makeWhole();
  ({ size } = nodeFs.statSync(path.join(whole.dataDir, 'memory.db')));
});
afterAll(() => whole.remove());

const versionOf = (version: number) => (file: string) => {
  const handle = nodeFs.openSync(file, 'r+');
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(version);
  nodeFs.writeSync(handle, bytes, 0, 4, 60);
  nodeFs.closeSync(handle);
};

describe('a memory that is', () => {
  it.each([
    ['emptied', empty, 'corrupt, emptied'],
    ['gone', (file: string) => nodeFs.rmSync(file), 'corrupt, emptied'],
    ['a database of another program', foreign(engine), 'corrupt, foreign'],
    ['of text', overwrite('# Notes\n'.repeat(2000)), 'corrupt, header'],
    ['of a negative version', versionOf(-3), 'corrupt, header'],
    ['of version 0 with tables', versionOf(0), 'corrupt, header'],
    ['of a version before its tables', versionOf(1), 'corrupt, schema'],
    ['of a version nobody wrote', versionOf(0x70_00_00_03), 'corrupt, header'],
    ['not to be written, says its header', flip(18, 0x40), 'corrupt, header'],
    ['not to be read, says its header', flip(19, 0x40), 'corrupt, header'],
    ['without its last page', (file: string) => cut(size - 4096)(file), 'corrupt, truncated'],
    ['without its last half', (file: string) => cut(Math.floor(size / 2))(file), 'corrupt, truncated'],
  ])('%s is named, and comes back by restore and by repair', async (_, damage, named) => {
    expect(await tryDamage(engine, whole, damage, 'restore')).toEqual({ named, ending: 'restored' });
    expect(await tryDamage(engine, whole, damage, 'repair')).toEqual({ named, ending: 'repaired' });
  });

  it('damaged in any byte of its header, or in one of others, never ends in a dead end', async () => {
    const places = [...Array.from({ length: 34 }, (_, at) => 3 * at), 104, 107, 120, 4096, 4100, 8191, size - 50];
    for (const at of places) expect([at, (await tryDamage(engine, whole, flip(at))).fault]).toEqual([at, undefined]);
  }, 120_000);
});

describe('what is forgotten', () => {
  it('is forgotten again in a file that is put back by hand, and the file is said to be older', () => {
    const dataDir = nodeFs.mkdtempSync(`${whole.dataDir}-older-`);
    nodeFs.cpSync(whole.dataDir, dataDir, { recursive: true });
    const at = { engine, dataDir, version: 'test' };
    const open = openDatabase(at);
    open.close();
    nodeFs.copyFileSync(path.join(dataDir, 'memory.db'), path.join(dataDir, 'copy'));
    const later = openDatabase(at);
    later.driver.run("INSERT INTO projects (root, name) VALUES ('/later', 'later')");
    later.driver.run("INSERT INTO tombstones (kind, target, at) VALUES ('session', 'since', 9)");
    noteBeside(later.driver, dataDir);
    later.close();
    nodeFs.copyFileSync(path.join(dataDir, 'copy'), path.join(dataDir, 'memory.db'));
    const again = openDatabase(at);
    expect(catchUp(again.driver, dataDir)).toEqual({ forgotten: 1, isOlder: true });
    expect(again.driver.get("SELECT at FROM tombstones WHERE target = 'since'")).toEqual({ at: 9 });
    expect(catchUp(again.driver, dataDir)).toEqual({ forgotten: 0, isOlder: false });
    again.close();
    nodeFs.rmSync(dataDir, { recursive: true });
  });

  it('stands beside the memory', () => {
    expect(readBeside(whole.dataDir).tombstones.map(({ kind }) => kind)).toEqual(['session']);
  });
});
