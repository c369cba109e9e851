/**
 * The archive: transcripts as they were written, less their secrets, so that memory outlives the client's clean-up. Its
 * only readers are the restoring of a transcript and its own backup: no search, no export, no log.
 */
import { archiveName } from '../../../protocol/data-folder';
import type { SessionId } from '../../../protocol/model';
import { fileName } from '../../../protocol/paths';
import { isMarkOf } from '../../lib/keyed-mark';
import type { Redacted, RedactedBytes } from '../../observe/redact';
import type { SourceFile } from '../../transcript/discover';
import type { SqlDriver } from '../sqlite/driver';
import type { DatabaseSchema } from '../sqlite/migrate';
import { archiveBlocks } from '../sqlite/migrations/archive-0001-blocks';
import { dropUnusedBlocks, fullBlockBytes, putBlock, readBlock } from './blocks';
import { isBeginning, partsOf } from './parts';

export const archiveSchema: DatabaseSchema = { fileName: archiveName, migrations: [archiveBlocks] };

/** Why bytes of the source are missing from the archive. `gap`: they were lost, by a bug or by damage. */
export type LeftOut = 'too_long' | 'excluded' | 'gap';

export interface ArchiveLine {
  /** Undefined when the line is left out. */
  bytes: RedactedBytes | undefined;
  leftOut?: LeftOut;
  /** Length in the source, line end included. */
  sourceBytes: number;
  originalHash?: string | undefined;
  redactions: number;
}

/** Session and project of an archived file: forgetting either erases the file. */
export interface ArchiveOwner {
  sessionId: SessionId;
  projectRoot: Redacted;
  /** Epoch milliseconds; 0 while unknown. */
  startedAt: number;
}

export interface ArchiveBatch {
  source: SourceFile;
  owner: ArchiveOwner;
  /** Where the first line stands in the source. */
  startOffset: number;
  lines: readonly ArchiveLine[];
  /** Proof of the end, as in the reader's cursor. */
  tailHash: string;
  /** The archived content of this path is another one: it is kept, and a new generation begins. */
  startsAnew: boolean;
}

export interface ArchivedFile {
  id: number;
  path: string;
  sessionId: SessionId;
  kind: 'main' | 'agent';
  lines: number;
  bytes: number;
  redactions: number;
  /** Source bytes that are not archived, by reason. */
  leftOut: Partial<Record<LeftOut, number>>;
  updatedAt: number;
}

export interface FileRow {
  id: number;
  path: string;
  generation: number;
  session_id: string;
  kind: 'main' | 'agent';
  project_root: string;
  started_at: number;
  offset: number;
  tail_hash: string;
  lines: number;
  bytes: number;
  left_out_json: string;
  redactions: number;
  updated_at: number;
}

const fileOf = (row: FileRow): ArchivedFile => ({
  id: row.id,
  path: row.path,
  sessionId: row.session_id,
  kind: row.kind,
  lines: row.lines,
  bytes: row.bytes,
  redactions: row.redactions,
  leftOut: JSON.parse(row.left_out_json) as ArchivedFile['leftOut'],
  updatedAt: row.updated_at,
});

/** How far a source file is archived; undefined when nothing of it is. */
export function archivePlace(driver: SqlDriver, path: string): { offset: number; tailHash: string } | undefined {
  const row = newestFile(driver, path);
  return row && { offset: row.offset, tailHash: row.tail_hash };
}

/** How far each source file is archived, by its path. */
export function offsetsOfArchive(driver: SqlDriver): Map<string, number> {
  const offsets = new Map<string, number>();
  driver.each(
    'SELECT path, offset FROM files ORDER BY generation',
    [],
    ([path, offset]) => void offsets.set(path as string, offset as number),
  );
  return offsets;
}

