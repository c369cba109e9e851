/** The disk layer refuses an unknown build of sql.js with an error, and the memory works with the fallback. */
import nodeFs, { existsSync, mkdirSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';
import type initSqlJs from 'sql.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '../../src/core/store/open';
import { PageJournal } from '../../src/core/store/sqlite/page-journal';
import { openMemory } from '../../src/keeper/connect';
import { loadEngine } from '../fakes/test-memory';
import { describeDriver } from './driver.contract';

vi.mock('sql.js', async (importOriginal) => {
  const { asUnknownBuild } = await import('../fakes/unknown-sql-js');
  return { default: asUnknownBuild((await importOriginal<{ default: typeof initSqlJs }>()).default) };
});

const engine = await loadEngine();
const wasm = path.resolve('node_modules/sql.js/dist/sql-wasm.wasm');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'claude-mem-build-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Bundles the keeper with the changed build instead of sql.js. */
const unknownBuild: Plugin = {
  name: 'unknown-build',
  setup(to) {
    const code =
      "import initSqlJs from 'sql.js'; import { asUnknownBuild } from './test/fakes/unknown-sql-js'; " +
      'export default asUnknownBuild(initSqlJs);';
    to.onResolve({ filter: /^sql\.js$/ }, ({ namespace }) =>
      namespace === 'planted' ? undefined : { path: 'sql.js', namespace: 'planted' },
    );
    to.onLoad({ filter: /.*/, namespace: 'planted' }, () => ({ contents: code, resolveDir: path.resolve('.') }));
  },
};

describeDriver('image of an unknown build', 'image', (file) => {
  const journal = new PageJournal(file, process.platform);
  const driver = engine.openImage(file, journal);
  driver.exec('PRAGMA foreign_keys = ON;');
  return { driver, close: () => (driver.close(), journal.close()) };
});

describe('an unknown build', () => {
  it('is refused by name, and the database opens in the fallback', () => {
    expect(engine.refusal).toMatch(/not known/);
    const opened = openDatabase({ engine, dataDir: path.join(folder, 'direct'), version: 'v1' });
    expect([opened.driver.kind, opened.fallbackReason]).toEqual(['image', engine.refusal]);
    opened.close();
  });

  it('fails whole when a commit cannot be written, and goes on', () => {
    let isFull = false;
    const writeSync = ((handle: number, bytes: Uint8Array, offset: number, length: number, at: number) => {
      if (isFull) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
      return nodeFs.writeSync(handle, bytes, offset, length, at);
    }) as typeof nodeFs.writeSync;
    const fs = { ...nodeFs, writeSync };
    const { driver, close } = openDatabase({ engine, dataDir: path.join(folder, 'full'), version: 'v1', fs });
    const put = (key: string) =>
      driver.run('INSERT INTO configurations (key, value_json, updated_at) VALUES (?, 1, 0)', [key]);
    const keys = () => driver.all<{ key: string }>('SELECT key FROM configurations ORDER BY key').map(({ key }) => key);
    put('a');
    isFull = true;
    expect(() => put('b')).toThrow('ENOSPC');
    expect(keys()).toEqual(['a']);
    isFull = false;
    put('c');
    expect(keys()).toEqual(['a', 'c']);
    close();
  });

  it('is said by a keeper in its warnings, and what it keeps is there for the next one, of whatever build', async () => {
    const unknown = path.join(folder, 'unknown');
    mkdirSync(unknown);
    await build({
      entryPoints: ['src/keeper/keeper.worker.ts'],
      outfile: path.join(unknown, 'keeper.cjs'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'error',
      alias: { '@secretlint/profiler': './src/core/observe/secretlint-profiler.ts' },
      plugins: [unknownBuild],
    });
    await copyFile(wasm, path.join(unknown, 'sql-wasm.wasm'));
    const dataDir = path.join(folder, 'data');
    const open = (workerFile: string) => openMemory({ dataDir, workerFile, version: 'test', log: () => {} });
    const save = {
      id: 'kept-learning',
      category: 'general',
      title: 'kept by an unknown build',
      description: '',
    } as const;
    for (const [workerFile, isKnown] of [
      [path.join(unknown, 'keeper.cjs'), false],
      [path.join(unknown, 'keeper.cjs'), false],
      [path.resolve('dist/keeper.cjs'), true],
    ] as const) {
      const memory = await open(workerFile);
      await memory.saveLearning(save);
      const { warnings } = await memory.status();
      expect(
        warnings.filter(({ code }) => code === 'fallback_driver').map(({ message }) => /not known/.test(message)),
      ).toEqual(isKnown ? [] : [true]);
      expect(existsSync(path.join(dataDir, 'memory.db.pages'))).toBe(!isKnown);
      expect((await memory.listLearnings({ limit: 10 })).items.map(({ id }) => id)).toEqual(['kept-learning']);
      await memory.close();
    }
  });
});
