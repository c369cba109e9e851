/** Files in which Claude Code remembers by itself, as they are shown here. */
import type { RowKey } from './row-key';

/**
 * What a file of Claude Code's own memory is. `instructions`: CLAUDE.md and what it imports; `rule`: of a rules folder;
 * `index` and `fact`: of its automatic memory.
 */
export type NoteKind = 'instructions' | 'rule' | 'index' | 'fact';

/** A place in a file of Claude Code's own memory. */
export interface NotePlace {
  key: RowKey;
  file: string;
  line: number;
}

/** Such a file on the disk. */
export interface NoteSource extends NotePlace {
  path: string;
}
