/**
 * A session read once for all rules: lines it owns, its checks from red to green, and what the person said about each
 * turn.
 */
import type { SqlDriver } from '../../store/sqlite/driver';
import { sessionHead, sessionLines } from '../../store/tables/session-lines';
import type { CallLine, SaidLine, SessionHead, SessionLine } from '../../store/tables/session-lines';
import { isEdit, pairChecks } from '../reading/outcomes';
import type { RedGreen } from '../reading/outcomes';
import { readReactions } from '../reading/reactions';
import type { TurnReaction } from '../reading/reactions';
import { touchesTree } from '../reading/undoings';

export interface SessionFacts {
  head: SessionHead;
  lines: SessionLine[];
  pairs: RedGreen[];
  /** By the turn they are about. */
  reactions: ReadonlyMap<number, TurnReaction>;
  /** Place of a line by its uid, and of edits and of commands that change what is there, in the order of the lines. */
  places: ReadonlyMap<string, number>;
  changes: readonly CallLine[];
  /** Places of the edits of each file, and of the commands that touch the whole tree. */
  edits: ReadonlyMap<string, readonly number[]>;
  touches: readonly number[];
  /** By the uid of an edit: what Claude said last in that turn. */
  saidBefore: ReadonlyMap<string, SaidLine>;
}

/**
 * Undefined for a session that is not known. A fork's copies are its origin's: what was learnt there must not count
 * twice.
 */
export function readSessionFacts(driver: SqlDriver, id: string): SessionFacts | undefined {
  const head = sessionHead(driver, id);
  if (!head) return undefined;
  const lines = sessionLines(driver, head.no).filter(({ isCopy }) => !isCopy);
  return factsOf(head, lines);
}

/** `lines`: those the session owns. */
export function factsOf(head: SessionHead, lines: SessionLine[]): SessionFacts {
  return {
    ...readLines(lines),
    head,
    pairs: pairChecks(lines),
    reactions: new Map(readReactions(lines).map((reaction) => [reaction.turn, reaction])),
  };
}

const isChange = (line: SessionLine): line is CallLine =>
  line.kind === 'call' && (line.diffs.length > 0 ? isEdit(line) : touchesTree(line));

/** In one pass: a session may have fifty thousand lines, and every rule asks for these. */
function readLines(
  lines: SessionLine[],
): Pick<SessionFacts, 'lines' | 'places' | 'changes' | 'edits' | 'touches' | 'saidBefore'> {
  const changes = lines.filter(isChange);
  const saidBefore = new Map<string, SaidLine>();
  const last = new Map<string | undefined, SaidLine>();
  for (const line of lines) {
    if (line.kind === 'said') {
      if (line.role === 'assistant' && line.note === '') last.set(line.agentId, line);
      continue;
    }
    const said = last.get(line.agentId);
    if (isEdit(line) && said?.turn === line.turn) saidBefore.set(line.uid, said);
  }
  const edits = new Map<string, number[]>();
  const touches: number[] = [];
  for (const [place, line] of lines.entries()) {
    if (!isChange(line)) continue;
    if (line.diffs.length === 0) touches.push(place);
    for (const file of new Set(line.diffs.map((diff) => diff.file))) {
      const known = edits.get(file);
      if (known) known.push(place);
      else edits.set(file, [place]);
    }
  }
  return { lines, changes, edits, touches, saidBefore, places: new Map(lines.map(({ uid }, place) => [uid, place])) };
}

/** A later edit than these of a file is about something else. */
const maxLater = 40;

/**
 * What may take these edits back: later edits of their files, and commands that touch the tree, those nearest to the
 * last of them.
 */
export function changesAfter({ lines, edits, touches, places }: SessionFacts, of: readonly CallLine[]): CallLine[] {
  const last = of.at(-1);
  const from = (last && places.get(last.uid)) ?? Number.MAX_SAFE_INTEGER;
  const files = new Set(of.flatMap(({ diffs }) => diffs.map(({ file }) => file)));
  const found = new Set(
    [touches, ...[...files].map((file) => edits.get(file) ?? [])].flatMap((all) => after(all, from)),
  );
  return [...found].sort((a, b) => a - b).map((place) => lines[place] as CallLine);
}

/** The first of these places behind one, by halves: a session may have ten thousand of them. */
function after(places: readonly number[], from: number): readonly number[] {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? 0) > from) high = middle;
    else low = middle + 1;
  }
  return places.slice(low, low + maxLater);
}
