/** What every SQL driver guarantees, however it stores the bytes. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SqlDriver } from '../../src/core/store/sqlite/driver';

export interface Kept {
  driver: SqlDriver;
  close(): void;
}

/** The whole contract for one way to open a database. */
export function describeDriver(name: string, kind: SqlDriver['kind'], open: (file: string) => Kept): void {
  describe(`driver: ${name}`, () => {
    let folder: string;
    let kept: Kept;
    let driver: SqlDriver;
    const isKept = kind !== 'memory';

    beforeEach(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'claude-mem-driver-'));
      kept = open(path.join(folder, 'test.db'));
      driver = kept.driver;
      driver.exec('CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT, number REAL, bytes BLOB)');
    });
    afterEach(async () => {
      kept.close();
      await rm(folder, { recursive: true, force: true });
    });

    const reopen = () => {
      kept.close();
      kept = open(path.join(folder, 'test.db'));
      driver = kept.driver;
    };
    const texts = () => driver.all<{ text: string }>('SELECT text FROM notes ORDER BY id').map(({ text }) => text);
    const put = (text: string) => driver.run('INSERT INTO notes (text) VALUES (?)', [text]);

    it('says what it is', () => {
      expect(driver.kind).toBe(kind);
    });

    it('gives back what it was given: text of any script, NULL, numbers, bytes', () => {
      const rows = [
        ['plain', 1, new Uint8Array([1, 2, 3])],
        ['', 0, new Uint8Array(0)],
        ['汉字 かな 한글 العربية', -1.5, null],
        ['emoji 👩‍👩‍👧 and combining é', 2 ** 53, new Uint8Array([0, 255, 0])],
        ['quotes \' " ` ; -- /* */', Number.MIN_VALUE, null],
        ['line\r\nbreaks\u2028and\ttabs', null, null],
        [null, null, null],
      ] as const;
      for (const [text, number, bytes] of rows)
        driver.run('INSERT INTO notes (text, number, bytes) VALUES (?, ?, ?)', [text, number, bytes]);
      const found = driver.all<{ text: string | null; number: number | null; bytes: Uint8Array | null }>(
        'SELECT text, number, bytes FROM notes ORDER BY id',
      );
      expect(found.map(({ text, number, bytes }) => [text, number, bytes])).toEqual(rows.map((row) => [...row]));
    });

    it('keeps rows larger than many pages', () => {
      const big = 'añ汉👍'.repeat(100_000);
      const bytes = Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 31) & 255);
      driver.run('INSERT INTO notes (text, bytes) VALUES (?, ?)', [big, bytes]);
      const row = driver.get<{ text: string; bytes: Uint8Array }>('SELECT text, bytes FROM notes');
      expect(row?.text === big).toBe(true);
      expect(Buffer.compare(Buffer.from(row?.bytes ?? []), Buffer.from(bytes))).toBe(0);
    });

    it('counts the rows a statement changed, and tells the last id', () => {
      expect(put('a')).toBe(1);
      expect(driver.lastInsertId()).toBe(1);
      put('b');
      expect(driver.lastInsertId()).toBe(2);
      expect(driver.run("UPDATE notes SET text = 'c'")).toBe(2);
      expect(driver.run('DELETE FROM notes WHERE id = 7')).toBe(0);
    });

    it('finds nothing as undefined and as an empty list', () => {
      expect(driver.get('SELECT * FROM notes')).toBeUndefined();
      expect(driver.all('SELECT * FROM notes')).toEqual([]);
    });

    it('visits rows as arrays and stops when told to', () => {
      ['a', 'b', 'c'].forEach(put);
      const seen: unknown[] = [];
      driver.each('SELECT id, text FROM notes ORDER BY id', [], (row) => {
        seen.push(row);
        return seen.length < 2;
      });
      expect(seen).toEqual([
        [1, 'a'],
        [2, 'b'],
      ]);
      // The unfinished statement must not hold a lock.
      driver.exec('DROP TABLE notes');
    });

    it('uses one prepared statement again and again, parameters forgotten in between', () => {
      const sql = 'SELECT ? AS a, ? AS b';
      expect(driver.get(sql, [1, 'x'])).toEqual({ a: 1, b: 'x' });
      expect(driver.get(sql, [null, null])).toEqual({ a: null, b: null });
      expect(driver.get(sql, [2])).toEqual({ a: 2, b: null });
      for (let count = 0; count < 200; count++) put(`row ${count}`);
      expect(texts()).toHaveLength(200);
    });

    it('commits all of a transaction or nothing of it', () => {
      driver.transaction(() => ['a', 'b'].forEach(put));
      expect(() =>
        driver.transaction(() => {
          put('c');
          driver.run('DELETE FROM notes WHERE id = 1');
          throw new Error('changed my mind');
        }),
      ).toThrow('changed my mind');
      expect(texts()).toEqual(['a', 'b']);
      expect(driver.transaction(() => 'a value')).toBe('a value');
    });

    it('goes on working after an error inside a transaction, in a statement and in the SQL itself', () => {
      put('before');
      expect(() => driver.transaction(() => driver.run('INSERT INTO notes (id) VALUES (1)'))).toThrow(/UNIQUE/);
      expect(() => driver.run('INSERT INTO nowhere VALUES (1)')).toThrow(/nowhere/);
      expect(() => driver.exec('this is no SQL')).toThrow(/syntax/);
      expect(() => driver.transaction(() => driver.exec('INSERT INTO notes (id) VALUES (5); SELECT nothing;'))).toThrow(
        /nothing/,
      );
      put('after');
      expect(texts()).toEqual(['before', 'after']);
    });

    it('lets an inner transaction join the outer one', () => {
      expect(() =>
        driver.transaction(() => {
          driver.transaction(() => put('inner'));
          throw new Error('outer');
        }),
      ).toThrow('outer');
      expect(texts()).toEqual([]);
      driver.transaction(() => driver.transaction(() => put('kept')));
      expect(texts()).toEqual(['kept']);
    });

    it('rolls back what grew, shrank and changed shape', () => {
      for (let count = 0; count < 50; count++) put('x'.repeat(2000));
      const before = texts();
      expect(() =>
        driver.transaction(() => {
          for (let count = 0; count < 400; count++) put('y'.repeat(3000));
          driver.run('DELETE FROM notes WHERE id % 2 = 0');
          driver.exec('CREATE TABLE more (a); CREATE INDEX by_text ON notes (text);');
          throw new Error('no');
        }),
      ).toThrow('no');
      expect(texts()).toEqual(before);
      expect(driver.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
      expect(driver.all("SELECT name FROM sqlite_master WHERE name IN ('more', 'by_text')")).toEqual([]);
    });

    it('calls a function of ours from SQL', () => {
      driver.define('shout', (text) => `${String(text)}!`);
      expect(driver.get("SELECT shout('hey') AS text")).toEqual({ text: 'hey!' });
    });

    it('has full-text search and JSON', () => {
      driver.exec('CREATE VIRTUAL TABLE words USING fts4 (body, tokenize=simple)');
      driver.run("INSERT INTO words (body) VALUES ('the quick brown fox')");
      expect(driver.all("SELECT docid FROM words WHERE words MATCH 'brown OR cow'")).toEqual([{ docid: 1 }]);
      expect(driver.get("SELECT json_extract('{\"a\":[1,2]}', '$.a[1]') AS two")).toEqual({ two: 2 });
    });

    it('holds to foreign keys', () => {
      driver.exec('CREATE TABLE tags (note INTEGER REFERENCES notes (id) ON DELETE CASCADE)');
      expect(() => driver.run('INSERT INTO tags VALUES (9)')).toThrow(/FOREIGN KEY/);
      put('a');
      driver.run('INSERT INTO tags VALUES (1)');
      driver.run('DELETE FROM notes');
      expect(driver.all('SELECT * FROM tags')).toEqual([]);
    });

    it.runIf(isKept)('has everything again after closing and opening, and after a checkpoint', () => {
      driver.transaction(() => ['a', '汉字', 'c'.repeat(20_000)].forEach(put));
      reopen();
      expect(texts()).toEqual(['a', '汉字', 'c'.repeat(20_000)]);
      driver.checkpoint();
      put('d');
      driver.run('DELETE FROM notes WHERE id = 1');
      reopen();
      expect(texts()).toEqual(['汉字', 'c'.repeat(20_000), 'd']);
      expect(driver.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
      expect(driver.sizeBytes()).toBeGreaterThan(20_000);
    });

    it.runIf(isKept)('has every committed row when nobody closed it', async () => {
      put('before the end');
      driver.transaction(() => put('also before'));
      // A copy of the files now is what a kill would leave.
      const copy = `${folder}-copy`;
      await cp(folder, copy, { recursive: true });
      const again = open(path.join(copy, 'test.db'));
      expect(again.driver.all<{ text: string }>('SELECT text FROM notes').map(({ text }) => text)).toEqual([
        'before the end',
        'also before',
      ]);
      again.close();
      await rm(copy, { recursive: true });
    });

    it.runIf(!isKept)('keeps nothing', () => {
      put('a');
      reopen();
      expect(() => texts()).toThrow(/notes/);
      expect(driver.sizeBytes()).toBe(0);
    });
  });
}
