/** Reads what was clicked in a page: the editor passes on the page's `data-vscode-context`. */
import * as z from 'zod/mini';
import { MemoryError } from '../../protocol/errors';
import { isMemoryKey, rowKeyOf } from '../../protocol/row-key';
import type { Reader } from '../page/surface';

/** Key of a message, a tool call or a learning. */
const key = z.string().check(z.maxLength(200), z.refine(isMemoryKey));
const place = z.object({
  sessionId: z.string().check(z.regex(/^[\w.:-]{1,200}$/)),
  key: z.exactOptional(key),
  turn: z.exactOptional(z.int().check(z.gte(0))),
});
const row = z.union([z.object({ key }), z.object({ learningId: z.string().check(z.minLength(1), z.maxLength(199)) })]);

/** A session, and the place in it if there is one. */
export function clickedPlace(clicked: unknown): Reader {
  const result = z.safeParse(place, clicked);
  if (!result.success) throw new MemoryError('invalid_input', 'sessionId');
  return result.data;
}

/** The key of a row or of a learning. */
export function clickedKey(clicked: unknown): string {
  const result = z.safeParse(row, clicked);
  if (!result.success) throw new MemoryError('invalid_input', 'key');
  return 'key' in result.data ? result.data.key : rowKeyOf({ kind: 'learning', id: result.data.learningId });
}
