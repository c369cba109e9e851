/** The text a search for similar things starts from: of a row, a learning or a session. */
import { MemoryError } from '../../../protocol/errors';
import type { SqlDriver } from '../sqlite/driver';
import { documentKinds, documentText } from './documents';
import type { DocumentKind } from './documents';

export interface Likeness {
  kind: DocumentKind;
  row: number;
  /** Row number of its session; 0 for a learning. */
  session: number;
  text: string;
}

/** Length of the text that is made of a session's prompts, in characters. */
const maxTextLength = 8000;

/** @throws MemoryError `invalid_input` when `key` is not a key, `not_found` */
export function readLikeness(driver: SqlDriver, key: string): Likeness {
  const [sort, name] = [key.slice(0, 1), key.slice(1)];
  if (sort === 's')
    return wholeSession(driver, driver.get<{ no: number }>('SELECT no FROM sessions WHERE id = ?', [name])?.no);
  if (sort === 'l') {
    const no = driver.get<{ no: number }>(
      "SELECT no FROM learnings WHERE id = ? AND deleted_at IS NULL AND state = 'accepted'",
      [name],
    )?.no;
    return {
      kind: documentKinds.learning,
      row: found(no),
      session: 0,
      text: documentText(driver, documentKinds.learning, found(no)),
    };
  }
  if (!/^[po]\d+$/.test(key)) throw new MemoryError('invalid_input', 'This is not the key of a memory.');
  const row = Number(name);
  const kind = sort === 'p' ? documentKinds.prompt : documentKinds.observation;
  const session = found(
    driver.get<{ session: number }>(`SELECT session FROM ${sort === 'p' ? 'prompts' : 'observations'} WHERE id = ?`, [
      row,
    ])?.session,
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
