/** Counts for the diagnosis. */
import { earliestSession, latestPlausible } from '../../lib/plausible';
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
  /** Sessions dated after the present, and before there was a client. */
  future: number;
  ancient: number;
  /** Types of lines that nothing is known of, with the client's version and the number of lines; the most first. */
  unknownTypes: { type: string; version: string; lines: number }[];
}

/** Most types that are named. */
const maxTypes = 8;

export function readHealth(driver: SqlDriver, now: number): StoreHealth {
  let transcripts = 0;
  let transcriptsBalanced = 0;
  const types = new Map<string, number>();
  driver.each('SELECT ledger_json, kind FROM sources', [], ([json, kind]) => {
    const ledger = JSON.parse(json as string) as Ledger;
    for (const [type, lines] of Object.entries(ledger.unknownTypes ?? {}))
      types.set(type, (types.get(type) ?? 0) + lines);
    if (kind !== 'main') return;
    transcripts++;
    if (isBalanced(ledger)) transcriptsBalanced++;
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
    future: countFuture(driver, now),
    ancient: number(
      `SELECT count(*) AS n FROM sessions WHERE updated_at < ${earliestSession} AND prompts + observations > 0`,
    ),
    unknownTypes: [...types]
      .sort(([, a], [, b]) => b - a)
      .slice(0, maxTypes)
      .map(([key, lines]) => {
        const [type = '', version = ''] = key.split(' ');
        return { type, version, lines };
      }),
    freeBytes: (driver.get<{ freelist_count: number }>('PRAGMA freelist_count')?.freelist_count ?? 0) * 4096,
  };
}

/** Sessions dated after the present. */
export const countFuture = (driver: SqlDriver, now: number): number =>
  driver.get<{ n: number }>('SELECT count(*) AS n FROM sessions WHERE updated_at > ?', [latestPlausible(now)])?.n ?? 0;

function isBalanced({ bytesSeen, bytesStored, bytesSkipped }: Ledger): boolean {
  return bytesSeen === bytesStored + Object.values(bytesSkipped).reduce((sum, bytes) => sum + bytes, 0);
}
