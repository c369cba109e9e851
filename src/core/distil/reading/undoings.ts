/** Finds out whether edits were undone, by another edit or by git. */
import { fileName } from '../../../protocol/paths';
import { regex } from '../../lib/regex';
import type { CallLine, SessionLine } from '../../store/tables/session-lines';
import { isEdit } from './outcomes';

/** Of longer text, e.g. a whole file, only this much is compared. */
const maxText = 40_000;
const wordsOf = (text: string): string[] =>
  text
    .slice(0, maxText)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /\p{L}{3}/u.test(line));
/** Lines by text, cached because the edits of a file are compared with each other many times. */
const known = new Map<string, ReadonlySet<string>>();
const maxKnown = 400;
function linesIn(text: string): ReadonlySet<string> {
  const found = known.get(text);
  if (found) return found;
  const lines = new Set(wordsOf(text));
  if (known.size >= maxKnown) known.clear();
  known.set(text, lines);
  return lines;
}
/** Shorter lines are too common to prove anything. */
const tellingLetters = 16;

const committing = /\bgit\s+commit\b/;
const throwing = regex()`
  \bgit\s+(?:checkout\s+(?:HEAD\s+|[0-9a-f]{7,40}\s+)?(?:--\s+|\.(?=\s|$))|restore\s+(?!--staged)|
  reset\s+--hard|stash(?:\s+push|\s*$|\s*&&|\s+-)|revert\s+|clean\s+-\w*f)
`;

/** True for a commit or a command that discards changes. */
export const touchesTree = ({ input }: CallLine): boolean =>
  input.length < 20_000 && (committing.test(input) || throwing.test(input));

/** A line that undoes edits, by an edit of its own or by a command that discards them. */
export interface Undoing {
  line: CallLine;
  how: 'editedBack' | 'thrownAway';
}

/** Those of the later lines that undo one of the edits, in order. */
export function undoingsAmong(later: readonly SessionLine[], edits: readonly CallLine[]): Undoing[] {
  const found: Undoing[] = [];
  let isCommitted = false;
  for (const line of later) {
    if (line.kind !== 'call') continue;
    if (isEdit(line) && edits.some((edit) => takesBack(line, edit))) {
      found.push({ line, how: 'editedBack' });
      continue;
    }
    if (line.type === 'error') continue;
    // Committed changes are not lost by checking out another state.
    if (committing.test(line.input)) isCommitted = true;
    if (
      !isCommitted &&
      line.input.length < 20_000 &&
      throwing.test(line.input) &&
      !/\bstash\s+pop\b/.test(line.input) &&
      throwsAway(line.input, edits)
    )
      found.push({ line, how: 'thrownAway' });
  }
  return found;
}

/** True when an edit puts back what the other removed, and removes what it added. */
function takesBack(later: CallLine, earlier: CallLine): boolean {
  return later.diffs.some((back) =>
    earlier.diffs.some(({ file, before, after }) => {
      if (file !== back.file || back.after === '') return false;
      const [was, is] = [linesIn(before), linesIn(after)];
      const put = [...is].filter((line) => !was.has(line));
      const taken = [...was].filter((line) => !is.has(line));
      if (put.join('').length < tellingLetters) return false;
      const [old, now] = [linesIn(back.before), linesIn(back.after)];
      const isOut = put.filter((line) => old.has(line) && !now.has(line)).length >= Math.ceil(put.length * 0.8);
      return (
        isOut &&
        (taken.length === 0
          ? now.size < old.size
          : taken.filter((line) => now.has(line)).length >= Math.ceil(taken.length * 0.8))
      );
    }),
  );
}

/** True when the command discards these files by name, or everything. */
function throwsAway(command: string, edits: readonly CallLine[]): boolean {
  if (/reset\s+--hard|stash|(?:checkout|restore)\s+(?:--\s+)?\.(?=\s|$)/.test(command)) return true;
  return edits.some(({ diffs }) => diffs.some(({ file }) => command.includes(fileName(file))));
}
