/**
 * Copies all readable rows of a damaged database into a new one: first what a person wrote, then sessions, table by
 * table, around what cannot be read. Index and counts are rebuilt. The damaged file is only read.
 */
import nodeFs from 'node:fs';
import { flushFile, renameDurably, unfinished } from '../../lib/durable';
import { isJson } from '../../lib/json';
import { removeDatabase } from '../backup/aside';
import { readBeside } from '../backup/beside';
import { readNewestWritten } from '../backup/files';
import { mergeWritten } from '../backup/written';
import type { Written } from '../backup/written';
import type { SqlDriver, SqlValue } from '../sqlite/driver';
import { memorySchema, migrate, preciousTables } from '../sqlite/migrate';
import { prepareNewFile } from '../sqlite/new-file';
import type { SqliteEngine } from '../sqlite/sqlite';
import { getConfiguration, saltKey, setConfiguration } from '../tables/configuration';
import { defineTokens, rebuildIndex } from '../tables/documents';
import { mendNames } from '../tables/session-marks';
import { takeTemplate } from './mend-header';
import { mendReferences } from './mend-references';
import { copyWhole, openDamaged, remadeTables } from './open-damaged';
import type { OpenedDamaged } from './open-damaged';
import { farthestRowid, scanPages } from './page-scan';
import type { FoundRow } from './page-scan';

export interface SalvageReport {
  /** Rows that were recovered, by table. */
  rows: Record<string, number>;
  /** Ranges of row ids that could not be read through their table. */
  gaps: number;
  /** Learnings taken from the newest hourly backup because they were not in the file. */
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
  /** As SQL, the way `PRAGMA table_info` gives it. */
  dflt_value: string | null;
  pk: number;
}

interface Table {
  name: string;
  columns: string[];
  shape: ColumnInfo[];
  /** Column that is the row id, which pages do not repeat; -1 when there is none. */
  keyAt: number;
  hasRowid: boolean;
}

/** After this many failed reads the rest of a table is given up. */
const maxProbes = 20_000;
/** A row with fewer columns does not identify its table. */
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
    copyWhole(file, work, engine.files.platform);
    const opened = openDamaged(engine, work, (version) => {
      makeEmpty(engine, next, version).close();
      return takeTemplate(next);
    });
    removeDatabase(next);
    into = makeEmpty(engine, next, opened.version);
    defineTokens(into, indexText);
    into.exec('PRAGMA foreign_keys = OFF;');
    const report = readAll(opened, work, into);
    const written = readNewestWritten<Written>(dataDir);
    keepSalt(into, dataDir, written, now);
    // Rows are copied as their version had them; its migrations bring them up to date.
    migrate(into, memorySchema);
    mendReferences(into);
    rebuildIndex(into);
    mendNames(into, now);
    report.fromBackup = written ? mergeWritten(into, written, 'present').learnings : 0;
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

/** A migration keys names with it. Another salt than before would part this memory from its archive and backups. */
function keepSalt(into: SqlDriver, dataDir: string, written: Written | undefined, now: number): void {
  if (getConfiguration(into, saltKey) !== undefined) return;
  const backedUp = written?.configurations.find(({ key }) => key === saltKey)?.value_json;
  const salt = readBeside(dataDir).salt || (backedUp === undefined ? '' : (JSON.parse(backedUp) as string));
  if (salt !== '') setConfiguration(into, saltKey, salt, now);
}

/** A new database with the tables of a version. */
function makeEmpty(engine: SqliteEngine, file: string, version: number): SqlDriver {
  const driver = engine.openFile(file);
  prepareNewFile(driver);
  const migrations = memorySchema.migrations.filter((migration) => migration.version <= version);
  migrate(driver, { ...memorySchema, migrations });
  return driver;
}

function readAll({ driver: from, isSchemaLost }: OpenedDamaged, work: string, into: SqlDriver): SalvageReport {
  const report: SalvageReport = { rows: {}, gaps: isSchemaLost ? 1 : 0, fromBackup: 0 };
  const tables = listTables(into);
  const farthest = farthestRowid(work);
  into.transaction(() => {
    for (const table of tables) {
      const put = putInto(into, table, (count) => (report.rows[table.name] = (report.rows[table.name] ?? 0) + count));
      if (!from) report.gaps++;
      else if (table.hasRowid) report.gaps += readByRowid(from, table, farthest, put);
      else report.gaps += readByKey(from, table, put);
    }
    if (from) keepGoneSources(from, into);
    // Rows that no tree leads to may still be on a readable page.
    if (report.gaps > 0) scanPages(work, sortByShape(tables, into, report));
  });
  try {
    from?.close();
  } catch {
    // Closing a damaged file may fail; it is only a copy.
  }
  return report;
}

function listTables(driver: SqlDriver): Table[] {
  const named = driver.all<{ name: string; sql: string }>(
    "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'fulltext%'",
  );
  const isPrecious = ({ name }: { name: string }) => (preciousTables.includes(name) ? 0 : 1);
  return named
    .filter(({ name }) => !remadeTables.has(name))
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

/** Inserts a row unless it exists or violates a constraint. */
function putInto(
  into: SqlDriver,
  { name, columns }: Pick<Table, 'name' | 'columns'>,
  count: (rows: number) => void,
): Put {
  const sql = `INSERT OR IGNORE INTO "${name}" (${columns.map((column) => `"${column}"`).join(', ')})
    VALUES (${columns.map(() => '?').join(', ')})`;
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

/** Reads a range of row ids, halving it at every failure down to single rows. Returns the number of ranges left out. */
function readByRowid(from: SqlDriver, { name, columns }: Table, farthest: number, put: Put): number {
  const sql = `SELECT rowid, ${columns.map((column) => `"${column}"`).join(', ')} FROM "${name}" NOT INDEXED
    WHERE rowid > ? AND rowid <= ? ORDER BY rowid`;
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

/** Reads from the beginning up to the damage, and from the end down to it. */
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

/** Finds the table of a row by the number and types of its values. */
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
      // A row written before a column was added is shorter. That is assumed only when no table has exactly this many
      // columns.
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
    if (values.length === 4 && isSessionMark(values)) put.get('session_marks')?.(values);
    if (values.length !== 3 || typeof first !== 'string' || typeof second !== 'string' || typeof third !== 'number')
      return;
    if (kinds.has(first)) put.get('tombstones')?.(values);
    else if (isJson(second)) put.get('configurations')?.(values);
  };
}

/** The key column is stored as the row id, and columns added later have their default for older rows. */
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

/** Parses the default of a column: a number, or a quoted text. */
const readDefault = (usual: string | null): SqlValue =>
  usual === null ? null : usual.startsWith("'") ? usual.slice(1, -1).replaceAll("''", "'") : Number(usual);

const isMark = ([uid, session, isFlagged, tags, at]: readonly SqlValue[]): boolean =>
  typeof uid === 'string' &&
  typeof session === 'string' &&
  (isFlagged === 0 || isFlagged === 1) &&
  typeof tags === 'string' &&
  isJson(tags) &&
  typeof at === 'number';

const isSessionMark = ([session, isPinned, name, at]: readonly SqlValue[]): boolean =>
  typeof session === 'string' &&
  (isPinned === 0 || isPinned === 1) &&
  typeof name === 'string' &&
  typeof at === 'number';

/**
 * Sources whose files still exist are read again from their beginning. For the others the ledger is all that is left,
 * so it is copied.
 */
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
    // This entry of the ledger is lost; no row of a session depends on it.
  }
}
