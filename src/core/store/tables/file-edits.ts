/** Which calls changed a file. Sessions name the files they touched, so only rows of those are looked at. */
import type { FileDiff, FileEdit, ObservationType, SessionId } from '../../../protocol/model';
import { endsWithPath, fileName } from '../../../protocol/paths';
import { rowKeyOf } from '../../../protocol/row-key';
import type { Row, SqlDriver, SqlValue } from '../sqlite/driver';
import { hasWord, wordPattern } from '../sqlite/word-in';

/** Sessions with a file of that name, and edits of one session, so that a common name does not hold the keeper up. */
const maxCandidates = 100;
const maxEdits = 30;

interface SessionRow extends Row {
  no: number;
  id: SessionId;
  title: string;
}

interface EditRow extends Row {
  id: number;
  turn: number;
  created_at: number;
  source_tool: string;
  observation_type: ObservationType;
  diffs_json: string;
}

/** The latest sessions first, at most `most` of them; in each the latest edit first. */
export function editsOfFile(
  driver: SqlDriver,
  { file, line }: { file: string; line?: string },
  projectIds: readonly number[] | undefined,
  most: number,
): FileEdit[] {
  // Lists of files are JSON: a name at the end of a path is followed by a quote.
  const pattern = wordPattern(JSON.stringify(fileName(file)).slice(1));
  const sessions = driver.all<SessionRow>(
    `SELECT no, id, CASE WHEN title = '' THEN first_prompt ELSE title END AS title FROM sessions
      WHERE status <> 'deleted' AND ${hasWord('files_json', '?1')}
        ${projectIds ? 'AND project_id IN (SELECT value FROM json_each(?2))' : ''}
      ORDER BY updated_at DESC, no DESC LIMIT ${maxCandidates}`,
    [pattern, ...(projectIds ? [JSON.stringify(projectIds)] : [])],
  );
  const edits: FileEdit[] = [];
  let found = 0;
  for (const session of sessions) {
    if (found === most) break;
    const own = editsIn(driver, session, file, line, pattern);
    if (own.length > 0) found++;
    edits.push(...own);
  }
  return edits;
}

function editsIn(
  driver: SqlDriver,
  { no, id: sessionId, title }: SessionRow,
  file: string,
  line: string | undefined,
  pattern: SqlValue,
): FileEdit[] {
  return driver
    .all<EditRow>(
      `SELECT id, turn, created_at, source_tool, observation_type, diffs_json FROM observations
        WHERE session = ?1 AND diffs_json <> '[]' AND ${hasWord('files_json', '?2')}
        ORDER BY turn DESC, sequence_num DESC LIMIT ${maxEdits}`,
      [no, pattern],
    )
    .flatMap((row): FileEdit[] => {
      const diffs = (JSON.parse(row.diffs_json) as FileDiff[]).filter((diff) => endsWithPath(diff.file, file));
      if (diffs.length === 0) return [];
      return [
        {
          key: rowKeyOf({ kind: 'observation', row: row.id }),
          sessionId,
          title,
          turn: row.turn,
          at: row.created_at,
          tool: row.source_tool,
          type: row.observation_type,
          ...(line !== undefined && diffs.some((diff) => wrote(diff, line)) && { wroteLine: true as const }),
        },
      ];
    });
}

/** The line is in the text after the edit, and was not in it before. Indentation does not count. */
function wrote({ before, after }: FileDiff, line: string): boolean {
  const wanted = line.trim();
  const has = (text: string) => text.split(/\r?\n/).some((each) => each.trim() === wanted);
  return has(after) && !has(before);
}
