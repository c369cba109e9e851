/**
 * Transactions whose rows check each other, so that plain SQL shows whether one is missing, doubled, incomplete or
 * torn: each has a number, a count and a sum of its items, and names the older one it edited.
 */
import type { SqlDriver } from '../../../src/core/store/sqlite/driver';
import type { Random } from '../random';

const schema = `
  CREATE TABLE IF NOT EXISTS tx (n INTEGER PRIMARY KEY, items INTEGER NOT NULL, sum INTEGER NOT NULL,
    edited INTEGER NOT NULL, edits INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, n INTEGER NOT NULL REFERENCES tx (n), v INTEGER NOT NULL,
    unit TEXT NOT NULL, times INTEGER NOT NULL, pad TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS item_by_tx ON item (n);
  CREATE INDEX IF NOT EXISTS item_by_pad ON item (substr(pad, 1, 300));
  CREATE INDEX IF NOT EXISTS tx_by_edited ON tx (edited);
  CREATE TABLE IF NOT EXISTS steps (k INTEGER PRIMARY KEY);
  CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts4 (body, tokenize=simple);`;

/** Each query returns a row for every fault. Plain SQL, for checks without our code. */
const checks: readonly string[] = [
  "SELECT 'integrity: ' || integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
  "SELECT 'holes: ' || count(*) || ' transactions up to ' || max(n) FROM tx HAVING count(*) <> coalesce(max(n), 0)",
  `SELECT 'half: transaction ' || n FROM tx WHERE items <> (SELECT count(*) FROM item WHERE item.n = tx.n)
    OR sum <> (SELECT coalesce(sum(v), 0) FROM item WHERE item.n = tx.n)`,
  "SELECT 'edit lost or doubled: transaction ' || n FROM tx WHERE edits <> (SELECT count(*) FROM tx other WHERE other.edited = tx.n)",
  "SELECT 'orphan: item ' || id FROM item WHERE n NOT IN (SELECT n FROM tx)",
  "SELECT 'torn: item ' || id FROM item WHERE pad <> replace(hex(zeroblob(times)), '00', unit)",
  "SELECT 'migration: ' || k FROM steps WHERE 'step_' || k NOT IN (SELECT name FROM sqlite_master)",
  `SELECT 'migration in part: ' || name FROM sqlite_master WHERE type = 'table' AND name LIKE 'step!_%' ESCAPE '!'
    AND substr(name, 6) NOT IN (SELECT k FROM steps)`,
  "SELECT 'words: transaction ' || n FROM tx WHERE n NOT IN (SELECT docid FROM words)",
];
const keptTransactions = 40;
const maxSteps = 12;

export function prepareWorkload(driver: SqlDriver): void {
  // Forces checkpoints and page reads within a few transactions.
  driver.exec('PRAGMA wal_autocheckpoint = 40;');
  driver.exec('PRAGMA cache_size = -200;');
  driver.transaction(() => driver.exec(schema));
}

export const lastNumber = (driver: SqlDriver): number =>
  driver.get<{ n: number | null }>('SELECT max(n) AS n FROM tx')?.n ?? 0;

/** One transaction: new rows, sometimes a big one, an edit of an old one, and deletion of old ones. */
export function writeTransaction(driver: SqlDriver, n: number, random: Random): void {
  driver.transaction(() => {
    const items = 1 + random.below(8);
    const edited = n === 1 ? 0 : 1 + random.below(n - 1);
    driver.run('INSERT INTO tx (n, items, sum, edited) VALUES (?, ?, 0, ?)', [n, items, edited]);
    for (let count = 0; count < items; count++) {
      const times = random.once(12) ? 2000 + random.below(12_000) : 1 + random.below(60);
      const unit = random.below(0x7fff_ffff).toString(36).padStart(6, '0');
      driver.run(
        "INSERT INTO item (n, v, unit, times, pad) VALUES (?1, ?2, ?3, ?4, replace(hex(zeroblob(?4)), '00', ?3))",
        [n, random.below(1_000_000), unit, times],
      );
    }
    driver.run('UPDATE tx SET sum = (SELECT sum(v) FROM item WHERE item.n = tx.n) WHERE n = ?', [n]);
    driver.run('UPDATE tx SET edits = edits + 1, sum = sum + items WHERE n = ?', [edited]);
    driver.run('UPDATE item SET v = v + 1 WHERE n = ?', [edited]);
    driver.run('INSERT INTO words (docid, body) VALUES (?, ?)', [n, `transaction ${n} edits ${edited}`]);
    if (n > keptTransactions) {
      driver.run('DELETE FROM item WHERE n = ?', [n - keptTransactions]);
      driver.run('UPDATE tx SET items = 0, sum = 0 WHERE n = ?', [n - keptTransactions]);
    }
  });
}

/** Other things that happen to a database: checkpoints, shrinking, a migration. */
export function tendDatabase(driver: SqlDriver, random: Random): void {
  if (random.once(9)) driver.checkpoint();
  if (random.once(11)) driver.all('PRAGMA incremental_vacuum');
  if (random.once(14)) migrateStep(driver);
}

function migrateStep(driver: SqlDriver): void {
  const k = driver.get<{ k: number }>('SELECT coalesce(max(k), 0) + 1 AS k FROM steps')?.k ?? 1;
  driver.transaction(() => {
    driver.exec(`CREATE TABLE step_${k} AS SELECT n, sum FROM tx; CREATE INDEX step_index_${k} ON step_${k} (sum);`);
    driver.run('INSERT INTO steps (k) VALUES (?)', [k]);
    if (k > maxSteps) {
      driver.exec(`DROP TABLE step_${k - maxSteps};`);
      driver.run('DELETE FROM steps WHERE k = ?', [k - maxSteps]);
    }
  });
}

/** All checks, and that no acknowledged transaction is missing. Before the first one there may be no tables. */
export function checksFor(acknowledged: number): string[] {
  return acknowledged === 0
    ? checks.slice(0, 1)
    : [
        ...checks,
        `SELECT 'lost: acknowledged up to ${acknowledged}, found ' || coalesce(max(n), 0) FROM tx
          HAVING coalesce(max(n), 0) < ${acknowledged}`,
      ];
}

/** Faults found by our own driver, including the full-text index. */
export function findDamage(driver: SqlDriver, acknowledged: number): string[] {
  try {
    const found = checksFor(acknowledged).flatMap((sql) => driver.all(sql).map((row) => String(Object.values(row)[0])));
    if (acknowledged > 0) driver.run("INSERT INTO words (words) VALUES ('integrity-check')");
    return found;
  } catch (error) {
    return [`unreadable: ${(error as Error).message}`];
  }
}
