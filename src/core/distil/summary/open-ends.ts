/** What was still open when the session ended. */
import { regex } from '../../lib/regex';
import type { CallLine, SaidLine, SessionLine } from '../../store/tables/session-lines';
import type { QuotedClaim } from '../../store/tables/summaries';
import { claimFrom, weigh } from '../reading/evidence';
import { isNoise, isTrivialPrompt } from '../reading/noise';
import { isPraise } from '../reading/reactions';
import { sentencesOf } from '../reading/sentences';
import { likeness, termsOf } from '../reading/turns';
import type { Reading } from '../reading/turns';
import type { KnownRun } from '../reading/work';

const maxOpen = 6;
const leftOver = regex('i')`
  \b(?:not (?:yet )?(?:done|implemented|finished|tested|fixed|covered|handled|verified|addressed)|
  still (?:needs?|need to|to do|open|failing|missing|fails)|remaining (?:work|tasks?|issues?|steps?|
  failures?|items?)|next steps?|todo\b|to-do|follow-?ups?|left to do|out of scope|future work|haven't|
  have not|couldn't|could not|needs? (?:manual|further|more)|you(?:'ll| will)? (?:still )?need to|
  needs? to be (?:done|fixed|added|updated|run|tested))
`;
const leftOverInChinese = /待办|下一步|尚未|还没|未完成|还需要|剩余|后续/;
const nextHeading = regex('i')`
  ^(?:next steps?|remaining|follow-?ups?|todo|to do|open (?:questions|issues|ends)|what'?s (?:next|
  left)|not (?:done|included)|future|known (?:issues|limitations)|下一步|待办|后续|遗留)
`;

export function findOpenEnds(reading: Reading, runs: readonly KnownRun[]): QuotedClaim[] {
  const found = [...redChecks(runs), ...breakOff(reading), ...pendingTodos(reading.calls), ...saidToBeLeft(reading)];
  const kept: QuotedClaim[] = [];
  for (const claim of found) {
    const terms = termsOf(claim.text);
    if (kept.length < maxOpen && !kept.some((other) => likeness(termsOf(other.text), terms) > 0.6)) kept.push(claim);
  }
  return kept;
}

/** Checks whose last run failed. */
function redChecks(runs: readonly KnownRun[]): QuotedClaim[] {
  const last = new Map<string, KnownRun & { command: string }>();
  for (const each of runs)
    for (const part of each.run.parts)
      if (part.outcome !== 'unknown') last.set(part.command, { ...each, command: part.command });
  // A later, broader success covers an earlier failure of the same kind.
  const lastGreen = new Map<string, number>();
  for (const { call, run } of runs)
    for (const { check, outcome } of run.parts)
      if (outcome === 'passed') lastGreen.set(check, Math.max(lastGreen.get(check) ?? 0, call.at));
  const red = [...last.values()]
    .filter(({ run, command }) => run.parts.find((part) => part.command === command)?.outcome === 'failed')
    .filter(({ call, run, command }) => {
      const check = run.parts.find((part) => part.command === command)?.check;
      return Math.max(lastGreen.get(check ?? '') ?? 0, check === 'build' ? (lastGreen.get('test') ?? 0) : 0) <= call.at;
    });
  return red.slice(-2).map(({ call, run, command }) => {
    const words = run.firstBad ?? call.input.split('\n').find((line) => line.trim() !== '') ?? command;
    return claimFrom(
      call,
      run.firstBad === undefined
        ? `${command} failed when it was last run.`
        : `${command} failed when it was last run: ${run.firstBad}`,
      words,
    );
  });
}

