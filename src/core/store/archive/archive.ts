/**
 * The archive: transcripts as they were written, less their secrets, so that memory outlives the client's clean-up. Its
 * only readers are the restoring of a transcript and its own backup: no search, no export, no log.
 */
import { archiveName } from '../../../protocol/data-folder';
import { MemoryError } from '../../../protocol/errors';
import type { SessionId } from '../../../protocol/model';
import { fileName } from '../../../protocol/paths';
import type { RedactedBytes } from '../../observe/redact';
import type { SourceFile } from '../../transcript/discover';
import type { SqlDriver } from '../sqlite/driver';
import type { DatabaseSchema } from '../sqlite/migrate';
import { archiveBlocks } from '../sqlite/migrations/archive-0001-blocks';
import { dropUnusedBlocks, fullBlockBytes, putBlock, readBlock } from './blocks';
import { isBeginning, partsOf } from './parts';

export const archiveSchema: DatabaseSchema = { fileName: archiveName, migrations: [archiveBlocks] };

/** Why a line is not in the archive. `gap` would be a fault of ours. */
export type LeftOut = 'too_long' | 'excluded' | 'gap';

export interface ArchiveLine {
  /** Undefined for a line that is left out. */
  bytes: RedactedBytes | undefined;
  leftOut?: LeftOut;
  /** Length in the source, line end included. */
  sourceBytes: number;
  originalHash?: string | undefined;
  redactions: number;
}

