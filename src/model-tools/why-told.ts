/** Why lines are as they are, as text: for a model, and on the command line. */
import type { MadeEdit, Why, WhyNot, WroteLines } from '../protocol/why';
import { line, moment } from './words';

const maxTurns = 6;

/** One part for each turn, then what is not known. */
export function toldLines({ turns, unknown, changes }: Why): string[] {
  const parts = turns.slice(0, maxTurns).map(turnText);
  if (turns.length > maxTurns) parts.push(`${turns.length - maxTurns} more turns`);
  for (const [why, lines] of byReason(unknown)) parts.push(`- ${rangesOf(lines)}: unknown. ${reasonOf(why, changes)}`);
  return parts;
}

const edit = ({ key, sessionId, turn, at }: MadeEdit): string =>
  `${moment(at)} | session ${sessionId} turn ${turn} | ${key}`;

function turnText(turn: WroteLines): string {
  const { lines, asked, tool, title, form, file, standing, tried, since, commit } = turn;
  const how = { same: '', reformatted: ', set otherwise since', moved: `, in ${line(file, 200)}` }[form];
  return [
    `- ${rangesOf(lines)}: ${edit(turn)} ${line(tool, 40)}${how} | ${line(title, 120)}`,
    ...(asked ? [`    asked (${asked.key}): ${line(asked.text, 400)}`] : []),
    `    of the lines it put in, ${standing.lines} of ${standing.of} stand here`,
    ...tried.flatMap((each) => [
      `    before, replaced: ${edit(each)}`,
      ...each.lines.slice(0, 4).map((text) => `      ${line(text, 160)}`),
      ...(each.rejected === undefined ? [] : [`      taken back with the words: ${line(each.rejected, 160)}`]),
    ]),
    ...since.map((each) => `    since, next to it: ${edit(each)}`),
    ...(commit
      ? [
          `    then committed: ${moment(commit.at)} ${line(commit.subject, 160)}` +
            (commit.more > 0 ? ` (${commit.more} more since)` : ''),
        ]
      : []),
  ].join('\n');
}

function byReason(unknown: Why['unknown']): Map<WhyNot, number[]> {
  const reasons = new Map<WhyNot, number[]>();
  for (const { line: at, why } of unknown) reasons.set(why, [...(reasons.get(why) ?? []), at]);
  return reasons;
}

const reasonOf = (why: WhyNot, changes: number): string =>
  ({
    never: 'No turn in memory changed this file.',
    before: 'A turn put it there, but it had stood elsewhere before.',
    common: 'It says too little to tell who wrote it.',
    others: `None of the ${changes} turns that changed this file is known to have written it; it may be a person's.`,
  })[why];

/** `line 3`, `lines 3-5, 9`; counted from 1. */
function rangesOf(lines: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const at of lines) {
    const last = ranges.at(-1);
    if (last && last[1] === at - 1) last[1] = at;
    else ranges.push([at, at]);
  }
  const told = ranges.map(([from, to]) => (from === to ? `${from + 1}` : `${from + 1}-${to + 1}`)).join(', ');
  return `${lines.length === 1 ? 'line' : 'lines'} ${told}`;
}
