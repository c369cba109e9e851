/**
 * Keys of memories between processes and in pages: `p12`, `o34`, `l<id>`, `s<id>`, `n56`. Only this file writes and parses
 * them.
 */
import type { SessionId } from './model';

/**
 * Key of a memory. Input from outside is a plain string until `parseRowKey` has parsed it. A template type and not a
 * brand: the compiler rejects other strings, and a literal needs no cast.
 */
export type RowKey = `p${number}` | `o${number}` | `l${string}` | `s${SessionId}` | `n${number}`;

/** A message, a tool call or a note by its row number, which a rebuild changes; a learning or a session by its id. */
export type RowRef = LineRef | NoteRef | { kind: 'learning'; id: string } | { kind: 'session'; id: SessionId };
/** A row made from a transcript line: a message or a tool call. */
export interface LineRef {
  kind: 'prompt' | 'observation';
  row: number;
}

interface NoteRef {
  kind: 'note';
  row: number;
}

const letters = { prompt: 'p', observation: 'o', learning: 'l', session: 's', note: 'n' } as const;

export const rowKeyOf = (ref: RowRef): RowKey => `${letters[ref.kind]}${'row' in ref ? ref.row : ref.id}` as RowKey;

/** Undefined when the text is not a key. */
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
    case letters.note:
      return /^\d+$/.test(name) ? { kind: 'note', row: Number(name) } : undefined;
    default:
      return undefined;
  }
}

/** The same for keys of messages and tool calls only. */
export function parseLineKey(key: string): LineRef | undefined {
  const ref = parseRowKey(key);
  return ref?.kind === 'prompt' || ref?.kind === 'observation' ? ref : undefined;
}
