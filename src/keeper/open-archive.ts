/**
 * Opens the archive beside the memory, repairs it, or continues without. An error of the archive must not prevent the
 * memory from opening.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { mirrorOf } from '../core/care/archive-tasks';
import type { RunCareTask } from '../core/care/tasks';
import type { Log } from '../core/lib/log';
import { archiveSchema } from '../core/store/archive/archive';
import { openDatabase } from '../core/store/open';
import type { OpenedDatabase } from '../core/store/open';
import type { FileCalls } from '../core/store/sqlite/file-calls';
import type { SqliteEngine } from '../core/store/sqlite/sqlite';
import { asMemoryError } from '../protocol/errors';

export interface OpenArchiveOptions {
  engine: SqliteEngine;
  dataDir: string;
  version: string;
  fs: FileCalls;
  run: RunCareTask;
  log: Log;
}

/** Undefined when there is no usable archive: transcripts are read but not archived then. */
export async function openArchive(options: OpenArchiveOptions): Promise<OpenedDatabase | undefined> {
  const { dataDir } = options;
  const isLost = !existsSync(path.join(dataDir, archiveSchema.fileName)) && existsSync(mirrorOf(dataDir));
  const opened = isLost ? undefined : tryOpen(options);
  if (opened || !(await mend(options))) return opened;
  return tryOpen(options);
}

function tryOpen({ engine, dataDir, version, fs, log }: OpenArchiveOptions): OpenedDatabase | undefined {
  try {
    return openDatabase({ engine, dataDir, version, schema: archiveSchema, fs });
  } catch (error) {
    log.error(`archive: cannot open: ${asMemoryError(error).code}`);
    return undefined;
  }
}

/** Makes a new archive from readable parts of the damaged one and its mirror; the damaged one is kept aside. */
async function mend({ dataDir, run, log }: OpenArchiveOptions): Promise<boolean> {
  try {
    const report = await run('mendArchive', { dataDir });
    if (report) log.warn(`archive: made anew, ${report.files} files, ${report.damaged} of them damaged`);
    return report !== undefined;
  } catch (error) {
    log.error(`archive: cannot be mended: ${asMemoryError(error).code}`);
    return false;
  }
}
