/** What a session changed, file by file: all its edits of one taken together. */
import { MemoryError } from '../../protocol/errors';
import { endsWithPath, pathInside, withoutWorktree } from '../../protocol/paths';
import type { ChangedFile, NetChange, NetPiece, SessionChanges, StoodDoubt } from '../../protocol/story';
import { breathe } from '../lib/turns';
import { editCalls } from '../store/tables/edit-marks';
import { commandsOf, editRowsOf, readCalls } from '../store/tables/file-evidence';
import type { ReadCall, RunCommand } from '../store/tables/file-evidence';
import type { SessionHead } from '../store/tables/session-lines';
import { changedName, changesOf } from './changes';
import type { MadeChange } from './changes';
import { evidenceOf } from './evidence';
import { mayChange } from './may-change';
import { countKept, withoutChanges } from './net-lines';
import { ReplayedFile } from './replay';
import type { StoryPorts } from './stood';

const maxFiles = 500;

interface OfFile {
  changes: MadeChange[];
  reads: ReadCall[];
}

export async function sessionChanges(
  ports: StoryPorts,
  head: SessionHead,
  signal?: AbortSignal,
): Promise<SessionChanges> {
  const files = filesOf(ports, head);
  const commands = commandsOf(ports.driver, head.no);
  const found: ChangedFile[] = [];
  for (const own of [...files.values()].slice(0, maxFiles)) {
    // oxlint-disable-next-line no-await-in-loop -- lets other work run between two files
    await breathe();
    signal?.throwIfAborted();
    const { pieces: _, isOpenAbove: _above, isOpenBelow: _below, ...file } = netOf(own, commands);
    found.push(file);
  }
  return { files: found, more: Math.max(0, files.size - maxFiles) };
}

/** @throws MemoryError `not_found` when the session did not change it */
export async function sessionChange(ports: StoryPorts, head: SessionHead, file: string): Promise<NetChange> {
  const files = filesOf(ports, head);
  const found =
    [...files].find(([, { changes }]) => changes.some((change) => change.file === file)) ??
    [...files].find(([name]) => endsWithPath(name, file));
  if (!found) throw new MemoryError('not_found', 'This session did not change such a file.');
  return netOf(found[1], commandsOf(ports.driver, head.no));
}

/** Only what the session did itself: a fork's copied calls belong to the session it came from. */
function filesOf({ driver }: StoryPorts, head: SessionHead): Map<string, OfFile> {
  const files = new Map<string, OfFile>();
  const calls = editCalls(driver, editRowsOf(driver, head.no));
  const rootOf = calls[0]?.root ?? head.projectRoot;
  for (const call of calls)
    for (const file of new Set(call.diffs.map((diff) => diff.file))) {
      if (file === '') continue;
      const known = files.get(keyOf(call.root, file)) ?? { changes: [], reads: [] };
      known.changes.push(...changesOf([call], [changedName(call, file)]).filter((change) => change.file === file));
      if (known.changes.length > 0) files.set(keyOf(call.root, file), known);
    }
  if (files.size === 0) return files;
  for (const read of readCalls(driver, [head.no])) files.get(keyOf(rootOf, read.file))?.reads.push(read);
  return files;
}

/** A worktree has files of its own. */
const keyOf = (root: string, file: string): string =>
  withoutWorktree(file) === file ? (pathInside(root, file) ?? file) : file;

function netOf({ changes, reads }: OfFile, commands: readonly RunCommand[]): NetChange {
  const replayed = new ReplayedFile(
    evidenceOf(changes, reads).map(({ session }) => session),
    true,
  );
  for (const [number, change] of evidenceOf(changes, reads).entries()) replayed.apply(change, number);
  const chunks = replayed.chunks.map((chunk) => ({
    before: withoutChanges(chunk),
    after: chunk.map(({ text }) => text),
  }));
  const changed = chunks.filter(({ before, after }) => before.join('\n') !== after.join('\n'));
  const known = replayed.isWhole && replayed.isBaseKnown ? 'whole' : 'parts';
  const [first, last] = [changes[0]!, changes.at(-1)!];
  const counts = countLines(changed);
  const { isFirst, isLast } = replayed.ends;
  const doubt = doubtOf(replayed, changes, commands);
  const pieces = (known === 'whole' ? chunks : changed).map(textsOf);
  return {
    file: last.file,
    name: changedName(last.call, last.file),
    edits: changes.length,
    ...counts,
    ...(first.isNew && { isNew: true as const }),
    known,
    ...(doubt && { doubt }),
    first: placeOf(first),
    last: placeOf(last),
    pieces,
    ...(!(isFirst && known === 'whole') && { isOpenAbove: true as const }),
    ...(!(isLast && known === 'whole') && { isOpenBelow: true as const }),
  };
}

interface Lines {
  before: string[];
  after: string[];
}

const textsOf = ({ before, after }: Lines): NetPiece => ({ before: before.join('\n'), after: after.join('\n') });
const placeOf = ({ call }: MadeChange) => ({ key: call.key, turn: call.turn });

function countLines(chunks: readonly Lines[]): { added: number; removed: number } {
  let [added, removed] = [0, 0];
  for (const { before, after } of chunks) {
    const kept = countKept(before, after);
    added += linesIn(after) - kept;
    removed += linesIn(before) - kept;
  }
  return { added: Math.max(0, added), removed: Math.max(0, removed) };
}

/** The line break at the end of a file begins no line. */
const linesIn = (lines: readonly string[]): number => lines.length - (lines.at(-1) === '' ? 1 : 0);

function doubtOf(
  replayed: ReplayedFile,
  changes: readonly MadeChange[],
  commands: readonly RunCommand[],
): StoodDoubt | undefined {
  if (!replayed.isBaseKnown) return 'cut';
  const { file, call } = changes.at(-1)!;
  return commands.some(({ at, command }) => at >= call.at && mayChange(command, file)) ? 'command' : undefined;
}
