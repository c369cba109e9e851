/** Errors of a session and their solutions: the edits between the last failure of a check and its first success. */
import { fileName, pathFrom } from '../../../protocol/paths';
import { regex } from '../../lib/regex';
import { fingerprintError } from '../../observe/fingerprint';
import type { CallLine, SaidLine, SessionLine } from '../../store/tables/session-lines';
import type { LineQuote, QuotedClaim, SummaryBody } from '../../store/tables/summaries';
import { maxSentence, sentenceOf, quoteFrom } from '../reading/evidence';
import { isNoise } from '../reading/noise';
import { pairChecks } from '../reading/outcomes';
import type { RedGreen } from '../reading/outcomes';
import { sentencesOf } from '../reading/sentences';
import type { Sentence } from '../reading/sentences';
import { overlap, termsOf } from '../reading/turns';
import type { Reading } from '../reading/turns';
import { undoingsAmong } from '../reading/undoings';
import type { KnownRun } from '../reading/work';

const maxErrors = 8;
/** Misused tools and refused calls are no errors of the work. */
const ofTheTool = regex('i')`
  ^(?:Error: )?(?:Exit code \d+\s*$|The user doesn't want|File has not been read|File does not exist|
  String to replace not found|Found \d+ matches of the string|Sibling tool call errored|
  No changes to make|InputValidationError|Path does not exist|Permission to use|Request (?:timed out|
  failed)|\[Request interrupted|Cancelled: parallel|Command timed out|
  ENOENT: no such file or directory, posix_spawn|EISDIR|File content \(|File is (?:too large|unchanged)|
  Unable to fetch|Claude requested|No such tool|Interrupted by user|Answer questions)
`;
/** Sentences between failure and edit that explain nothing. */
const noCause = regex('i')`
  ^(?:i (?:can )?see|now|there (?:are|is)|good|the (?:linter|test|build|error|output) (?:shows?|says?|
  is|found|output)|(?:the|these|all) [\w -]{0,30}(?:issues?|errors?) (?:are|is|were) (?:now )?(?:fixed|
  resolved)|still|all |both |only )
`;
const cause =
  /\b(?:because|since|missing|missed|forgot|miscounted|unused|wrong|conflicts?|expects?|no longer|instead of)\b|因为|缺少|没有/i;
const explains = regex('i')`
  \b(?:because|since|missing|needs?|expects?|expected|should|wasn't|isn't|doesn't|didn't|not|no longer|
  was|were|is|are|has|have|conflict|unused|wrong|already|only)\b|因为|缺少|没有|需要|应该|是
`;

export function findErrors(reading: Reading, runs: readonly KnownRun[]): SummaryBody['errors'] {
  const pairs = pairChecks(reading.lines).filter(({ isFlaky }) => !isFlaky);
  const pairsByRed = new Map(pairs.map((pair) => [pair.red.key, pair]));
  const badByCall = new Map(
    runs.flatMap(({ call, run }) =>
      run.outcome === 'failed' && run.firstBad !== undefined ? [[call.key, run.firstBad] as const] : [],
    ),
  );
  const met = new Map<string, { line: CallLine; text: string; times: number; pair?: RedGreen; isCheck: boolean }>();
  for (const call of reading.calls) {
    const text = badByCall.get(call.key) ?? (call.type === 'error' ? errorLineOf(call.output) : undefined);
    if (text === undefined || (ofTheTool.test(call.output) && !badByCall.has(call.key))) continue;
    const name = fingerprintError(text) ?? text;
    const known = met.get(name);
    const pair = pairsByRed.get(call.key);
    if (known) Object.assign(known, { times: known.times + 1, ...(pair && { pair }) });
    else met.set(name, { line: call, text, times: 1, ...(pair && { pair }), isCheck: badByCall.has(call.key) });
  }
  return [...met.values()]
    .sort(
      (a, b) =>
        Number(b.pair !== undefined) - Number(a.pair !== undefined) ||
        Number(b.isCheck) - Number(a.isCheck) ||
        b.times - a.times ||
        a.line.at - b.line.at,
    )
    .slice(0, maxErrors)
    .toSorted((a, b) => a.line.at - b.line.at)
    .map(({ line, text, times, pair }) => {
      // Edits that were undone are no solution.
      const isKept =
        pair && undoingsAmong(reading.lines.slice(reading.lines.indexOf(pair.green) + 1), pair.edits).length === 0;
      const fix = pair && isKept ? fixOf(pair, text, reading) : undefined;
      return { text: sentenceOf(text), times, evidence: [quoteFrom(line, text)], ...(fix && { fix }) };
    });
}

