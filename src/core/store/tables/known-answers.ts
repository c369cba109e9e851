/** Texts that are known to belong to one session: queries to measure search with. */
import { titleRanks } from '../../transcript/schema';
import type { SqlDriver } from '../sqlite/driver';
import { documentKinds } from './documents';

/** Titles that a person or a model gave (not first prompts), newest first. */
export function titlesOfSessions(
  driver: SqlDriver,
  most: number,
): { title: string; session: number; document: number }[] {
  return driver.all(
    `SELECT s.title, s.no AS session, d.id AS document FROM sessions s
      JOIN documents d ON d.kind = ${documentKinds.session} AND d.row_id = s.no
     WHERE s.title_rank > ${titleRanks.prompt} AND s.prompts + s.observations > 0 ORDER BY s.updated_at DESC LIMIT ?`,
    [most],
  );
}

/** Summaries that the client wrote when a session's context was full, newest first. */
export function summariesOfSessions(
  driver: SqlDriver,
  most: number,
): { text: string; session: number; document: number }[] {
  return driver.all(
    `SELECT substr(p.content, 1, 6000) AS text, p.session, d.id AS document FROM documents d JOIN prompts p ON p.id = d.row_id
     WHERE d.kind = ${documentKinds.prompt} AND d.tool = 'compact_summary' ORDER BY d.id DESC LIMIT ?`,
    [most],
  );
}

/** Sessions that edited one of the files before `at` and were active around it. */
export function editorsOf(driver: SqlDriver, files: readonly string[], at: number, aroundMs: number): number[] {
  return driver
    .all<{ session: number }>(
      `SELECT DISTINCT o.session FROM sessions s JOIN observations o ON o.session = s.no
       WHERE s.created_at <= ?1 AND s.updated_at >= ?1 - ?2 AND o.created_at <= ?1
         AND o.source_tool IN ('Edit', 'MultiEdit', 'Write', 'NotebookEdit')
         AND EXISTS (SELECT 1 FROM json_each(o.files_json) f WHERE f.value IN (SELECT value FROM json_each(?3)))`,
      [at, aroundMs, JSON.stringify(files)],
    )
    .map(({ session }) => session);
}

/** Documents of a session that contain a text literally. */
export function documentsSaying(driver: SqlDriver, session: number, text: string): number[] {
  return driver
    .all<{ id: number }>(
      `SELECT d.id FROM documents d JOIN prompts p ON d.kind = ${documentKinds.prompt} AND p.id = d.row_id
        WHERE d.session = ?1 AND instr(p.content, ?2) > 0
       UNION ALL SELECT d.id FROM documents d JOIN observations o ON d.kind = ${documentKinds.observation}
         AND o.id = d.row_id WHERE d.session = ?1 AND (instr(o.input, ?2) > 0 OR instr(o.content, ?2) > 0)`,
      [session, text],
    )
    .map(({ id }) => id);
}
