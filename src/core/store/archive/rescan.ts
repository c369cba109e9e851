/** Lines of the archive, a block at a time, for a scan by newer rules of redaction. */
import type { SessionId } from '../../../protocol/model';
import type { Redacted, RedactedBytes } from '../../observe/redact';
import type { SqlDriver } from '../sqlite/driver';
import { dropUnusedBlocks, putBlock, readBlock } from './blocks';

export interface ArchivedPart {
  file: number;
  n: number;
  block: number;
}

/** Number of parts, and of bytes before packing. */
export const sizeOfArchive = (driver: SqlDriver): { parts: number; bytes: number } =>
  driver.get<{ parts: number; bytes: number }>(
    'SELECT count(*) AS parts, coalesce(sum(plain_bytes), 0) AS bytes FROM parts JOIN blocks ON blocks.id = block',
  ) ?? { parts: 0, bytes: 0 };

/** The part behind another one, file by file; undefined at the end. */
export const partAfter = (driver: SqlDriver, file: number, n: number): ArchivedPart | undefined =>
  driver.get<ArchivedPart & Record<string, number>>(
    'SELECT file, n, block FROM parts WHERE (file, n) > (?, ?) ORDER BY file, n LIMIT 1',
    [file, n],
  );

/** Session and kind of an archived file. */
export const ownerOfFile = (driver: SqlDriver, file: number): { session: SessionId; kind: string } =>
  driver.get<{ session: string; kind: string }>('SELECT session_id AS session, kind FROM files WHERE id = ?', [
    file,
  ]) ?? {
    session: '',
    kind: 'main',
  };

/** Lines of a block, line ends included; the last may have none. @throws MemoryError `corrupt` */
export function linesOfBlock(driver: SqlDriver, block: number): Uint8Array[] {
  const bytes = readBlock(driver, block);
  const lines: Uint8Array[] = [];
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(10, from);
    const to = end < 0 ? bytes.length : end + 1;
    lines.push(bytes.subarray(from, to));
    from = to;
  }
  return lines;
}

export interface SafeLine {
  bytes: RedactedBytes;
  /** Of the line before it was changed; undefined when it was not. */
  originalHash: string | undefined;
  redactions: number;
}

/**
 * Puts other lines into a part. False when it has another block by now: it was appended to.
 *
 * @param firstLine number of lines of the file before this part
 */
export function replacePart(
  driver: SqlDriver,
  { file, n, block }: ArchivedPart,
  lines: readonly SafeLine[],
  firstLine: number,
): boolean {
  return driver.transaction(() => {
    const now = driver.get<{ block: number; plain: number }>(
      'SELECT block, plain_bytes AS plain FROM parts JOIN blocks ON blocks.id = block WHERE file = ? AND n = ?',
      [file, n],
    );
    if (now?.block !== block) return now === undefined;
    const bytes = Buffer.concat(lines.map((line) => line.bytes));
    driver.run('UPDATE parts SET block = ? WHERE file = ? AND n = ?', [putBlock(driver, bytes), file, n]);
    driver.run('UPDATE files SET bytes = bytes + ?, redactions = redactions + ? WHERE id = ?', [
      bytes.length - now.plain,
      lines.reduce((sum, { redactions }) => sum + redactions, 0),
      file,
    ]);
    lines.forEach(({ originalHash }, at) => {
      if (originalHash !== undefined)
        driver.run('INSERT OR IGNORE INTO changed_lines (file, line, original_hash) VALUES (?, ?, ?)', [
          file,
          firstLine + at,
          originalHash,
        ]);
    });
    dropUnusedBlocks(driver, [block]);
    return true;
  });
}

export const archivedRoots = (driver: SqlDriver): string[] =>
  driver.all<{ root: string }>('SELECT DISTINCT project_root AS root FROM files').map(({ root }) => root);

export const renameRoot = (driver: SqlDriver, from: string, to: Redacted): void =>
  void driver.run('UPDATE files SET project_root = ? WHERE project_root = ?', [to, from]);

/** Overwrites what was replaced, in the file and in its journal. */
export function sweepArchive(driver: SqlDriver): void {
  driver.all('PRAGMA incremental_vacuum');
  driver.checkpoint();
}
