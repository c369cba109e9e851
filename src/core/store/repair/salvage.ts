/**
 * All that can be read of a damaged database, in a new one: what a person wrote first, then sessions, table by table
 * and around what cannot be read; index and counts are made anew. The damaged file is only read.
 */
import nodeFs from 'node:fs';
import { pageJournalSuffix, walSuffix } from '../../../protocol/data-folder';
import { flushFile, renameDurably, unfinished } from '../../lib/durable';
import { isJson } from '../../lib/json';
import { openCopy, removeDatabase } from '../backup/aside';
import { readNewestWritten } from '../backup/files';
import { mergeWritten } from '../backup/written';
import type { Written } from '../backup/written';
import { prepareNewFile } from '../open';
import type { SqlDriver, SqlValue } from '../sqlite/driver';
import { memorySchema, migrate, preciousTables } from '../sqlite/migrate';
import { PageJournal } from '../sqlite/page-journal';
import type { SqliteEngine } from '../sqlite/sqlite';
import { readWal } from '../sqlite/wal-frames';
import { defineTokens, rebuildIndex } from '../tables/documents';
import { hasTables, mendHeader, mendSchema, takeTemplate } from './mend-header';
import { mendReferences } from './mend-references';
import { farthestRowid, scanPages } from './page-scan';
import type { FoundRow } from './page-scan';

export interface SalvageReport {
  /** Rows that came back, by table. */
  rows: Record<string, number>;
  /** Stretches of rows that could not be reached through their table. */
  gaps: number;
  /** Learnings taken from the newest hourly backup, for they were not in the file. */
  fromBackup: number;
}

export interface SalvageOptions {
  dataDir: string;
  file: string;
  target: string;
  now: number;
  indexText: (text: string) => string;
}

interface ColumnInfo {
  name: string;
  type: string;
  notnull: number;
  /** As the schema writes it. */
  dflt_value: string | null;
  pk: number;
}

interface Table {
  name: string;
  columns: string[];
  shape: ColumnInfo[];
  /** Place of the key that is the row id and that pages do not repeat; -1 without one. */
  keyAt: number;
  hasRowid: boolean;
}

const pageSize = 4096;
/** Made anew from the others, or read again with the transcripts. */
const remade = new Set(['documents', 'sources', 'vector_embeddings']);
/** Failed looks at a table before the rest of it is given up. */
const maxProbes = 20_000;
/** Fewer columns than this say too little about the table a page belongs to. */
const tellingColumns = 8;

export function salvage(
  engine: SqliteEngine,
  { dataDir, file, target, now, indexText }: SalvageOptions,
): SalvageReport {
  const work = `${target}.work${unfinished}`;
  const next = target + unfinished;
  for (const each of [work, next, target]) removeDatabase(each);
  let into: SqlDriver | undefined;
  try {
    into = engine.openFile(next);
    prepareNewFile(into);
    defineTokens(into, indexText);
    migrate(into, memorySchema);
    into.exec('PRAGMA foreign_keys = OFF;');
    copyWhole(file, work, engine.files.platform);
    const report = readAll(engine, work, into, next);
    mendReferences(into);
    rebuildIndex(into);
    const written = readNewestWritten<Written>(dataDir);
    report.fromBackup = written ? mergeWritten(into, written, 'present').learnings : 0;
    into.run("INSERT INTO audit_logs (at, action, resource, result) VALUES (?, 'UPDATE', 'repair', 'success')", [now]);
    into.close();
    into = undefined;
    flushFile(next);
    renameDurably(next, target);
    return report;
  } finally {
    into?.close();
    removeDatabase(work);
    nodeFs.rmSync(next, { force: true });
  }
}

/** The file with what its journals hold, as one plain file. */
function copyWhole(file: string, work: string, platform: NodeJS.Platform): void {
  nodeFs.copyFileSync(file, work);
  nodeFs.chmodSync(work, 0o600);
  for (const suffix of [walSuffix, pageJournalSuffix])
    if (nodeFs.existsSync(file + suffix)) nodeFs.copyFileSync(file + suffix, work + suffix);
  if (nodeFs.existsSync(work + pageJournalSuffix)) {
    new PageJournal(work, platform).close();
    return;
  }
  const wal = nodeFs.existsSync(work + walSuffix)
    ? readWal(nodeFs.readFileSync(work + walSuffix), pageSize)
    : undefined;
  if (!wal) return;
  const handle = nodeFs.openSync(work, 'r+');
  try {
    for (const [number, content] of wal.pages) nodeFs.writeSync(handle, content, 0, pageSize, (number - 1) * pageSize);
  } finally {
    nodeFs.closeSync(handle);
  }
}

