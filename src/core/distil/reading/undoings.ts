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
const linesByText = new Map<string, ReadonlySet<string>>();
const maxKnown = 400;
function linesIn(text: string): ReadonlySet<string> {
  const found = linesByText.get(text);
  if (found) return found;
  const lines = new Set(wordsOf(text));
  if (linesByText.size >= maxKnown) linesByText.clear();
  linesByText.set(text, lines);
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

/**
 * So many edits are asked about, the last ones, and so many later edits of a file are compared with them: further ones
 * have other reasons, and a session may have thousands of both.
 */
export const maxCompared = 40;

/** Those of the later lines that undo one of the edits, in order. */
export function undoingsAmong(later: readonly SessionLine[], edits: readonly CallLine[]): Undoing[] {
  const asked = edits.slice(-maxCompared);
  const changes = changesOf(asked);
  const found: Undoing[] = [];
  let isCommitted = false;
  for (const line of later) {
    if (line.kind !== 'call') continue;
    if (isEdit(line) && takesBack(line, changes)) {
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
      throwsAway(line.input, asked)
    )
      found.push({ line, how: 'thrownAway' });
  }
  return found;
}

/** What edits did to one file: the lines that each put in and took out. */
interface FileChanges {
  edits: { put: string[]; taken: string[] }[];
  compared: number;
}

function changesOf(edits: readonly CallLine[]): Map<string, FileChanges> {
  const changes = new Map<string, FileChanges>();
  for (const { file, before, after } of edits.flatMap(({ diffs }) => diffs)) {
    const [was, is] = [linesIn(before), linesIn(after)];
    const put = [...is].filter((line) => !was.has(line));
    if (put.join('').length < tellingLetters) continue;
    const change = { put, taken: [...was].filter((line) => !is.has(line)) };
    const known = changes.get(file);
    if (known) known.edits.push(change);
    else changes.set(file, { edits: [change], compared: 0 });
  }
  return changes;
}

/** True when an edit puts back what one of the others removed, and removes what that one added. */
function takesBack({ diffs }: CallLine, changes: ReadonlyMap<string, FileChanges>): boolean {
  const files = new Set(diffs.flatMap(({ file }) => changes.get(file) ?? []));
  for (const each of files) each.compared++;
  return diffs.some((back) => {
    const of = changes.get(back.file);
    if (!of || of.compared > maxCompared || back.after === '') return false;
    const [old, now] = [linesIn(back.before), linesIn(back.after)];
    return of.edits.some(
      ({ put, taken }) =>
        put.filter((line) => old.has(line) && !now.has(line)).length >= Math.ceil(put.length * 0.8) &&
        (taken.length === 0
          ? now.size < old.size
          : taken.filter((line) => now.has(line)).length >= Math.ceil(taken.length * 0.8)),
    );
  });
}

/** True when the command discards these files by name, or everything. */
function throwsAway(command: string, edits: readonly CallLine[]): boolean {
  if (/reset\s+--hard|stash|(?:checkout|restore)\s+(?:--\s+)?\.(?=\s|$)/.test(command)) return true;
  return edits.some(({ diffs }) => diffs.some(({ file }) => command.includes(fileName(file))));
}