/** The session ends unfinished: a prompt without an answer, a call without a result, an interruption. */
function breakOff({ lines, turns }: Reading): QuotedClaim[] {
  const main = lines.filter(
    (line) => line.agentId === undefined && !(line.kind === 'said' && ['thinking', 'attachment'].includes(line.note)),
  );
  const last = main.at(-1);
  const turn = turns.at(-1);
  if (!last || !turn) return [];
  if (last.kind === 'call' && !last.isAnswered)
    return [claimFrom(last, `It ends in the middle of a call: ${last.tool} ${last.headline}`, last.headline)];
  if (isStop(last) && turn.prompt && !isTrivialPrompt(turn.prompt.text))
    return [claimFrom(turn.prompt, `Interrupted while working on: ${firstLine(turn.prompt)}`, firstLine(turn.prompt))];
  if (
    last.kind === 'said' &&
    last.role === 'user' &&
    last.note === '' &&
    !isTrivialPrompt(last.text) &&
    !isPraise(last.text) &&
    turns.length > 1
  )
    return [claimFrom(last, `Not answered: ${firstLine(last)}`, firstLine(last))];
  return [];
}

const isStop = (line: SessionLine): line is SaidLine =>
  line.kind === 'said' && line.note === 'notice' && /^\[Request (?:interrupted|cancelled)/.test(line.text);
const firstLine = ({ text }: SaidLine): string => text.trim().split('\n')[0] ?? '';

/** Unfinished items of the last todo list or of the tasks. */
function pendingTodos(calls: readonly CallLine[]): QuotedClaim[] {
  const own = calls.filter(({ agentId, type }) => agentId === undefined && type !== 'error');
  const list = own.findLast(({ tool }) => tool === 'TodoWrite');
  const todos = list
    ? list.input
        .split('\n')
        .flatMap((line) =>
          /^\[[ >]\] \S/.test(line) ? [claimFrom(list, `Not done: ${line.slice(4)}`, line.slice(4))] : [],
        )
    : [];
  return [...todos, ...pendingTasks(calls)].slice(0, 4);
}

function pendingTasks(calls: readonly CallLine[]): QuotedClaim[] {
  const open = new Map<string, { call: CallLine; subject: string }>();
  for (const call of calls) {
    if (call.tool === 'TaskCreate') {
      const id = /Task #(\d+) created/.exec(call.output)?.[1];
      const subject = /^subject: (.+)$/m.exec(call.input)?.[1];
      if (id !== undefined && subject !== undefined) open.set(id, { call, subject });
    } else if (call.tool === 'TaskUpdate') {
      const id = /^taskId: "?(\d+)/m.exec(call.input)?.[1];
      if (id !== undefined && /^status: "?(?:completed|deleted|cancelled)/m.test(call.input)) open.delete(id);
    } else if (call.tool === 'TaskList') {
      // Sub-agents finish tasks without a visible call, but the printed list shows it.
      for (const [, id = ''] of call.output.matchAll(/^#(\d+) \[completed\]/gm)) open.delete(id);
    }
  }
  return [...open.values()].map(({ call, subject }) => claimFrom(call, `Not done: ${subject}`, subject));
}

/** Remaining work named in the last answer, and a question without an answer. */
function saidToBeLeft({ turns }: Reading): QuotedClaim[] {
  const last = turns.at(-1)?.answers.at(-1);
  if (!last) return [];
  const sentences = sentencesOf(last.text);
  const left = sentences.filter(
    ({ text, heading, kind }) =>
      kind !== 'heading' &&
      weigh(text) >= 15 &&
      text.length <= 300 &&
      !/[::]$/.test(text) &&
      (nextHeading.test(heading) || ((leftOver.test(text) || leftOverInChinese.test(text)) && !isNoise(text))),
  );
  const question = sentences.at(-1);
  const asks =
    question &&
    /[??]$/.test(question.text) &&
    weigh(question.text) >= 20 &&
    !/anything else|other questions|help you with|还有(?:什么|其他)/i.test(question.text)
      ? [claimFrom(last, `Asked, and not answered: ${question.text}`, question.quote)]
      : [];
  return [...left.slice(0, 3).map(({ text, quote }) => claimFrom(last, text, quote)), ...asks];
}