/** Appends lines to a file of the archive. Lines before `startOffset` that are archived already are skipped. */
export function appendToArchive(driver: SqlDriver, batch: ArchiveBatch): void {
  driver.transaction(() => {
    const file = fileToExtend(driver, batch);
    const leftOut = JSON.parse(file.left_out_json) as Partial<Record<LeftOut, number>>;
    const leave = (reason: LeftOut, bytes: number) => (leftOut[reason] = (leftOut[reason] ?? 0) + bytes);
    if (batch.startOffset > file.offset) leave('gap', batch.startOffset - file.offset);
    const fresh: Uint8Array[] = [];
    let offset = batch.startOffset;
    for (const line of batch.lines) {
      const known = file.offset - offset;
      offset += line.sourceBytes;
      if (offset <= file.offset) continue;
      if (!line.bytes) {
        leave(line.leftOut ?? 'gap', line.sourceBytes);
        continue;
      }
      const begun = known > 0 ? unendedLine(driver, file.id) : noBytes;
      // The last archived line had no line end yet: only its remaining bytes are missing.
      const missing = begun.length > 0 ? restOf(line.bytes, begun, line.sourceBytes - known) : line.bytes;
      fresh.push(missing);
      file.bytes += missing.length;
      if (begun.length === 0) {
        file.lines++;
        file.redactions += line.redactions;
      }
      if (line.originalHash !== undefined)
        driver.run('INSERT OR REPLACE INTO changed_lines (file, line, original_hash) VALUES (?, ?, ?)', [
          file.id,
          file.lines - 1,
          line.originalHash,
        ]);
    }
    appendBlocks(driver, file.id, fresh);
    if (offset < file.offset) return;
    driver.run(
      `UPDATE files SET session_id = ?, project_root = ?, started_at = ?, offset = ?, tail_hash = ?, lines = ?,
        bytes = ?, left_out_json = ?, redactions = ?, updated_at = ? WHERE id = ?`,
      [
        batch.owner.sessionId,
        batch.owner.projectRoot,
        batch.owner.startedAt || batch.source.mtime,
        offset,
        batch.tailHash,
        file.lines,
        file.bytes,
        JSON.stringify(leftOut),
        file.redactions,
        batch.source.mtime,
        file.id,
      ],
    );
  });
}

/** Makes the next reading of the source archive it from its beginning, as a new generation. */
export function beginAnew(driver: SqlDriver, path: string): void {
  driver.run("UPDATE files SET offset = 1, tail_hash = 'stale' WHERE path = ?", [path]);
}

/** After the excludes have changed: files with excluded lines are archived from their beginning again. */
export function beginExcludedAnew(driver: SqlDriver): void {
  driver.run("UPDATE files SET offset = 1, tail_hash = 'stale' WHERE json_extract(left_out_json, '$.excluded') > 0");
}

/**
 * The archived files of a session, its own and those of its sub-agents. Of several files with the same name, the one
 * that holds most.
 */
export function archivedFiles(driver: SqlDriver, sessionId: SessionId): ArchivedFile[] {
  const best = new Map<string, FileRow>();
  for (const row of driver.all<FileRow>(
    'SELECT * FROM files WHERE session_id = ? AND lines > 0 ORDER BY updated_at, generation',
    [sessionId],
  )) {
    // A session has one main transcript, even when it was moved to another folder.
    const name = row.kind === 'main' ? 'main' : fileName(row.path);
    const other = best.get(name);
    // Takes the newest generation, unless it is only the beginning of an older one.
    if (
      !other ||
      row.bytes >= other.bytes ||
      !isBeginning(driver, partsOf(driver, row.id), driver, partsOf(driver, other.id))
    )
      best.set(name, row);
  }
  return [...best.values()].map(fileOf);
}

/** The bytes of an archived file, block by block. @throws MemoryError `corrupt` */
export function* readArchivedFile(driver: SqlDriver, id: number): Generator<Uint8Array> {
  for (const { block } of partsOf(driver, id)) yield readBlock(driver, block);
}

/** The sessions and projects that a person had forgotten. */
export interface Buried {
  sessions: readonly SessionId[];
  /** Applies to sessions that began before `at` in the folder of this mark. */
  projects: readonly { mark: string; at: number }[];
}

/** Erases files of forgotten sessions and projects. Their bytes are overwritten, not only unlinked. */
export function forgetArchived(driver: SqlDriver, { sessions, projects }: Buried): void {
  const roots = driver.all<{ root: string }>('SELECT DISTINCT project_root AS root FROM files');
  const buried = projects.flatMap(({ mark, at }) =>
    roots.filter(({ root }) => isMarkOf(mark, root)).map(({ root }) => ({ root, at })),
  );
  const ids = driver.all<{ id: number }>(
    `SELECT id FROM files f WHERE session_id IN (SELECT value FROM json_each(?1))
       OR EXISTS (SELECT 1 FROM json_each(?2) p WHERE f.project_root = json_extract(p.value, '$.root')
         AND f.started_at <= json_extract(p.value, '$.at'))`,
    [JSON.stringify(sessions), JSON.stringify(buried)],
  );
  if (ids.length === 0) return;
  driver.transaction(() =>
    eraseFiles(
      driver,
      ids.map(({ id }) => id),
    ),
  );
  sweepOut(driver);
}

