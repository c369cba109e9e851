/** The text a search for similar things starts from: of a row, a learning or a session. */
import { MemoryError } from '../../../protocol/errors';
import { parseRowKey } from '../../../protocol/row-key';
import type { SqlDriver } from '../sqlite/driver';
import { documentKinds, documentText, noSession } from './documents';
import type { DocumentKind } from './documents';

export interface Likeness {
  kind: DocumentKind;
  row: number;
  /** Row number of its session; `noSession` for a learning or a note. */
  session: number;
  text: string;
}

/** Length of the text that is made of a session's prompts, in characters. */
const maxTextLength = 8000;

/** @throws MemoryError `invalid_input` when `key` is not a key, `not_found` */
export function readLikeness(driver: SqlDriver, key: string): Likeness {
  const ref = parseRowKey(key);
  if (!ref) throw new MemoryError('invalid_input', 'This is not the key of a memory.');
  if (ref.kind === 'session')
    return wholeSession(driver, driver.get<{ no: number }>('SELECT no FROM sessions WHERE id = ?', [ref.id])?.no);
  if (ref.kind === 'learning') {
    const no = driver.get<{ no: number }>(
      "SELECT no FROM learnings WHERE id = ? AND deleted_at IS NULL AND state = 'accepted'",
      [ref.id],
    )?.no;
    return {
      kind: documentKinds.learning,
      row: found(no),
      session: noSession,
      text: documentText(driver, documentKinds.learning, found(no)),
    };
  }
  if (ref.kind === 'note') {
    const no = found(driver.get<{ no: number }>('SELECT no FROM notes WHERE no = ?', [ref.row])?.no);
    const text = documentText(driver, documentKinds.note, no).slice(0, maxTextLength);
    return { kind: documentKinds.note, row: no, session: noSession, text };
  }
  const { row } = ref;
  const kind = documentKinds[ref.kind];
  const session = found(
    driver.get<{ session: number }>(`SELECT session FROM ${ref.kind}s WHERE id = ?`, [row])?.session,
  );
  return { kind, row, session, text: documentText(driver, kind, row) };
}

function wholeSession(driver: SqlDriver, no: number | undefined): Likeness {
  const session = found(no);
  const title = driver.get<{ title: string }>('SELECT title FROM sessions WHERE no = ?', [session])?.title ?? '';
  const prompts = driver.all<{ content: string }>(
    "SELECT content FROM prompts WHERE session = ? AND prompt_type = 'user' AND note = '' ORDER BY sequence_num LIMIT 20",
    [session],
  );
  return {
    kind: documentKinds.session,
    row: session,
    session,
    text: [title, ...prompts.map(({ content }) => content)].join('\n').slice(0, maxTextLength),
  };
}

function found(no: number | undefined): number {
  if (no === undefined) throw new MemoryError('not_found', 'This memory is no longer there.');
  return no;
}
