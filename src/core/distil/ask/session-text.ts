/**
 * The text of a session that is sent to a model: prompts in full, answers shortened, of tool calls their end and their
 * changes. Lines are numbered.
 */
import { firstLetters, wholeLetter } from '../../../protocol/text';
import type { SessionHead, SessionLine } from '../../store/tables/session-lines';

export interface SessionText {
  text: string;
  /** Lines by the numbers used in the answer; number 1 is first. */
  lines: SessionLine[];
  /** Size of all text of the session as stored. */
  rawBytes: number;
}

/** How many letters of each kind are kept. */
interface Measure {
  prompt: number;
  answer: number;
  /** Of a result; more when it is an error. */
  output: number;
  error: number;
  /** Number of edited lines per call, and letters of each. */
  edits: number;
  edit: number;
}

/** From generous to tight: the first with which the text fits is used. */
const measures: readonly Measure[] = [
  { prompt: 8000, answer: 900, output: 160, error: 500, edits: 8, edit: 160 },
  { prompt: 4000, answer: 500, output: 80, error: 300, edits: 4, edit: 120 },
  { prompt: 1500, answer: 250, output: 0, error: 200, edits: 2, edit: 100 },
  { prompt: 600, answer: 120, output: 0, error: 120, edits: 0, edit: 0 },
];

/** About 30,000 tokens of English. A text that is too long even with the tightest measure loses its middle. */
const defaultMaxBytes = 100_000;

const heldLine = '(left out)';

/** @param mayGo whether a line may be sent to a model */
export function composeSession(
  head: SessionHead,
  all: readonly SessionLine[],
  maxBytes = defaultMaxBytes,
  mayGo: (line: SessionLine) => boolean = () => true,
): SessionText {
  const lines = all.filter(isWorthTelling);
  // A line that does not go keeps its number, by which the answer names the others.
  const isHeld = lines.map((line) => !mayGo(line));
  const rawBytes = all.reduce(
    (sum, line) => sum + textsOf(line).reduce((bytes, text) => bytes + Buffer.byteLength(text), 0),
    0,
  );
  const top = `Project ${head.projectName}${head.gitBranch === '' ? '' : `, branch ${head.gitBranch}`}.`;
  for (const measure of measures) {
    const pieces = lines.map((line, index) => `[${index + 1}] ${isHeld[index] ? heldLine : pieceOf(line, measure)}`);
    const text = [top, ...pieces].join('\n');
    if (Buffer.byteLength(text) <= maxBytes) return { text, lines, rawBytes };
  }
  const tightest = lines.map(
    (line, index) => `[${index + 1}] ${isHeld[index] ? heldLine : pieceOf(line, measures.at(-1)!)}`,
  );
  return {
    text: [top, ...withoutMiddle(tightest, maxBytes - Buffer.byteLength(top) - 100)].join('\n'),
    lines,
    rawBytes,
  };
}

/** All texts of a line that a quote may come from. */
export function textsOf(line: SessionLine): string[] {
  if (line.kind === 'said') return [line.text];
  return [line.headline, line.input, line.output, ...line.diffs.flatMap(({ before, after }) => [before, after])];
}

/** Thinking is no action, and a summary by the client is no event, so both are left out. */
function isWorthTelling(line: SessionLine): boolean {
  if (line.kind === 'call') return true;
  return (
    (line.role === 'user' || line.role === 'assistant') &&
    !['thinking', 'notice', 'attachment', 'compact_summary'].includes(line.note) &&
    line.text.trim() !== ''
  );
}

function pieceOf(line: SessionLine, measure: Measure): string {
  const by = line.agentId === undefined ? '' : '(agent) ';
  if (line.kind === 'said') {
    const most = line.role === 'user' && line.agentId === undefined ? measure.prompt : measure.answer;
    return `${by}${line.role === 'user' ? 'user' : 'claude'}: ${shorten(line.text.trim(), most)}`;
  }
  const isError = line.type === 'error';
  const outcome = isError
    ? ` → failed${line.exitStatus === null ? '' : ` (exit ${line.exitStatus})`}`
    : line.exitStatus === 0
      ? ' → ok'
      : '';
  const output =
    line.diffs.length > 0 && !isError
      ? ''
      : shorten(line.output.trim(), isError ? measure.error : line.exitStatus === null ? 0 : measure.output);
  return [
    `${by}${line.tool} ${shorten(line.headline, 300)}${outcome}`,
    ...editsOf(line, measure),
    ...(output === '' ? [] : [indent(output)]),
  ].join('\n');
}

function editsOf(line: Extract<SessionLine, { kind: 'call' }>, { edits, edit }: Measure): string[] {
  const changed = line.diffs.flatMap(({ before, after }) => {
    const [old, now] = [new Set(before.split('\n')), new Set(after.split('\n'))];
    return [
      ...[...old].filter((each) => !now.has(each)).map((each) => `- ${each}`),
      ...[...now].filter((each) => !old.has(each)).map((each) => `+ ${each}`),
    ];
  });
  const useful = changed.filter((each) => each.trim().length > 3);
  return useful.slice(0, edits).map((each) => indent(shorten(each, edit)));
}

const indent = (text: string): string =>
  text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');

/** Keeps the beginning, which says what was wanted, and the end, which says how it ended. */
function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  if (most < 40) return '';
  const front = Math.floor(most * 0.65);
  return `${firstLetters(text, front).trimEnd()} … ${text.slice(wholeLetter(text, text.length + front - most)).trimStart()}`;
}

function withoutMiddle(pieces: readonly string[], maxBytes: number): string[] {
  const front: string[] = [];
  const back: string[] = [];
  let left = maxBytes;
  for (let [low, high, isFront] = [0, pieces.length - 1, true]; low <= high; isFront = !isFront) {
    const piece = pieces[isFront ? low : high]!;
    left -= Buffer.byteLength(piece) + 1;
    if (left < 0) return [...front, `… ${high - low + 1} lines were left out …`, ...back];
    if (isFront) {
      front.push(piece);
      low++;
    } else {
      back.unshift(piece);
      high--;
    }
  }
  return [...front, ...back];
}
