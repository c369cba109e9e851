/** Single rows, short: for lists that name them. */
import type { SessionId } from '../../../protocol/model';
import { rowKeyOf } from '../../../protocol/row-key';
import type { LineRef, RowKey } from '../../../protocol/row-key';
import type { Row, SqlDriver } from '../sqlite/driver';

export interface Line {
  key: RowKey;
  uid: string;
  sessionId: SessionId;
  title: string;
  turn: number;
  text: string;
}

type LineRow = Row & Omit<Line, 'key'> & { row: number };

const textOf = { prompt: 'substr(r.content, 1, 500)', observation: 'substr(r.headline, 1, 500)' } as const;

const select = (kind: LineRef['kind']) =>
  `SELECT r.id AS row, r.uid, s.id AS sessionId, CASE WHEN s.title = '' THEN s.first_prompt ELSE s.title END AS title, r.turn,
    ${textOf[kind]} AS text FROM ${kind}s r JOIN sessions s ON s.no = r.session`;

export function lineOf(driver: SqlDriver, { kind, row }: LineRef): Line | undefined {
  const found = driver.get<LineRow>(`${select(kind)} WHERE r.id = ?`, [row]);
  return found && shown(kind, found);
}

/** Rows that are still there, by uid. */
export function linesByUid(driver: SqlDriver, uids: readonly string[]): Map<string, Line> {
  const lines = (['prompt', 'observation'] as const).flatMap((kind) =>
    driver
      .all<LineRow>(`${select(kind)} WHERE r.uid IN (SELECT value FROM json_each(?))`, [JSON.stringify(uids)])
      .map((row) => shown(kind, row)),
  );
  return new Map(lines.map((line) => [line.uid, line]));
}

const shown = (kind: LineRef['kind'], { row, ...line }: LineRow): Line => ({
  ...(line as Omit<Line, 'key'>),
  key: rowKeyOf({ kind, row }),
});