function readAll(engine: SqliteEngine, work: string, into: SqlDriver, template: string): SalvageReport {
  const report: SalvageReport = { rows: {}, gaps: 0, fromBackup: 0 };
  const tables = listTables(into);
  const pages = takeTemplate(template);
  mendHeader(work, pages);
  let from = openReadable(engine, work, tables);
  if (!from) {
    report.gaps++;
    mendSchema(work, pages);
    from = openReadable(engine, work, tables);
  }
  const farthest = farthestRowid(work);
  into.transaction(() => {
    for (const table of tables) {
      const put = putInto(into, table, (count) => (report.rows[table.name] = (report.rows[table.name] ?? 0) + count));
      if (!from) report.gaps++;
      else if (table.hasRowid) report.gaps += readByRowid(from, table, farthest, put);
      else report.gaps += readByKey(from, table, put);
    }
    if (from) keepGoneSources(from, into);
    // What no tree leads to any more may still lie on a whole page.
    if (report.gaps > 0) scanPages(work, sortByShape(tables, into, report));
  });
  try {
    from?.close();
  } catch {
    // A damaged file may refuse; it is only a copy.
  }
  return report;
}

function openReadable(engine: SqliteEngine, work: string, tables: readonly Table[]): SqlDriver | undefined {
  let driver: SqlDriver | undefined;
  try {
    driver = openCopy(engine, work);
    driver.exec('PRAGMA cell_size_check = ON; PRAGMA query_only = ON;');
    if (
      hasTables(
        driver,
        tables.map(({ name }) => name),
      )
    )
      return driver;
  } catch {
    // Told by the answer.
  }
  driver?.close();
  return undefined;
}

function listTables(driver: SqlDriver): Table[] {
  const named = driver.all<{ name: string; sql: string }>(
    "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'fulltext%'",
  );
  const isPrecious = ({ name }: { name: string }) => (preciousTables.includes(name) ? 0 : 1);
  return named
    .filter(({ name }) => !remade.has(name))
    .toSorted((one, other) => isPrecious(one) - isPrecious(other))
    .map(({ name, sql }) => {
      const columns = driver.all<ColumnInfo>(`PRAGMA table_info("${name}")`);
      const hasRowid = !/WITHOUT ROWID/i.test(sql);
      return {
        name,
        columns: columns.map((column) => column.name),
        shape: columns,
        hasRowid,
        keyAt: hasRowid ? columns.findIndex(({ type, pk }) => type === 'INTEGER' && pk === 1) : -1,
      };
    });
}

type Put = (values: readonly SqlValue[]) => boolean;

