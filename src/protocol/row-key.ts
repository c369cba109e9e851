/** How a memory is named between processes and in pages: `p12`, `o34`, `l<id>`, `s<id>`. Written and read here only. */
import type { SessionId } from './model';

/**
 * Names a memory. What comes from outside is a plain string until `parseRowKey` has read it. A form rather than a brand:
 * the compiler refuses any other string, and a literal in a test needs no cast.
 */
export type RowKey = `p${number}` | `o${number}` | `l${string}` | `s${SessionId}`;

/** A message or a tool call by its row, which a rebuild changes; a learning or a session by its id. */
export type RowRef = LineRef | { kind: 'learning'; id: string } | { kind: 'session'; id: SessionId };
/** What a transcript line became. */
export interface LineRef {
  kind: 'prompt' | 'observation';
  row: number;
}

const letters = { prompt: 'p', observation: 'o', learning: 'l', session: 's' } as const;

export const rowKeyOf = (ref: RowRef): RowKey => `${letters[ref.kind]}${'row' in ref ? ref.row : ref.id}` as RowKey;

/** Undefined for what is no key. */
export function parseRowKey(key: string): RowRef | undefined {
  const name = key.slice(1);
  switch (key[0]) {
    case letters.prompt:
      return /^\d+$/.test(name) ? { kind: 'prompt', row: Number(name) } : undefined;
    case letters.observation:
      return /^\d+$/.test(name) ? { kind: 'observation', row: Number(name) } : undefined;
    case letters.learning:
      return name === '' ? undefined : { kind: 'learning', id: name };
    case letters.session:
      return name === '' ? undefined : { kind: 'session', id: name };
    default:
      return undefined;
  }
}

/** The same, where only a message or a tool call will do. */
export function parseLineKey(key: string): LineRef | undefined {
  const ref = parseRowKey(key);
  return ref && 'row' in ref ? ref : undefined;
}

/** Whether it names a message, a tool call or a learning: one text, which a session is not. */
export function isMemoryKey(key: string): boolean {
  const kind = parseRowKey(key)?.kind;
  return kind !== undefined && kind !== 'session';
}
