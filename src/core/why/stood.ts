/** A file as it stood at a turn of a session. */
import { isInside, withoutWorktree } from '../../protocol/paths';
import type { StoodQuery } from '../../protocol/questions/story';
import type { StoodDoubt, StoodFile } from '../../protocol/story';
import type { NameKey } from '../lib/keyed-name';
import { breathe } from '../lib/turns';
import type { SqlDriver } from '../store/sqlite/driver';
import { editCalls, rowsOfFile } from '../store/tables/edit-marks';
import { commandsOf, endOfTurn, readCalls } from '../store/tables/file-evidence';
import { allProjects, withJoined } from '../store/tables/projects';
import type { SessionHead } from '../store/tables/session-lines';
import { changesOf, namesFrom } from './changes';
import { fileMark } from './edit-marks';
import { evidenceOf } from './evidence';
import type { Evidence } from './evidence';
import { mayChange } from './may-change';
import { ReplayedFile } from './replay';

export interface StoryPorts {
  driver: SqlDriver;
  names: NameKey;
}

/** A session that rested so long may find the file changed by somebody else. */
const staleMs = 3 * 3_600_000;
/** After so much of it other work of the keeper has its turn. */
const batch = 20;

export async function stoodFile(
  ports: StoryPorts,
  head: SessionHead,
  query: StoodQuery,
  signal?: AbortSignal,
): Promise<StoodFile> {
  const { turn, isBefore = false } = query;
  const { all, file } = allEvidence(ports, head, query.file);
  const last = isBefore ? turn - 1 : turn;
  const end = endOfTurn(ports.driver, head.no, last) ?? head.createdAt - 1;
  const isUntil = ({ session, turn: own, at }: Evidence) => (session === head.no ? own <= last : at <= end);
  const until = all.filter(isUntil);
  const replayed = new ReplayedFile(all.map(({ session }) => session));
  for (const [number, change] of until.entries()) {
    replayed.apply(change, number);
    if (number % batch === 0) {
      // oxlint-disable-next-line no-await-in-loop -- lets other work run
      await breathe();
      signal?.throwIfAborted();
    }
  }
  let doubt = doubtOf(ports.driver, head, until, replayed, { last, end });
  const before = piecesOf(replayed);
  const isOld = doubt === 'earlier' || !replayed.isWhole;
  if (isOld || doubt !== undefined) {
    const later = readLater(all.filter((each) => !isUntil(each))).filter(({ session }) => session === head.no);
    const isConfirmed = isOld ? readOn(replayed, later, until.length) : areSame(later, before);
    if (isConfirmed) doubt = undefined;
    else if (isOld && later.length > 0) doubt = 'later';
  }
  const pieces = piecesOf(replayed);
  const { isFirst, isLast } = replayed.ends;
  return {
    sessionId: head.id,
    turn,
    file,
    known: replayed.isWhole ? 'whole' : pieces.length > 0 ? 'parts' : 'nothing',
    pieces,
    ...(!isFirst && { isOpenAbove: true as const }),
    ...(!isLast && { isOpenBelow: true as const }),
    ...(doubt && { doubt }),
    changes: until.filter(({ made }) => made).length,
  };
}

/** Edits of the file by all sessions of the project, and what these sessions read of it. */
function allEvidence(
  { driver, names }: StoryPorts,
  head: SessionHead,
  file: string,
): { all: Evidence[]; file: string } {
  const projects = allProjects(driver);
  const own = withJoined(projects, new Set([head.projectId]));
  const roots = projects.filter(({ id }) => own.has(id)).flatMap(({ ownRoot, root }) => [ownRoot, root]);
  const files = namesFrom(
    [...new Set(roots)].filter((root) => root !== ''),
    file,
  );
  const changes = changesOf(editCalls(driver, rowsOfFile(driver, file, fileMark(names, file), [...own])), files);
  const sessions = [...new Set([head.no, ...changes.map(({ session }) => session)])];
  const reads = readCalls(driver, sessions, file).filter((call) =>
    namesFrom(roots, call.file).some((name) => files.includes(name)),
  );
  const calls = [...changes, ...reads];
  // A name from the root of the project means the file that the session itself had.
  const meant =
    calls.find((call) => call.file === file) ?? calls.find(({ session }) => session === head.no) ?? calls.at(-1);
  const named = meant?.file ?? file;
  const isSame = sameCheckout(roots, named);
  return {
    all: evidenceOf(
      changes.filter((change) => isSame(change.file)),
      reads.filter((call) => isSame(call.file)),
    ),
    file: named,
  };
}

/** A worktree has files of its own; the other checkouts of a project are those it was moved from. */
function sameCheckout(roots: readonly string[], file: string): (other: string) => boolean {
  const isOwn = (name: string) => withoutWorktree(name) === name && roots.some((root) => isInside(root, name));
  const isMain = isOwn(file);
  return (other) => other === file || (isMain && isOwn(other));
}

const piecesOf = ({ chunks }: ReplayedFile): string[] =>
  chunks.map((chunk) => chunk.map(({ text }) => text).join('\n'));

const isAll = ({ window }: Evidence): boolean => window?.first === 0 && window.isEnd;

/** The whole file was read as it is known. */
const areSame = ([next]: readonly Evidence[], [only, ...more]: readonly string[]): boolean =>
  next !== undefined && isAll(next) && more.length === 0 && next.after === only;

/** What was last seen in another session, or only in parts, is read on. True when it was known so before. */
function readOn(replayed: ReplayedFile, later: readonly Evidence[], from: number): boolean {
  const isConfirmed = replayed.isWhole && areSame(later, piecesOf(replayed));
  for (const [number, change] of later.entries()) replayed.apply(change, from + number);
  return isConfirmed;
}

function doubtOf(
  driver: SqlDriver,
  head: SessionHead,
  until: readonly Evidence[],
  replayed: ReplayedFile,
  { last, end }: { last: number; end: number },
): StoodDoubt | undefined {
  const latest = until.at(-1);
  if (!latest) return undefined;
  // What was read in parts or edited since does not tell of the rest.
  const whole = until.findLast((each) => each.reach === 'whole' || isAll(each)) ?? until[0]!;
  if (latest.session !== head.no || whole.session !== head.no || end - whole.at > staleMs) return 'earlier';
  if (!replayed.isSure) return replayed.isBaseKnown ? 'others' : 'cut';
  const file = until.find(({ made }) => made)?.made?.file;
  if (file === undefined) return undefined;
  const since = commandsOf(driver, head.no).filter(({ turn, at }) => turn <= last && at >= whole.at);
  return since.some(({ command }) => mayChange(command, file)) ? 'command' : undefined;
}

/** Readings before the next edit. */
function readLater(later: readonly Evidence[]): Evidence[] {
  const next = later.findIndex(({ reach }) => reach !== 'seen');
  return later.slice(0, next < 0 ? later.length : next);
}
