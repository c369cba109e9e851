/**
 * Copies one archive into another: the mirror beside the backups, and a new archive made from a damaged one. Every
 * block is compared with its hash on the way, so damage is never copied. Files that only the target has stay there.
 */
import nodeFs from 'node:fs';
import type { SqlDriver } from '../sqlite/driver';
import { migrate } from '../sqlite/migrate';
import type { SqliteEngine } from '../sqlite/sqlite';
import { archiveSchema } from './archive';
import type { FileRow } from './archive';
import { dropUnusedBlocks, readBlock } from './blocks';
import { attempt, isBeginning, partsOf } from './parts';
import type { Part } from './parts';

export interface AbsorbReport {
  /** Files that were added or have grown. */
  files: number;
  blocks: number;
  /** Parts of files that could not be read. */
  damaged: number;
}

/**
 * Opens an archive that any SQLite can read (plain header, no write-ahead log) and that survives a power loss in the
 * middle of a change.
 */
export function openPlainArchive(engine: SqliteEngine, file: string): SqlDriver {
  const driver = engine.openFile(file);
  try {
    if (driver.get('SELECT 1 FROM sqlite_master LIMIT 1') === undefined)
      driver.exec('PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL;');
    driver.all('PRAGMA journal_mode = DELETE');
    driver.exec(
      'PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON; PRAGMA ' +
        'secure_delete = ON; PRAGMA cache_size = -4000;',
    );
    migrate(driver, archiveSchema);
    if (nodeFs.existsSync(file)) nodeFs.chmodSync(file, 0o600);
    return driver;
  } catch (error) {
    driver.close();
    throw error;
  }
}

/** Marks a file as incomplete: the next reading of the source begins a new generation, and this one stays beside it. */
const brokenPlace = { offset: 1, tail_hash: 'damaged' } as const;

/** @param spare another archive, asked for blocks that are damaged in `from` */
export function absorbArchive(
  from: SqlDriver,
  into: SqlDriver,
  { signal, spare }: { signal?: AbortSignal | undefined; spare?: SqlDriver | undefined } = {},
): AbsorbReport {
  const report: AbsorbReport = { files: 0, blocks: 0, damaged: 0 };
  for (const id of idsOf(from)) {
    signal?.throwIfAborted();
    try {
      const file = from.get<FileRow>('SELECT * FROM files WHERE id = ?', [id]);
      if (file) into.transaction(() => absorbFile({ from, into, spare }, file, report));
    } catch {
      // The row of the file, or its list of blocks, is on a damaged page.
      report.damaged++;
    }
  }
  return report;
}

/** Reads row by row: one long scan would end at the first damaged page and miss the rows behind it. */
function idsOf(driver: SqlDriver): number[] {
  const most =
    attempt(() => driver.get<{ most: number }>('SELECT max(id) AS most FROM files')?.most ?? 0) ??
    attempt(
      () => driver.get<{ most: number }>("SELECT seq AS most FROM sqlite_sequence WHERE name = 'files'")?.most ?? 0,
    ) ??
    0;
  return Array.from({ length: most }, (_, index) => index + 1);
}

interface Ends {
  from: SqlDriver;
  into: SqlDriver;
  spare: SqlDriver | undefined;
}

function absorbFile({ from, into, spare }: Ends, file: FileRow, report: AbsorbReport): void {
  const parts = partsOf(from, file.id);
  const known = into.all<{ id: number; generation: number }>(
    'SELECT id, generation FROM files WHERE path = ? ORDER BY generation DESC',
    [file.path],
  );
  // The target has all of this file already.
  if (known.some(({ id }) => isBeginning(from, parts, into, partsOf(into, id)))) return;
  const former = known.find(({ id }) => isBeginning(into, partsOf(into, id), from, parts));
  const blocks: number[] = [];
  let lost = 0;
  for (const part of parts) {
    const block = bringBlock({ from, into, spare }, part, report);
    if (block === undefined) lost += part.plain;
    else blocks.push(block);
  }
  const isWhole = lost === 0 && parts.reduce((sum, { plain }) => sum + plain, 0) === file.bytes;
  if (!isWhole) report.damaged++;
  const leftOut = isWhole
    ? file.left_out_json
    : JSON.stringify({ ...(JSON.parse(file.left_out_json) as object), gap: Math.max(lost, 1) });
  const place = isWhole ? file : brokenPlace;
  const id = former?.id ?? addFile(into, file, (known[0]?.generation ?? 0) + 1);
  into.run(
    `UPDATE files SET session_id = ?, project_root = ?, started_at = ?, offset = ?, tail_hash = ?, lines = ?,
      bytes = ?, left_out_json = ?, redactions = ?, updated_at = ? WHERE id = ?`,
    [
      file.session_id,
      file.project_root,
      file.started_at,
      place.offset,
      place.tail_hash,
      file.lines,
      file.bytes - lost,
      leftOut,
      file.redactions,
      file.updated_at,
      id,
    ],
  );
  const before = partsOf(into, id).map(({ block }) => block);
  into.run('DELETE FROM parts WHERE file = ?', [id]);
  blocks.forEach((block, n) => into.run('INSERT INTO parts (file, n, block) VALUES (?, ?, ?)', [id, n, block]));
  dropUnusedBlocks(into, before);
  for (const { line, original_hash } of attempt(() =>
    from.all<{ line: number; original_hash: string }>('SELECT line, original_hash FROM changed_lines WHERE file = ?', [
      file.id,
    ]),
  ) ?? []) {
    into.run('INSERT OR REPLACE INTO changed_lines (file, line, original_hash) VALUES (?, ?, ?)', [
      id,
      line,
      original_hash,
    ]);
  }
  report.files++;
}

function addFile(into: SqlDriver, { path, session_id, kind, updated_at }: FileRow, generation: number): number {
  into.run('INSERT INTO files (path, generation, session_id, kind, updated_at) VALUES (?, ?, ?, ?, ?)', [
    path,
    generation,
    session_id,
    kind,
    updated_at,
  ]);
  return into.lastInsertId();
}

/** The id of the block in the target; undefined when no whole copy of the block can be read. */
function bringBlock({ from, into, spare }: Ends, { block, hash }: Part, report: AbsorbReport): number | undefined {
  const known = into.get<{ id: number }>('SELECT id FROM blocks WHERE hash = ?', [Buffer.from(hash, 'hex')]);
  if (known) return known.id;
  const packed =
    attempt(() => readPacked(from, block)) ??
    attempt(() =>
      readPacked(
        spare,
        spare?.get<{ id: number }>('SELECT id FROM blocks WHERE hash = ?', [Buffer.from(hash, 'hex')])?.id,
      ),
    );
  if (!packed) return undefined;
  into.run('INSERT INTO blocks (hash, plain_bytes, packed) VALUES (?, ?, ?)', [
    packed.hash,
    packed.plain_bytes,
    packed.packed,
  ]);
  report.blocks++;
  return into.lastInsertId();
}

/** The packed bytes of a block, if they match its hash. */
function readPacked(
  driver: SqlDriver | undefined,
  id: number | undefined,
): { hash: Uint8Array; plain_bytes: number; packed: Uint8Array } | undefined {
  if (!driver || id === undefined) return undefined;
  readBlock(driver, id);
  return driver.get('SELECT hash, plain_bytes, packed FROM blocks WHERE id = ?', [id]);
}
