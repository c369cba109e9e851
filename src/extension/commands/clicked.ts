/** Reads what was clicked in a page: the editor passes on the page's `data-vscode-context`. */
import * as z from 'zod/mini';
import { MemoryError } from '../../protocol/errors';
import { rowKey, sessionId, turn } from '../../protocol/questions/schemas';
import { parseLineKey, rowKeyOf } from '../../protocol/row-key';
import type { Reader } from '../page/surface';

const place = z.object({ sessionId, key: z.exactOptional(rowKey), turn: z.exactOptional(turn) });
const row = z.object({ key: rowKey });

/** A session, and the place in it if there is one: a hit for a whole session has a key, but no line. */
export function clickedPlace(clicked: unknown): Reader {
  const result = z.safeParse(place, clicked);
  if (!result.success) throw new MemoryError('invalid_input', 'sessionId');
  const { key, ...session } = result.data;
  return key !== undefined && parseLineKey(key) ? { ...session, key } : session;
}

/** The row, the learning or the session that was clicked; a card of a session has its id only. */
export function clickedTarget(clicked: unknown): string {
  const result = z.safeParse(
    z.object({ key: z.exactOptional(rowKey), sessionId: z.exactOptional(sessionId) }),
    clicked,
  );
  const { key, sessionId: id } = result.success ? result.data : {};
  if (key !== undefined) return key;
  if (id === undefined) throw new MemoryError('invalid_input', 'key');
  return rowKeyOf({ kind: 'session', id });
}

/** The key of a row, a learning or a session. */
export function clickedKey(clicked: unknown): string {
  const result = z.safeParse(row, clicked);
  if (!result.success) throw new MemoryError('invalid_input', 'key');
  return result.data.key;
}
