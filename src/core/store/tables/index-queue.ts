/** Documents that the full-text index does not have yet, after a migration that emptied it. */
import type { SqlDriver } from '../sqlite/driver';

export interface IndexProgress {
  /** Documents in the index, of all. */
  done: number;
  total: number;
}

export function indexProgress(driver: SqlDriver): IndexProgress {
  const count = (table: string) => driver.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)?.n ?? 0;
  return { done: count('fulltext_docsize'), total: count('documents') };
}

/** Numbers of documents without an entry, the newest last. */
export function waitingDocuments(driver: SqlDriver): number[] {
  return driver
    .all<{ id: number }>('SELECT id FROM documents WHERE id NOT IN (SELECT docid FROM fulltext_docsize) ORDER BY id')
    .map(({ id }) => id);
}

/**
 * Indexes documents from the end of a list until the time is over, in one transaction; the rest of the list stays.
 */
export function indexSome(driver: SqlDriver, waiting: number[], isOver: () => boolean): void {
  driver.transaction(() => {
    do {
      const id = waiting.pop();
      if (id === undefined) return;
      // It may have been deleted, or replaced and indexed, since the list was made.
      driver.run(
        `INSERT INTO fulltext (docid, body) SELECT rowid, body FROM fulltext_source
          WHERE rowid = ?1 AND NOT EXISTS (SELECT 1 FROM fulltext_docsize WHERE docid = ?1)`,
        [id],
      );
    } while (!isOver());
  });
}
