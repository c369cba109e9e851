/** Open ends of all sessions of a project, and which of them a later session did. */
import type { ClosedHow } from '../../../protocol/left';
import type { SessionFindings, TickedList } from '../../store/tables/session-findings';
import type { LineQuote, QuotedClaim } from '../../store/tables/summaries';
import { isDoneBy, isSameOpen, reportOf, workOf } from './same-work';
import type { Report, Work } from './same-work';

/** A sentence of a session's summary, with the line it rests on. */
export interface FoundLine {
  session: SessionFindings;
  text: string;
  quote: LineQuote;
}

export interface FoundEnd extends FoundLine {
  /** As what it is given: `session/open/number`. */
  pieceId: string;
  /** Sessions that left it open. */
  times: number;
  by?: (FoundLine & { how: ClosedHow }) | { how: 'person'; at: number };
}

type Kind = { kind: 'check'; command: string } | { kind: 'work'; work: Work };

const todo = 'Not done: ';
/** Says of a session how it ended, not what is left. */
const passing =
  /^(?:It ends in the middle of a call|Not answered|Interrupted while working on|Asked, and not answered): /;
/** What every session does at its end, and no other session does in its place. */
const routine = new Set(
  'test lint build commit push format check verify run typecheck suite everything pr review'
    .split(' ')
    .flatMap((word) => [...workOf(word).words]),
);
const isRoutine = ({ words }: Work): boolean => [...words].every((word) => routine.has(word));
/** A sentence of an answer that names no work; what is ticked may be short. */
const isEmpty = (text: string, { words }: Work): boolean => words.size < 2 && !text.startsWith(todo);
const failed = /^(.+?) failed when it was last run(?:\.|:)/;

export const lineOf = (session: SessionFindings, claim: QuotedClaim): FoundLine[] => {
  const [quote] = claim.evidence;
  return quote ? [{ session, text: claim.text, quote }] : [];
};

function kindOf(text: string): Kind {
  const command = failed.exec(text)?.[1];
  return command === undefined
    ? { kind: 'work', work: workOf(text.startsWith(todo) ? text.slice(todo.length) : text) }
    : { kind: 'check', command };
}

/** Yields after each session. @param findings of one project, the oldest first */
export function* openEndsOf(
  findings: readonly SessionFindings[],
  ticked: readonly TickedList[],
): Generator<undefined, FoundEnd[]> {
  let open: { end: FoundEnd; kind: Kind }[] = [];
  const closed: FoundEnd[] = [];
  const lists = new Map<number, TickedList[]>();
  for (const list of ticked) lists.set(list.session, [...(lists.get(list.session) ?? []), list]);
  for (const session of findings) {
    const still: typeof open = [];
    const done = open.length === 0 ? nothingDone : doneIn(session, lists.get(session.no) ?? []);
    for (const each of open) {
      const by = closedBy(each.kind, session, done, each.end.quote.at);
      if (by) closed.push({ ...each.end, by });
      else still.push(each);
    }
    open = still;
    for (const [index, claim] of session.body.openEnds.entries()) {
      const [line] = lineOf(session, claim);
      if (!line) continue;
      const named = { ...line, pieceId: `${session.id}/open/${index}` };
      if (passing.test(line.text)) continue;
      const kind = kindOf(line.text);
      if (kind.kind === 'work' && (isRoutine(kind.work) || isEmpty(line.text, kind.work))) continue;
      const known = open.find((each) => isSame(each.kind, kind));
      if (!known) open.push({ end: { ...named, times: 1 }, kind });
      // The last session that names it says how it is now.
      else if (known.end.session !== session) {
        known.end = { ...named, times: known.end.times + 1 };
        known.kind = kind;
      }
    }
    yield;
  }
  return [...open.map(({ end }) => end), ...closed];
}

function isSame(one: Kind, other: Kind): boolean {
  if (one.kind === 'check' || other.kind === 'check')
    return one.kind === 'check' && other.kind === 'check' && one.command === other.command;
  return isSameOpen(one.work, other.work);
}

/** What a session ticked and reported, read once for all that was open before it. */
interface Done {
  ticked: readonly { quote: LineQuote; work: Work }[];
  reports: readonly { line: FoundLine; report: Report }[];
}
const nothingDone: Done = { ticked: [], reports: [] };

function doneIn(session: SessionFindings, lists: readonly TickedList[]): Done {
  const ticked = lists.flatMap((list) =>
    list.input.split('\n').flatMap((line) => {
      const item = /^\[x\] (\S.*)$/.exec(line)?.[1];
      return item === undefined ? [] : [{ quote: { ...list, quote: item }, work: workOf(item) }];
    }),
  );
  const reports = session.body.done
    .flatMap((claim) => lineOf(session, claim))
    .flatMap((line) => {
      const report = reportOf(line.text);
      return report ? [{ line, report }] : [];
    });
  return { ticked, reports };
}

function closedBy(
  kind: Kind,
  session: SessionFindings,
  { ticked, reports }: Done,
  after: number,
): FoundEnd['by'] | undefined {
  const isLater = ({ at }: { at: number }) => at > after;
  if (kind.kind === 'check') {
    const run = session.body.commands.find(
      ({ command, outcome, evidence: [quote] }) =>
        command === kind.command && outcome === 'passed' && quote && isLater(quote),
    );
    return run && { session, text: run.command, quote: run.evidence[0]!, how: 'check' };
  }
  const tick = ticked.find(({ quote, work }) => isLater(quote) && isSameOpen(kind.work, work));
  if (tick) return { session, text: tick.quote.quote, quote: tick.quote, how: 'todo' };
  const found = reports.find(({ line, report }) => isLater(line.quote) && isDoneBy(kind.work, report));
  return found && { ...found.line, how: 'done' };
}
