/** Checks with native SQLite on an unmasked copy of the files, independent of our code. */
import { spawnSync } from 'node:child_process';
import nodeFs from 'node:fs';
import path from 'node:path';
import { plainMagic } from '../../../src/core/store/sqlite/header';
import { databaseName } from '../../../src/protocol/data-folder';
import { checksFor } from './workload';

type NativeModule = {
  DatabaseSync: new (file: string) => {
    prepare(sql: string): { all(): object[] };
    function(name: string, work: (text: unknown) => string): void;
    close(): void;
  };
};
const native = (process as { getBuiltinModule?: (name: string) => unknown }).getBuiltinModule?.('node:sqlite') as
  | NativeModule
  | undefined;
const hasShell = !spawnSync('sqlite3', ['-version']).error;

/** Name of the native SQLite on this machine; undefined when there is none. */
export const judgeName: string | undefined = native ? 'node:sqlite' : hasShell ? 'sqlite3' : undefined;

/** Copies the files with SQLite's own header and log names. */
export function copyUnmasked(folder: string, target: string): string {
  nodeFs.rmSync(target, { recursive: true, force: true });
  nodeFs.mkdirSync(target, { recursive: true });
  const file = path.join(target, databaseName);
  for (const [ours, theirs] of [
    ['', ''],
    ['.vwal', '-wal'],
    ['.vjournal', '-journal'],
  ] as const) {
    const source = path.join(folder, databaseName + ours);
    if (nodeFs.existsSync(source)) nodeFs.copyFileSync(source, file + theirs);
  }
  if (nodeFs.existsSync(file) && nodeFs.statSync(file).size > 0) {
    const handle = nodeFs.openSync(file, 'r+');
    const head = Buffer.alloc(6);
    nodeFs.readSync(handle, head, 0, 6, 0);
    // Only a masked header is replaced: a page that never reached the disk must not be made to look valid.
    if (head.toString('latin1') === 'VSCMEM') nodeFs.writeSync(handle, plainMagic, 0, 'latin1');
    nodeFs.closeSync(handle);
  }
  return file;
}

/** Faults found by native SQLite; empty when this machine has none. */
export function judgeNatively(file: string, acknowledged: number): string[] {
  if (!nodeFs.existsSync(file)) return acknowledged > 0 ? ['native: there is no database'] : [];
  return (native ? askModule(native, file, acknowledged) : hasShell ? askShell(file, acknowledged) : []).map(
    (line) => `native: ${line}`,
  );
}

function askModule({ DatabaseSync }: NativeModule, file: string, acknowledged: number): string[] {
  const database = new DatabaseSync(file);
  // Checking the full-text index of our schema calls these functions.
  for (const name of ['fulltext_tokens', 'plain_text']) database.function(name, (_text) => '');
  try {
    return checksFor(acknowledged).flatMap((sql) =>
      database
        .prepare(sql)
        .all()
        .map((row) => String(Object.values(row)[0])),
    );
  } catch (error) {
    return [`unreadable: ${(error as Error).message}`];
  } finally {
    database.close();
  }
}

function askShell(file: string, acknowledged: number): string[] {
  const answer = spawnSync('sqlite3', ['-batch', file, ...checksFor(acknowledged)], { encoding: 'utf8' });
  const lines = [...answer.stdout.split('\n'), ...answer.stderr.split('\n')].filter((line) => line !== '');
  // The sqlite3 shell cannot define the functions of our index, so these complaints are ignored.
  return lines.filter(
    (line) =>
      !/no such function: fulltext_tokens|integrity: unable to validate the inverted index for FTS4 table main\.fulltext/.test(
        line,
      ),
  );
}