/** Adds a row unless it is there or breaks a rule of the table. */
function putInto(
  into: SqlDriver,
  { name, columns }: Pick<Table, 'name' | 'columns'>,
  count: (rows: number) => void,
): Put {
  const sql = `INSERT OR IGNORE INTO "${name}" (${columns.map((column) => `"${column}"`).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
  return (values) => {
    try {
      const rows = into.run(sql, values);
      count(rows);
      return rows > 0;
    } catch {
      return false;
    }
  };
}

/** Reads what it can, halves what it cannot, down to single rows. The number of stretches left out. */
function readByRowid(from: SqlDriver, { name, columns }: Table, farthest: number, put: Put): number {
  const sql = `SELECT rowid, ${columns.map((column) => `"${column}"`).join(', ')} FROM "${name}" NOT INDEXED WHERE rowid > ? AND rowid <= ? ORDER BY rowid`;
  const waiting: [low: number, high: number][] = [[0, farthest]];
  let gaps = 0;
  let gapEnd = -1;
  for (let probes = 0; waiting.length > 0;) {
    const [low, high] = waiting.pop() as [number, number];
    let last = low;
    try {
      from.each(sql, [low, high], ([rowid, ...values]) => {
        put(values);
        last = rowid as number;
      });
      continue;
    } catch {
      if (++probes > maxProbes) return gaps + 1;
    }
    if (last > low) {
      waiting.push([last, high]);
    } else if (high - low <= 1) {
      if (gapEnd !== low) gaps++;
      gapEnd = high;
    } else {
      const middle = low + Math.floor((high - low) / 2);
      waiting.push([middle, high], [low, middle]);
    }
  }
  return gaps;
}

/** From the beginning up to the damage, and from the end down to it. */
function readByKey(from: SqlDriver, { name, columns }: Table, put: Put): number {
  const list = columns.map((column) => `"${column}"`).join(', ');
  let gaps = 0;
  for (const order of ['ASC', 'DESC']) {
    try {
      from.each(`SELECT ${list} FROM "${name}" ORDER BY "${columns[0]}" ${order}`, [], (values) => void put(values));
      if (order === 'ASC') return 0;
    } catch {
      gaps = 1;
    }
  }
  return gaps;
}

/** Tells by the number and sort of its values which table a row is of. */
function sortByShape(tables: readonly Table[], into: SqlDriver, report: SalvageReport): (row: FoundRow) => void {
  const put = new Map(
    tables.map((table) => [
      table.name,
      putInto(into, table, (count) => (report.rows[table.name] = (report.rows[table.name] ?? 0) + count)),
    ]),
  );
  const telling = tables.filter(
    ({ hasRowid, columns, keyAt }) => hasRowid && keyAt >= 0 && columns.length >= tellingColumns,
  );
  const kinds = new Set(['session', 'project', 'everything']);
  return ({ rowid, values }) => {
    if (rowid !== undefined) {
      const fitting = telling.filter((table) => isOfShape(values, table));
      // A row that was written before its table grew is shorter: only when no table has just so many columns.
      const table = fitting.find(({ columns }) => columns.length === values.length) ?? fitting[0];
      if (table)
        put.get(table.name)?.(
          table.shape.map(({ dflt_value: usual }, index) =>
            index === table.keyAt ? rowid : index < values.length ? (values[index] ?? null) : readDefault(usual),
          ),
        );
      return;
    }
    const [first, second, third] = values;
    if (values.length === 5 && isMark(values)) put.get('marks')?.(values);
    if (values.length !== 3 || typeof first !== 'string' || typeof second !== 'string' || typeof third !== 'number')
      return;
    if (kinds.has(first)) put.get('tombstones')?.(values);
    else if (isJson(second)) put.get('configurations')?.(values);
  };
}

/** The key stands in the row's id, and later columns have a value of their own for older rows. */
function isOfShape(values: readonly SqlValue[], { shape, keyAt }: Table): boolean {
  if (values.length < tellingColumns || values.length > shape.length || values[keyAt] !== null) return false;
  return shape.every(({ type, notnull, dflt_value: usual }, index) => {
    if (index >= values.length) return notnull === 0 || usual !== null;
    const value = values[index] ?? null;
    if (value === null) return index === keyAt || notnull === 0;
    return type === 'TEXT'
      ? typeof value === 'string'
      : type === 'BLOB'
        ? typeof value === 'object'
        : typeof value === 'number';
  });
}

/** A default as the schema writes it: a number, or a text in quotes. */
const readDefault = (usual: string | null): SqlValue =>
  usual === null ? null : usual.startsWith("'") ? usual.slice(1, -1).replaceAll("''", "'") : Number(usual);

const isMark = ([uid, session, isFlagged, tags, at]: readonly SqlValue[]): boolean =>
  typeof uid === 'string' &&
  typeof session === 'string' &&
  (isFlagged === 0 || isFlagged === 1) &&
  typeof tags === 'string' &&
  isJson(tags) &&
  typeof at === 'number';

/** Files that are still there are read again from their beginning; of the others the account is all that is left. */
function keepGoneSources(from: SqlDriver, into: SqlDriver): void {
  const columns = into.all<{ name: string }>('PRAGMA table_info(sources)').map(({ name }) => name);
  const put = putInto(into, { name: 'sources', columns }, () => {});
  try {
    from.each(
      `SELECT ${columns.map((column) => `"${column}"`).join(', ')} FROM sources WHERE is_gone = 1`,
      [],
      (values) => void put(values),
    );
  } catch {
    // An account less; no row of a session depends on it.
  }
}
