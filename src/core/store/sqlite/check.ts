/** Checks whether a database is whole: pages, indexes, references and rows. */
import type { SqlDriver } from './driver';

export interface CheckResult {
  /** SQLite's messages, without content; empty when all is well. Some dozens at most. */
  problems: string[];
  /** Rows by table. */
  rows: Record<string, number>;
}

const maxProblems = 20;
/**
 * Tables of the full-text index: checking them would tokenize every text again. Their pages are checked all the same.
 */
const unread = /fts4|fulltext_tokens|plain_text/i;

/** Takes seconds for a large database, so it must not run in the keeper's thread. */
export function checkDatabase(driver: SqlDriver): CheckResult {
  const problems: string[] = [];
  try {
    refuseTokens(driver);
    for (const { integrity_check: line } of driver.all<{ integrity_check: string }>(
      `PRAGMA integrity_check(${maxProblems})`,
    )) {
      for (const part of line.split('\n'))
        if (part !== 'ok' && !unread.test(part) && !part.startsWith('*** in database')) problems.push(part);
    }
    for (const { table } of driver.all<{ table: string }>('PRAGMA foreign_key_check').slice(0, maxProblems))
      problems.push(`a row of ${table} refers to one that is not there`);
    return { problems, rows: problems.length === 0 ? countRows(driver) : {} };
  } catch (error) {
    return { problems: [...problems, error instanceof Error ? error.message : String(error)], rows: {} };
  }
}

function countRows(driver: SqlDriver): Record<string, number> {
  const tables = driver.all<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'fulltext%' ORDER BY name",
  );
  return Object.fromEntries(
    tables.map(({ name }) => [name, driver.get<{ n: number }>(`SELECT count(*) AS n FROM "${name}"`)?.n ?? 0]),
  );
}

/** Stops the index's own check at its first text, instead of tokenizing all of them. */
function refuseTokens(driver: SqlDriver): void {
  for (const name of ['fulltext_tokens', 'plain_text']) {
    driver.define(name, () => {
      throw new Error('fulltext_tokens is not read here');
    });
  }
}
