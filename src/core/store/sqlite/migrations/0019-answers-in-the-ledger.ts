import type { Migration } from '../migrate';

/** The ledger also takes calls that answer a question. A check cannot be changed: the table is written anew, row by row. */
export const answersInTheLedger: Migration = {
  version: 19,
  derived: [],
  precious: [],
  up(driver) {
    const made = driver.get<{ sql: string }>(
      "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'model_calls'",
    );
    const indexes = driver.all<{ sql: string }>(
      "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'model_calls' AND sql IS NOT NULL",
    );
    driver.exec('ALTER TABLE model_calls RENAME TO model_calls_before');
    for (const { name } of driver.all<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'model_calls_before' AND sql IS NOT NULL",
    ))
      driver.exec(`DROP INDEX ${name}`);
    driver.exec((made?.sql ?? '').replace("('summary', 'learning')", "('summary', 'learning', 'answer')"));
    driver.exec('INSERT INTO model_calls SELECT * FROM model_calls_before');
    driver.exec('DROP TABLE model_calls_before');
    for (const { sql } of indexes) driver.exec(sql);
  },
};
