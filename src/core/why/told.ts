/** What is told of the turns that wrote lines. */
import type { WhyQuery } from '../../protocol/questions/why';
import { rowKeyOf } from '../../protocol/row-key';
import type { MadeEdit, TriedLines, WroteLines } from '../../protocol/why';
import { promptOf } from '../store/tables/edit-marks';
import type { History } from './changes';
import type { MadeChange } from './changes';
import type { KnownLine } from './replay';
import type { WhyPorts } from './why';

/** A line of the document, with the change that wrote it. */
export interface Claim {
  line: KnownLine;
  history: History;
  isMoved: boolean;
  isReflowed: boolean;
}

interface Found {
  /** Numbers of lines in the text that was sent. */
  asked: readonly number[];
  claims: ReadonlyMap<number, Claim>;
  /** Number of the first line of that text. */
  first: number;
  /** Names of the file from the roots of its projects. */
  files: readonly string[];
}

const maxPrompt = 600;
const maxTried = 5;
const maxSince = 5;
/** Lines around those of a turn that are looked at for later turns. */
const nearby = 6;

export async function toldOf(ports: WhyPorts, query: WhyQuery, found: Found): Promise<WroteLines[]> {
  const groups = new Map<MadeChange, number[]>();
  for (const at of found.asked) {
    const claim = found.claims.get(at);
    const change = claim?.history.changes[claim.line.by];
    if (change) groups.set(change, [...(groups.get(change) ?? []), at]);
  }
  const turns = [...groups].map(([change, lines]) => tell(ports, change, lines, found));
  turns.sort((a, b) => b.lines.length - a.lines.length || b.at - a.at);
  return query.withCommits === true ? withCommits(ports, turns, found.files) : turns;
}

function tell({ driver, rejecting }: WhyPorts, change: MadeChange, lines: readonly number[], found: Found): WroteLines {
  const claims = lines.map((at) => found.claims.get(at)!);
  const { history } = claims[0]!;
  const number = claims[0]!.line.by;
  const asked = promptOf(driver, change.call.session, change.call.turn, maxPrompt);
  const standing = [...found.claims.values()].filter(
    ({ line, history: other }) => other === history && line.by === number,
  );
  return {
    ...madeBy(change),
    tool: change.call.tool,
    file: change.file,
    ...(asked && { asked: { key: rowKeyOf({ kind: 'prompt', row: asked.row }), text: asked.text } }),
    lines: lines.map((at) => at + found.first),
    form: claims.some(({ isMoved }) => isMoved)
      ? 'moved'
      : claims.some(({ isReflowed }) => isReflowed)
        ? 'reformatted'
        : 'same',
    standing: { lines: standing.filter(({ line }) => line.form !== '').length, of: history.put[number]! },
    tried: triedIn(claims, history, (later) => {
      const prompt = promptOf(driver, later.call.session, later.call.turn, maxPrompt);
      return prompt ? rejecting(prompt.text) : undefined;
    }),
    since: sinceThen(change, lines, found),
  };
}

const madeBy = ({ call, index }: MadeChange): MadeEdit => ({
  sessionId: call.sessionId,
  title: call.title,
  turn: call.turn,
  at: call.at,
  key: call.key,
  index,
});

function triedIn(
  claims: readonly Claim[],
  { changes }: History,
  rejectedBy: (later: MadeChange) => string | undefined,
): TriedLines[] {
  const tried = new Map<string, TriedLines>();
  for (const { by, outBy, lines } of claims.flatMap(({ line }) => line.was)) {
    const [made, later] = [changes[by], changes[outBy]];
    if (!made || !later) continue;
    const isOtherTurn = made.call.session !== later.call.session || made.call.turn !== later.call.turn;
    const rejected = isOtherTurn ? rejectedBy(later) : undefined;
    tried.set(`${by} ${outBy}`, { ...madeBy(made), lines: [...lines], ...(rejected !== undefined && { rejected }) });
  }
  return [...tried.values()].sort((a, b) => b.at - a.at).slice(0, maxTried);
}

function sinceThen(change: MadeChange, lines: readonly number[], { claims }: Found): MadeEdit[] {
  const later = new Map<string, MadeEdit>();
  for (let at = lines[0]! - nearby; at <= lines.at(-1)! + nearby; at++) {
    const claim = claims.get(at);
    const other = claim?.history.changes[claim.line.by];
    if (!other || other.call.at <= change.call.at) continue;
    if (other.call.session === change.call.session && other.call.turn === change.call.turn) continue;
    later.set(`${other.call.session} ${other.call.turn}`, madeBy(other));
  }
  return [...later.values()].sort((a, b) => a.at - b.at).slice(0, maxSince);
}

/** Commits of folders that a window trusts. Their subjects are redacted, as everything that is shown as memory. */
async function withCommits(
  { commits, seal }: WhyPorts,
  turns: readonly WroteLines[],
  files: readonly string[],
): Promise<WroteLines[]> {
  if (!commits || turns.length === 0) return [...turns];
  const known = (await commits.commits())
    .filter((commit) =>
      commit.files.some((file) => files.some((name) => file.replaceAll('\\', '/').endsWith(`/${name}`))),
    )
    .sort((a, b) => a.at - b.at);
  const first = turns.map(({ at }) => known.findIndex((commit) => commit.at >= at - 1000));
  const subjects = await seal(first.map((at) => known[at]?.subject ?? ''));
  return turns.map((turn, index) => {
    const at = first[index]!;
    const commit = known[at];
    if (!commit) return turn;
    return { ...turn, commit: { subject: subjects[index]!, at: commit.at, more: known.length - at - 1 } };
  });
}
