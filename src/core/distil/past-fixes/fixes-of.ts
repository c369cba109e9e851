/** Which errors of a session were fixed, and by which edits. */
import { fileName } from '../../../protocol/paths';
import type { CallLine, SessionLine } from '../../store/tables/session-lines';
import { pairChecks } from '../reading/outcomes';
import type { RedGreen } from '../reading/outcomes';
import { isTelling, sameMessage } from './error-message';
import { errorsIn } from './errors-in';
import type { FoundError } from './errors-in';

export interface FixedError {
  error: FoundError;
  red: CallLine;
  green: CallLine;
  edits: CallLine[];
}

/** With more edits between red and green it was new work. */
const maxEdits = 20;
/** So many edits fix an error that they do not name. */
const fewEdits = 2;
/** Edits shown of one fix. */
const maxShown = 4;
const maxFixes = 300;

/** The newest are kept. An error that no edit can be told to have fixed is left out. */
export function fixesOf(lines: readonly SessionLine[]): FixedError[] {
  return pairChecks(lines)
    .filter(({ isFlaky, edits }) => !isFlaky && edits.length > 0 && edits.length <= maxEdits)
    .flatMap(fixedIn)
    .slice(-maxFixes);
}

function fixedIn({ red, green, edits }: RedGreen): FixedError[] {
  const still = errorsIn(green.output);
  return errorsIn(red.output).flatMap((error): FixedError[] => {
    if (still.some((other) => sameMessage(error, other))) return [];
    const own = editsFor(error, edits);
    return own.length === 0 ? [] : [{ error, red, green, edits: own.slice(-maxShown) }];
  });
}

/** Those that name what the error names, else those in its file, else all when they are few. */
function editsFor({ file, names }: FoundError, edits: readonly CallLine[]): CallLine[] {
  const wanted = names.filter(isTelling);
  const naming = edits.filter(({ diffs }) =>
    diffs.some(({ before, after }) => wanted.some((name) => before.includes(name) !== after.includes(name))),
  );
  const inFile =
    file === '' ? [] : edits.filter(({ files }) => files.some((each) => fileName(each) === fileName(file)));
  const both = naming.filter((edit) => inFile.includes(edit));
  if (both.length > 0) return both;
  if (inFile.length > 0 && inFile.length <= maxShown) return inFile;
  if (naming.length > 0 && naming.length <= maxShown) return naming;
  return edits.length <= fewEdits ? [...edits] : [];
}