export function eraseArchive(driver: SqlDriver): void {
  driver.transaction(() => {
    for (const table of ['parts', 'changed_lines', 'files', 'blocks']) driver.run(`DELETE FROM ${table}`);
  });
  sweepOut(driver);
}

export interface ArchiveTotals {
  files: number;
  sessions: number;
  /** Size of the archived transcripts before packing. */
  plainBytes: number;
  redactions: number;
}

export function archiveTotals(driver: SqlDriver): ArchiveTotals {
  return driver.get<ArchiveTotals>(
    `SELECT count(*) AS files, count(DISTINCT session_id) AS sessions, coalesce(sum(bytes), 0) AS plainBytes,
      coalesce(sum(redactions), 0) AS redactions FROM files`,
  ) as ArchiveTotals;
}

function newestFile(driver: SqlDriver, path: string): FileRow | undefined {
  return driver.get<FileRow>('SELECT * FROM files WHERE path = ? ORDER BY generation DESC LIMIT 1', [path]);
}

function fileToExtend(driver: SqlDriver, { source, owner: { sessionId }, startsAnew }: ArchiveBatch): FileRow {
  const known = newestFile(driver, source.path);
  if (known && !startsAnew) return known;
  driver.run('INSERT INTO files (path, generation, session_id, kind, updated_at) VALUES (?, ?, ?, ?, ?)', [
    source.path,
    (known?.generation ?? 0) + 1,
    sessionId,
    source.kind,
    source.mtime,
  ]);
  return newestFile(driver, source.path) as FileRow;
}

/**
 * Block boundaries depend on the lines only, not on when they were appended, so equal files have equal blocks and share
 * them.
 */
function appendBlocks(driver: SqlDriver, file: number, lines: readonly Uint8Array[]): void {
  if (lines.length === 0) return;
  const last = driver.get<{ n: number; block: number; plain_bytes: number }>(
    'SELECT n, block, plain_bytes FROM parts JOIN blocks ON blocks.id = block WHERE file = ? ORDER BY n DESC LIMIT 1',
    [file],
  );
  const isOpen = last !== undefined && last.plain_bytes < fullBlockBytes;
  let n = last === undefined ? 0 : isOpen ? last.n : last.n + 1;
  let pieces: Uint8Array[] = isOpen ? [readBlock(driver, last.block)] : [];
  let size = isOpen ? last.plain_bytes : 0;
  const close = () => {
    driver.run('INSERT OR REPLACE INTO parts (file, n, block) VALUES (?, ?, ?)', [
      file,
      n,
      putBlock(driver, Buffer.concat(pieces)),
    ]);
    n++;
    pieces = [];
    size = 0;
  };
  for (const line of lines) {
    pieces.push(line);
    size += line.length;
    if (size >= fullBlockBytes) close();
  }
  if (pieces.length > 0) close();
  if (isOpen) dropUnusedBlocks(driver, [last.block]);
}

const noBytes = new Uint8Array(0);

/** The archived bytes behind the last line end. */
function unendedLine(driver: SqlDriver, file: number): Uint8Array {
  let tail = Buffer.alloc(0);
  for (const { block } of partsOf(driver, file).toReversed()) {
    const bytes = Buffer.from(readBlock(driver, block));
    const end = bytes.lastIndexOf(10);
    tail = Buffer.concat([bytes.subarray(end + 1), tail]);
    if (end >= 0) break;
  }
  return tail;
}

/**
 * What a line has behind its archived beginning. A secret makes it longer or shorter than in the source, so the bytes
 * themselves are compared; where other rules of redaction apply than then, the missing end has the length it has there.
 */
const restOf = (line: Uint8Array, begun: Uint8Array, missingInSource: number): Uint8Array =>
  Buffer.compare(line.subarray(0, begun.length), begun) === 0
    ? line.subarray(begun.length)
    : line.subarray(Math.max(0, line.length - missingInSource));

export function eraseFiles(driver: SqlDriver, ids: readonly number[]): void {
  for (const id of ids) {
    const blocks = [...new Set(partsOf(driver, id).map(({ block }) => block))];
    driver.run('DELETE FROM parts WHERE file = ?', [id]);
    driver.run('DELETE FROM changed_lines WHERE file = ?', [id]);
    driver.run('DELETE FROM files WHERE id = ?', [id]);
    dropUnusedBlocks(driver, blocks);
  }
}

function sweepOut(driver: SqlDriver): void {
  driver.all('PRAGMA incremental_vacuum');
  driver.checkpoint();
}
