/** Counts for the diagnosis. */
import type { SqlDriver } from '../sqlite/driver';
import type { Ledger } from './sources';

export interface StoreHealth {
  /** Known main transcripts, and those of them whose ledger balances. */
  transcripts: number;
  transcriptsBalanced: number;
  /** Sessions whose transcripts are all gone. */
  onlyHere: number;
  /** Rows that should be in the index, and those that are. */
  rows: number;
  documents: number;
  freeBytes: number;
}

export function readHealth(driver: SqlDriver): StoreHealth {
  let transcripts = 0;
  let transcriptsBalanced = 0;
  driver.each("SELECT ledger_json FROM sources WHERE kind = 'main'", [], ([json]) => {
    transcripts++;
    if (isBalanced(json as string)) transcriptsBalanced++;
  });
  const number = (sql: string) => driver.get<{ n: number }>(sql)?.n ?? 0;
  return {
    transcripts,
    transcriptsBalanced,
    onlyHere: number("SELECT count(*) AS n FROM sessions WHERE status = 'archived'"),
    rows: number('SELECT (SELECT count(*) FROM prompts) + (SELECT count(*) FROM observations) AS n'),
    documents: number(
      'SELECT count(*) AS n FROM documents WHERE kind < 2 AND id IN (SELECT docid FROM fulltext_docsize)',
    ),
    freeBytes: (driver.get<{ freelist_count: number }>('PRAGMA freelist_count')?.freelist_count ?? 0) * 4096,
  };
}

function isBalanced(json: string): boolean {
  const { bytesSeen, bytesStored, bytesSkipped } = JSON.parse(json) as Ledger;
  return bytesSeen === bytesStored + Object.values(bytesSkipped).reduce((sum, bytes) => sum + bytes, 0);
}