/** Whose a file is: decides what forgetting a session or a project means for it. */
export interface ArchiveOwner {
  sessionId: SessionId;
  projectRoot: string;
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
  /** What is archived of this path is something else: keep it, and begin anew. */
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
  /** Source bytes by the reason they are not here. */
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

/** How far a source was taken in, if it was. */
export function archivePlace(driver: SqlDriver, path: string): { offset: number; tailHash: string } | undefined {
  const row = newestFile(driver, path);
  return row && { offset: row.offset, tailHash: row.tail_hash };
}

/** How far every source was taken in, by its path. */
export function offsetsOfArchive(driver: SqlDriver): Map<string, number> {
  const offsets = new Map<string, number>();
  driver.each(
    'SELECT path, offset FROM files ORDER BY generation',
    [],
    ([path, offset]) => void offsets.set(path as string, offset as number),
  );
  return offsets;
}

/** Adds lines behind those that are there; what was taken in before is passed over. */
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
      if (known > 0 && line.bytes && line.originalHash === undefined) {
        // A last line that had no line end yet when it was taken in: what came behind it is missing.
        fresh.push(line.bytes.subarray(known));
        file.bytes += line.bytes.length - known;
        continue;
      }
      if (!line.bytes) {
        leave(line.leftOut ?? 'gap', line.sourceBytes);
        continue;
      }
      fresh.push(line.bytes);
      if (line.originalHash !== undefined)
        driver.run('INSERT OR REPLACE INTO changed_lines (file, line, original_hash) VALUES (?, ?, ?)', [
          file.id,
          file.lines,
          line.originalHash,
        ]);
      file.lines++;
      file.bytes += line.bytes.length;
      file.redactions += line.redactions;
    }
    appendBlocks(driver, file.id, fresh);
    if (offset < file.offset) return;
    driver.run(
      'UPDATE files SET session_id = ?, project_root = ?, started_at = ?, offset = ?, tail_hash = ?, lines = ?, bytes = ?, left_out_json = ?, redactions = ?, updated_at = ? WHERE id = ?',
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

/** The next reading of the source takes it in from its beginning, as another generation. */
export function beginAnew(driver: SqlDriver, path: string): void {
  driver.run("UPDATE files SET offset = 1, tail_hash = 'stale' WHERE path = ?", [path]);
}

/** Excludes have changed: what was left out for them is to be taken in after all. */
export function beginExcludedAnew(driver: SqlDriver): void {
  driver.run("UPDATE files SET offset = 1, tail_hash = 'stale' WHERE json_extract(left_out_json, '$.excluded') > 0");
}

/**
 * Once a file that began anew is whole: former generations it contains are kept no longer, but for what they know of
 * their lines.
 */
export function settleGenerations(driver: SqlDriver, path: string): void {
  const [newest, ...older] = driver.all<FileRow>('SELECT * FROM files WHERE path = ? ORDER BY generation DESC', [path]);
  if (!newest) return;
  for (const row of older) {
    const lines = placesOfLines(driver, row.id, newest.id);
    if (!lines) continue;
    driver.transaction(() => {
      for (const { line, original_hash } of driver.all<{ line: number; original_hash: string }>(
        'SELECT line, original_hash FROM changed_lines WHERE file = ?',
        [row.id],
      )) {
        driver.run('INSERT OR IGNORE INTO changed_lines (file, line, original_hash) VALUES (?, ?, ?)', [
          newest.id,
          lines[line] ?? line,
          original_hash,
        ]);
      }
      // A transcript that was written back has marks where it had secrets, and no line that was too long.
      const leftOut = { ...(JSON.parse(newest.left_out_json) as object), ...tooLong(row) };
      driver.run('UPDATE files SET redactions = max(redactions, ?), left_out_json = ? WHERE id = ?', [
        row.redactions,
        JSON.stringify(leftOut),
        newest.id,
      ]);
      eraseFiles(driver, [row.id]);
    });
  }
}

/** Files of a session: of each name the one that holds most, its own and its agents'. */
export function archivedFiles(driver: SqlDriver, sessionId: SessionId): ArchivedFile[] {
  const best = new Map<string, FileRow>();
  for (const row of driver.all<FileRow>(
    'SELECT * FROM files WHERE session_id = ? AND lines > 0 ORDER BY updated_at, generation',
    [sessionId],
  )) {
    // A session has one transcript, whatever the folder it was moved to.
    const name = row.kind === 'main' ? 'main' : fileName(row.path);
    const other = best.get(name);
    // The newest, unless it is only the beginning of what there was.
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

/** What a person has had forgotten, as far as the archive is concerned. */
export interface Buried {
  sessions: readonly SessionId[];
  /** Sessions of these folders that began until then. */
  projects: readonly { root: string; at: number }[];
}

/** Erases for good: nothing of it stays in the file. */
export function forgetArchived(driver: SqlDriver, { sessions, projects }: Buried): void {
  const ids = driver.all<{ id: number }>(
    `SELECT id FROM files f WHERE session_id IN (SELECT value FROM json_each(?1))
       OR EXISTS (SELECT 1 FROM json_each(?2) p WHERE f.project_root = json_extract(p.value, '$.root') AND f.started_at <= json_extract(p.value, '$.at'))`,
    [JSON.stringify(sessions), JSON.stringify(projects)],
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
  /** Of the transcripts, as archived. */
  plainBytes: number;
  redactions: number;
}

export function archiveTotals(driver: SqlDriver): ArchiveTotals {
  return driver.get<ArchiveTotals>(
    'SELECT count(*) AS files, count(DISTINCT session_id) AS sessions, coalesce(sum(bytes), 0) AS plainBytes, coalesce(sum(redactions), 0) AS redactions FROM files',
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

/** Where a block ends depends on the lines alone, never on when they came: so equal files have equal blocks. */
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

const tooLong = ({ left_out_json }: FileRow): object => {
  const { too_long: bytes } = JSON.parse(left_out_json) as Partial<Record<LeftOut, number>>;
  return bytes === undefined ? {} : { too_long: bytes };
};

/** Where each line of `file` stands in `other`, in order; undefined when one is missing there. */
function placesOfLines(driver: SqlDriver, file: number, other: number): number[] | undefined {
  const theirs = linesOf(driver, other);
  const places: number[] = [];
  let at = -1;
  try {
    for (const line of linesOf(driver, file)) {
      let their;
      do {
        their = theirs.next();
        if (their.done) return undefined;
        at++;
      } while (!sameLine(their.value, line));
      places.push(at);
    }
    return places;
  } catch (error) {
    // A damaged generation equals none, and nothing is lost by keeping it.
    if (MemoryError.is(error, 'corrupt')) return undefined;
    throw error;
  }
}

function* linesOf(driver: SqlDriver, file: number): Generator<Uint8Array> {
  let rest = Buffer.alloc(0);
  for (const piece of readArchivedFile(driver, file)) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : Buffer.from(piece);
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      yield bytes.subarray(from, end + 1);
      from = end + 1;
    }
    rest = Buffer.from(bytes.subarray(from));
  }
  if (rest.length > 0) yield rest;
}

/** A last line may have got its line end since. */
const sameLine = (their: Uint8Array, mine: Uint8Array): boolean =>
  Buffer.compare(their.subarray(0, mine.length), mine) === 0 &&
  Buffer.from(their.subarray(mine.length)).toString('latin1').trim() === '';

function eraseFiles(driver: SqlDriver, ids: readonly number[]): void {
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
