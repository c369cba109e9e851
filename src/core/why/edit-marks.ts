/** What is kept of a session's edits, so that files and lines are found again without reading every row. */
import type { FileDiff } from '../../protocol/model';
import { fileName } from '../../protocol/paths';
import type { NameKey } from '../lib/keyed-name';
import type { SqlDriver } from '../store/sqlite/driver';
import { replaceEditMarks } from '../store/tables/edit-marks';
import { formOf, tellingOf } from './line-forms';

interface MarkedCall {
  /** Number of the row. */
  row: number;
  diffs: readonly FileDiff[];
}

/** A session with more lines than this is found by the first ones. */
const maxLines = 100_000;

export const fileMark = (names: NameKey, file: string): number =>
  markOf(names, `file ${fileName(file).normalize('NFC').toLowerCase()}`);
export const lineMark = (names: NameKey, line: string): number => markOf(names, `line ${formOf(line)}`);

const markOf = (names: NameKey, name: string): number => Buffer.from(names.of(name), 'base64url').readUInt32LE(0);

/** Replaces what is known of a session. Doing it twice changes nothing. */
export function updateEditMarks(
  { driver, names }: { driver: SqlDriver; names: NameKey },
  { no, lastSequence }: { no: number; lastSequence: number },
  calls: readonly MarkedCall[],
): void {
  const files: number[] = [];
  const lines: number[] = [];
  for (const { row, diffs } of calls) {
    for (const file of new Set(diffs.map((diff) => fileName(diff.file)))) files.push(fileMark(names, file), row);
    for (const line of new Set(diffs.flatMap(linesPutIn)))
      if (lines.length < 2 * maxLines) lines.push(lineMark(names, line), row);
  }
  replaceEditMarks(driver, no, lastSequence, Uint32Array.from(files), Uint32Array.from(lines));
}

function linesPutIn({ before, after }: FileDiff): string[] {
  const old = new Set(before.split('\n').map(formOf));
  return after.split('\n').filter((line) => tellingOf(line) > 0 && !old.has(formOf(line)));
}
