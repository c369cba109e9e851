/**
 * Reads a session once for all rules: its own lines, its checks from red to green, and the person's reaction to each
 * turn.
 */
import type { SqlDriver } from '../../store/sqlite/driver';
import { sessionHead, sessionLines } from '../../store/tables/session-lines';
import type { CallLine, SaidLine, SessionHead, SessionLine } from '../../store/tables/session-lines';
import { isEdit, pairChecks } from '../reading/outcomes';
import type { RedGreen } from '../reading/outcomes';
import { readReactions } from '../reading/reactions';
import type { TurnReaction } from '../reading/reactions';
import { maxCompared, touchesTree } from '../reading/undoings';

export interface SessionFacts {
  head: SessionHead;
  lines: SessionLine[];
  pairs: RedGreen[];
  /** By the turn they react to. */
  reactions: ReadonlyMap<number, TurnReaction>;
  /** Index of each line by uid; of edits and of commands that change files, in the order of the lines. */
  places: ReadonlyMap<string, number>;
  changes: readonly CallLine[];
  /** Indexes of the edits of each file, and of commands that affect the whole tree. */
  edits: ReadonlyMap<string, readonly number[]>;
  touches: readonly number[];
  /** By uid of an edit: the last text of Claude before it in the same turn. */
  saidBefore: ReadonlyMap<string, SaidLine>;
}

/**
 * Undefined for an unknown session. Lines copied by a fork are left out, because what was learnt from them must count
 * once.
 */
export function readSessionFacts(driver: SqlDriver, id: string): SessionFacts | undefined {
  const head = sessionHead(driver, id);
  if (!head) return undefined;
  const lines = sessionLines(driver, head.no).filter(({ isCopy }) => !isCopy);
  return factsOf(head, lines);
}

/** `lines`: those that the session owns. */
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

/** One pass, because a session may have fifty thousand lines and every rule needs these. */
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

/** Lines that may undo these edits: later edits of their files, and commands that affect the tree, nearest first. */
export function changesAfter({ lines, edits, touches, places }: SessionFacts, of: readonly CallLine[]): CallLine[] {
  const last = of.at(-1);
  const from = (last && places.get(last.uid)) ?? Number.MAX_SAFE_INTEGER;
  const files = new Set(of.flatMap(({ diffs }) => diffs.map(({ file }) => file)));
  const found = new Set(
    [touches, ...[...files].map((file) => edits.get(file) ?? [])].flatMap((all) => after(all, from)),
  );
  return [...found].sort((a, b) => a - b).map((place) => lines[place] as CallLine);
}

/** Positions behind `from`, found by binary search: a session may have ten thousand. */
function after(places: readonly number[], from: number): readonly number[] {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? 0) > from) high = middle;
    else low = middle + 1;
  }
  return places.slice(low, low + maxCompared);
}
