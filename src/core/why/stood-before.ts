/**
 * Whether lines that an edit put in had been seen by its session before: in a file that it read, or in what it took out of
 * another file. Then the edit moved or copied them, and who wrote them is not known.
 */
import type { SqlDriver } from '../store/sqlite/driver';
import { seenAround } from '../store/tables/edit-marks';
import type { EditCall } from '../store/tables/edit-marks';
import { formOf, tellingOf } from './line-forms';

/** Turns before the edit that are looked at. */
const turnsBack = 3;
/** Numbers before the lines of a file that was read. */
const lineNumber = /^\s{0,8}\d{1,7}(?:→|\t|:|-)/;

/**
 * Of the lines `near`, which an edit put in one below the other, those that stood elsewhere, when two of them stood one
 * below the other there too: a line alone may be the same by chance.
 */
export function stoodBefore(
  driver: SqlDriver,
  call: EditCall,
  near: readonly string[],
  isOwn: (file: string) => boolean,
): ReadonlySet<string> {
  const said = near.filter((line) => formOf(line) !== '');
  const wanted = new Set(said.filter((line) => tellingOf(line) > 0).map(formOf));
  if (wanted.size === 0) return new Set();
  const { outputs, diffs } = seenAround(driver, call, turnsBack);
  const seen = new Set<string>();
  let isCarrying = false;
  const follows = new Set(
    said.slice(1).flatMap((line, at) => (areTelling(said[at]!, line) ? [pairOf(said[at]!, line)] : [])),
  );
  const look = (lines: readonly string[]) => {
    let last = '';
    for (const line of lines) {
      const form = formOf(line);
      if (form === '') continue;
      if (wanted.has(form)) seen.add(form);
      isCarrying ||= follows.has(pairOf(last, line));
      last = line;
    }
  };
  for (const output of outputs) look(output.split('\n').map((line) => line.replace(lineNumber, '')));
  for (const { file, before, after } of diffs) {
    // What was moved within its file is known from replaying it.
    if (before === '' || isOwn(file)) continue;
    const kept = new Set(after.split('\n').map(formOf));
    look(before.split('\n').filter((line) => !kept.has(formOf(line))));
  }
  return isCarrying ? seen : new Set();
}

const pairOf = (line: string, next: string): string => `${formOf(line)}\n${formOf(next)}`;

/** Two lines that are not the same elsewhere by chance. */
const areTelling = (line: string, next: string): boolean => tellingOf(line) + tellingOf(next) > 1;