/** The first line with content. */
function errorLineOf(output: string): string | undefined {
  const lines = output
    .split('\n', 200)
    .map((line) => line.trim())
    .filter((line) => line.length > 4 && !/^(?:Error: )?Exit code \d+$/.test(line) && !/^\[[\w:.-]+\] \$ /.test(line));
  return (
    lines.find((line) =>
      /\b(?:error|exception|panic|fatal|failed|cannot|can't|undefined|not found|no such|denied|refused)\b/i.test(line),
    ) ?? lines[0]
  );
}

/** "cart.ts: the total was missing a tax.": the edited files, and the assistant's explanation when there is one. */
function fixOf(pair: RedGreen, error: string, { lines, head }: Reading): QuotedClaim | undefined {
  const changed = pair.edits.length > 0 ? pair.edits : pair.commands;
  const [first] = changed;
  if (!first) return undefined;
  const files = [...new Set(pair.edits.flatMap(({ diffs }) => diffs.map(({ file }) => file)))];
  const named =
    files.length > 0
      ? files
          .slice(0, 3)
          .map((file) => (files.length > 1 ? fileName(file) : pathFrom(head.cwd, file)))
          .join(', ') + (files.length > 3 ? ` and ${files.length - 3} more` : '')
      : '';
  const word = explanationOf(pair, lines, termsOf(error));
  const evidence: LineQuote[] = [
    ...changed.slice(0, 3).map((call) => quoteFrom(call, call.diffs[0]?.file || firstLine(call))),
    quoteFrom(pair.green, firstLine(pair.green)),
  ];
  if (word) evidence.unshift(quoteFrom(word.line, word.quote));
  const did = named === '' ? `Ran ${sentenceOf(first.headline, 120)}` : `Edited ${named}`;
  const text = word
    ? `${named === '' ? sentenceOf(first.headline, 80) : named}: ${word.text}`
    : `${did}; then ${pair.command} passed.`;
  return { text: sentenceOf(text.length > maxSentence && word ? word.text : text), evidence };
}

function explanationOf(
  { red, green }: RedGreen,
  lines: readonly SessionLine[],
  error: ReadonlySet<string>,
): { line: SaidLine; text: string; quote: string } | undefined {
  const from = lines.indexOf(red);
  const to = lines.indexOf(green);
  for (const line of lines.slice(from + 1, Math.max(from + 1, to))) {
    if (line.kind !== 'said' || line.role !== 'assistant' || line.note !== '' || line.agentId !== undefined) continue;
    const sentence = sentencesOf(line.text).find((each) => !noCause.test(each.text) && mayExplain(each, error));
    if (sentence) return { line, text: sentence.text, quote: sentence.quote };
  }
  return undefined;
}

const mayExplain = ({ text, kind }: Sentence, error: ReadonlySet<string>): boolean =>
  kind === 'plain' &&
  text.length >= 20 &&
  text.length <= 200 &&
  !isNoise(text) &&
  !/[::?]$/.test(text) &&
  explains.test(text) &&
  (cause.test(text) || overlap(error, termsOf(text)) > 0.15);

const firstLine = (call: CallLine): string =>
  call.input.split('\n').find((line) => line.trim() !== '' && line.trim() !== '\\') ?? call.headline;
