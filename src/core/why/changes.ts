/** Calls of sessions as changes of one file, and the file replayed from them. */
import { endsWithPath, pathInside, pathParts, withoutWorktree } from '../../protocol/paths';
import type { EditCall } from '../store/tables/edit-marks';
import { ReplayedFile } from './replay';
import type { Change } from './replay';

/** A change with the call that made it. */
export interface MadeChange extends Change {
  call: EditCall;
  /** Number of the diff in its call. */
  index: number;
  /** As the call named it. */
  file: string;
}

export interface History {
  changes: readonly MadeChange[];
  replayed: ReplayedFile;
  /** For each change, how many lines with text it put in. */
  put: readonly number[];
}

const created = /^(?:file )?created|^new file/i;

/** Names of a file from the roots of projects it may belong to, wherever its worktree is. */
export const namesFrom = (roots: readonly string[], file: string): string[] => {
  const inside = roots.flatMap((root) => pathInside(root, file) ?? []);
  return [...new Set([...inside, ...(inside.length === 0 ? [file] : [])].map(nameOf))];
};

const nameOf = (file: string): string => withoutWorktree(file).replaceAll('\\', '/').normalize('NFC');

/** The name of a changed file from the root of its session's project; as it was written when it is outside. */
export const changedName = ({ root }: EditCall, file: string): string => nameOf(pathInside(root, file) ?? file);

function isOneOf(names: readonly string[], call: EditCall, file: string): boolean {
  const name = changedName(call, file);
  if (names.includes(name)) return true;
  // Another clone: enough names of the path have to be the same.
  return (
    pathInside(call.root, file) === undefined &&
    names.some((each) => pathParts(each).length > 1 && endsWithPath(file, each))
  );
}

/** The calls of a file, in the order of time. Calls that failed or were never answered changed nothing. */
export function changesOf(calls: readonly EditCall[], names: readonly string[]): MadeChange[] {
  return calls
    .filter(({ type, isAnswered }) => type !== 'error' && isAnswered)
    .flatMap((call) =>
      call.diffs.flatMap((diff, index): MadeChange[] => {
        if (!isOneOf(names, call, diff.file)) return [];
        const isWhole = call.tool === 'Write';
        return [
          {
            call,
            index,
            file: diff.file,
            before: diff.before,
            after: diff.after,
            reach: isWhole ? 'whole' : 'part',
            isNew: isWhole && diff.before === '' && created.test(call.answer),
            session: call.session,
          },
        ];
      }),
    );
}

/** Lets other work run between two changes. */
export function* replay(changes: readonly MadeChange[]): Generator<undefined, History> {
  const replayed = new ReplayedFile(changes.map(({ session }) => session));
  const put: number[] = [];
  for (const [number, change] of changes.entries()) {
    put.push(replayed.apply(change, number));
    yield;
  }
  return { changes, replayed, put };
}
