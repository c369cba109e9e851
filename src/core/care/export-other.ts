/**
 * Another memory as an export of its own, so that it comes in by the same door. It may be in use: it is copied with its
 * journal first, and only the copy is opened.
 */
import nodeFs from 'node:fs';
import path from 'node:path';
import { databaseName, maskedJournalSuffix, pageJournalSuffix, walSuffix } from '../../protocol/data-folder';
import { asMemoryError } from '../../protocol/errors';
import { breathe } from '../lib/turns';
import type { OtherMemory } from '../portable/portable';
import { portableError } from '../portable/trouble';
import { writeExport } from '../portable/write-export';
import { openDatabase } from '../store/open';
import type { SqliteEngine } from '../store/sqlite/sqlite';

/**
 * Answers the folder of the export.
 *
 * @throws MemoryError `corrupt` when the file is no memory, `too_new`
 */
export async function exportOther(
  engine: SqliteEngine,
  { file, folder, at, version }: OtherMemory,
  signal: AbortSignal = new AbortController().signal,
): Promise<string> {
  const copyDir = path.join(folder, 'copy');
  nodeFs.mkdirSync(copyDir, { mode: 0o700 });
  const copy = path.join(copyDir, databaseName);
  copyStill(file, copy);
  const opened = openCopy(() => openDatabase({ engine, dataDir: copyDir, version, now: at }));
  try {
    const report = await writeExport(
      { folder, format: 'jsonl', at, request: 'other', isInside: true },
      { driver: opened.driver, version, turn: breathe, signal, onProgress: () => {} },
    );
    return report.folder;
  } finally {
    opened.close();
    nodeFs.rmSync(copyDir, { recursive: true, force: true });
  }
}

/** Errors about the other memory must not read as if this one were damaged. */
function openCopy<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    const { code, message } = asMemoryError(error);
    throw portableError(code === 'too_new' ? code : 'corrupt', message);
  }
}

const mostTries = 5;
const suffixes = ['', walSuffix, maskedJournalSuffix, pageJournalSuffix];

/** A keeper may write meanwhile: the files are copied again until none of them has changed. */
function copyStill(file: string, copy: string): void {
  for (let tries = 0; tries < mostTries; tries++) {
    const before = stateOf(file);
    for (const suffix of suffixes) {
      nodeFs.rmSync(copy + suffix, { force: true });
      if (nodeFs.existsSync(file + suffix)) nodeFs.copyFileSync(file + suffix, copy + suffix);
    }
    if (stateOf(file) === before) return;
  }
  throw portableError('busy', 'This memory is being written. Close the editor that uses it, and try again.');
}

const stateOf = (file: string): string =>
  suffixes
    .map((suffix) => nodeFs.statSync(file + suffix, { throwIfNoEntry: false }))
    .map((info) => (info ? `${info.size} ${info.mtimeMs}` : ''))
    .join('|');
