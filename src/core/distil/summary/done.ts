/**
 * What was done: from the final answers of turns and the subjects of commits. In turns without changes: what was found
 * out.
 */
import { regex } from '../../lib/regex';
import type { CallLine } from '../../store/tables/session-lines';
import type { QuotedClaim } from '../../store/tables/summaries';
import { claimFrom, weigh } from '../reading/evidence';
import { isNoise } from '../reading/noise';
import { readRun } from '../reading/outcomes';
import { readReactions } from '../reading/reactions';
import type { Reaction } from '../reading/reactions';
import { sentencesOf } from '../reading/sentences';
import type { Sentence } from '../reading/sentences';
import { likeness, overlap, termsOf } from '../reading/turns';
import type { Reading, Turn } from '../reading/turns';
import type { Ask } from './asked';

export interface Report {
  turn: number;
  at: number;
  claim: QuotedClaim;
  terms: ReadonlySet<string>;
  /** How much it says about the work. */
  score: number;
  isCommit: boolean;
  /** The turn changed files. */
  isWork: boolean;
}

const maxReports = 8;
const maxOfTurn = 2;
/** The commit's subject is at the beginning of the command; the rest is its body. */
const maxCommand = 20_000;
const verbs = [
  'added|addressed|adjusted|aligned|applied|bumped|changed|cleaned|cleared|committed|configured|consolidated',
  'converted|corrected|created|deduplicated|deleted|disabled|documented|dropped|enabled|ensured|extended',
  'extracted|fixed|implemented|improved|inlined|installed|integrated|introduced|merged|migrated|moved',
  'normali[sz]ed|opened|optimi[sz]ed|passed|ported|posted|pushed|rebased|reduced|refactored|reformatted',
  'registered|removed|renamed|reordered|replaced|replied|reset|resolved|restored|restructured|reverted|reworked',
  'rewrote|ran|scoped|separated|simplified|split|stopped|stored|streamlined|switched|tested|tightened|trimmed',
  'turned|unified|updated|upgraded|validated|verified|wired|wrapped|wrote',
].join('|');
const reporting = new RegExp(
  `^(?:(?:also|and|then|successfully|all|both|the|i|we|i've|we've|i have|has been|` +
    `[\\w./()-]+:?(?:\\s+[—–-])?|\\*\\*[^*]+\\*\\*:?)\\s+){0,3}(?:successfully |also |now |` +
    `just )?(?:${verbs})\\b`,
  'i',
);
const nowDoes = regex('i')`
  \b(?:now (?:uses?|returns?|works?|has|have|shows?|includes?|supports?|handles?|checks?|runs?|reads?|
  writes?|correctly|properly|only|also|takes?|calls?|keeps?|skips?)|(?:has|have) been (?:\w+ )?\w+(?:ed|
  en|t)\b|no longer|is now|are now|will now)\b
`;
const finding = regex('i')`
  \b(?:root cause|the (?:issue|problem|bug|cause|reason|culprit|fix)\b.{0,30}\b(?:is|was|are)|because|
  this means|which means|in short|caused by|happens when|turns out|the result is)\b|^(?:yes|no)[,.—– -]
`;
const doneInChinese =
  /^(?:已经?|成功|现在)|(?:已(?:经)?(?:完成|修复|添加|更新|实现|删除|修改|创建|改为)|(?:修复|添加|新增|更新|实现|删除|重构|创建|修改|替换|移动)了)/;
const foundInChinese = /原因是|问题(?:是|在于|出在)|因为|根本原因|导致/;
const aboutChecks = regex('i')`
  ^(?:all|the|both)?\s*(?:\d+ )?(?:tests?|lint(?:er|ing)?|checks?|build|everything|ci)
  \b[^.]{0,60}\b(?:pass(?:es|ed|ing)?|clean|green|succeed(?:s|ed)?|works?)\b
`;

/** The sentence says that something was done, but not what. */
const empty = regex('i')`
  ^(?:all|the|everything|both)\b(?: of)?(?: the| these| your| requested)*\s?(?:changes?|tasks?|todos?|
  steps?|work|implementation|plan|issues?|fix(?:es)?)?\s(?:have been|has been|are|is|were|was)\s(?:now |
  successfully )*(?:all )?(?:implemented|done|complete[d]?|fixed|applied|addressed|resolved|verified|
  in place|working|ready|clear)\b.{0,30}$
`;

/** At most eight reports, in order. */
export function findReports(reading: Reading, asks: readonly Ask[]): Report[] {
  const reactions = new Map(readReactions(reading.lines).map(({ turn, reaction }) => [turn, reaction]));
  const termsOfTurn = new Map(asks.map(({ turn, terms }) => [turn, terms]));
  const all = reading.turns.flatMap((turn) => [
    ...commitsOf(turn),
    ...reportsOf(turn, reading, termsOfTurn.get(turn.turn) ?? new Set(), reactions.get(turn.turn) ?? 'neither'),
  ]);
  const kept: Report[] = [];
  if (all.length === 0) return lastWords(reading);
  for (const report of all.toSorted((a, b) => b.score - a.score || a.at - b.at)) {
    if (kept.length >= maxReports) break;
    if (
      kept.filter(({ turn, isCommit }) => turn === report.turn && isCommit === report.isCommit).length >=
      (reading.turns.length < 3 ? 5 : maxOfTurn)
    )
      continue;
    if (!kept.some((each) => likeness(each.terms, report.terms) > 0.5 || overlap(each.terms, report.terms) > 0.75))
      kept.push(report);
  }
  return kept.toSorted((a, b) => a.turn - b.turn || a.at - b.at);
}

/** Score by the person's next message: a corrected report is worth little. */
const beliefs = { accepts: 0.6, corrects: -1.2, undoes: -1.6, neither: 0 };

function reportsOf(turn: Turn, reading: Reading, asked: ReadonlySet<string>, reaction: Reaction): Report[] {
  const belief = beliefs[reaction];
  // The last answer of a turn is a report; in a long turn, earlier answers that look like one count too.
  const last = turn.answers.at(-1);
  if (!last || last.text.length < 20) return [];
  const changed = turn.edits.length > 0 || turn.calls.some(isCommitting);
  // A text before a call that changed nothing is a plan, not a report.
  if (!changed && turn.calls.some((call) => call.agentId === undefined && call.sequence > last.sequence)) return [];
  const sentences = sentencesOf(last.text).filter(
    (sentence) =>
      sentence.kind !== 'heading' &&
      !isNoise(sentence.text) &&
      (!/[::]$/.test(sentence.text) || reporting.test(sentence.text) || nowDoes.test(sentence.text)),
  );
  return sentences.flatMap((sentence, index) => {
    if (/\b(?:as|now|to|of|and|that|like|documents|describes|includes?|following)\s*[::]$/i.test(sentence.text))
      return [];
    const terms = termsOf(sentence.text);
    const score = scoreOf(sentence, index, changed, overlap(asked, terms), reading) + belief;
    return score < 1.6
      ? []
      : [
          {
            turn: turn.turn,
            at: last.at + index / 1000,
            claim: claimFrom(last, finish(sentence.text), sentence.quote),
            terms,
            score,
            isCommit: false,
            isWork: changed,
          },
        ];
  });
}

/** Removes the end of a sentence that introduces a list. */
const finish = (text: string): string => text.replace(/(?:\s+(?:with|for|in))?\s*[::]$/, '.');

/** When no sentence looks like a report: the first sentence of the last answer that says something. */
function lastWords({ turns }: Reading): Report[] {
  const last = turns.flatMap(({ answers }) => answers).at(-1);
  const sentence =
    last &&
    sentencesOf(last.text).find(
      ({ text, kind }) => kind !== 'heading' && text.length >= 15 && !isNoise(text) && !/[:?]$/.test(text),
    );
  return last && sentence
    ? [
        {
          turn: last.turn,
          at: last.at,
          claim: claimFrom(last, sentence.text, sentence.quote),
          terms: termsOf(sentence.text),
          score: 1,
          isCommit: false,
          isWork: false,
        },
      ]
    : [];
}

function scoreOf(
  { text, kind, heading }: Sentence,
  index: number,
  changed: boolean,
  asked: number,
  { editedNames }: Reading,
): number {
  let score = 0;
  const reports = reporting.test(text) || doneInChinese.test(text);
  if (changed) score += reports ? 2 : nowDoes.test(text) ? 1.6 : 0;
  if (finding.test(text) || foundInChinese.test(text)) score += changed ? 0.8 : 1.6;
  if (!changed && reports) score += 0.3;
  if (index === 0) score += changed ? 0.8 : 1.2;
  else if (index < 4) score += 0.3;
  if (/summary|what (?:was|i) (?:done|changed|did)|changes|fix|总结|改动/i.test(heading)) score += 0.4;
  if (kind === 'nested') score -= changed ? 0.5 : 1;
  if (/^[\w./-]+\.\w{1,4}\b/.test(text) && weigh(text) < 60) score -= 0.6;
  score += asked * 1.2;
  if (
    text
      .toLowerCase()
      .match(/[^\s/\\`'"(),:;]+/g)
      ?.some((word) => editedNames.has(word.replace(/[.!?]$/, '')))
  )
    score += 0.4;
  if (aboutChecks.test(text)) score -= 2;
  if (text.endsWith('?')) score -= 2;
  if (/^(?:if|to|you can|run|usage|note|example|before|after|line)\b/i.test(text)) score -= 1;
  if (/\b(?:here|above|below)\b/i.test(text)) score -= 0.8;
  if (/\blines? \d+\b/i.test(text)) score -= 0.4;
  if (empty.test(text) || weigh(text) < 20) score -= 2;
  if (weigh(text) < 30) score -= 0.8;
  if (text.length > 240) score -= 0.4;
  return score;
}

const isCommitting = (call: CallLine): boolean =>
  call.type !== 'error' && /\bgit\b[^\n|;]{0,80}\bcommit\b|\bgh pr create\b/.test(call.input);

/** Subjects of successful commits, which word best what was done. */
function commitsOf({ turn, calls }: Turn): Report[] {
  return calls.flatMap((call) => {
    if (
      call.tool !== 'Bash' ||
      !isCommitting(call) ||
      readRun(call)?.outcome === 'failed' ||
      /nothing to commit|no changes added/.test(call.output)
    )
      return [];
    const subject = subjectOf(call.input);
    if (subject === undefined || isNoise(subject) || subject.startsWith('Merge ')) return [];
    return [
      {
        turn,
        at: call.at,
        claim: claimFrom(call, subject.replace(/\\(["`$\\])/g, '$1'), subject),
        terms: termsOf(subject),
        score: 3.4,
        isCommit: true,
        isWork: true,
      },
    ];
  });
}

function subjectOf(whole: string): string | undefined {
  const input = whole.slice(0, maxCommand);
  const inline =
    /\b(?:commit|create)\b[^\n]{0,300}?(?:-[a-z]{0,8}m|--message|--title)[ =]+(["'])((?:(?!\1)[^\n\\]|\\.){6,200})/.exec(
      input,
    )?.[2];
  if (inline !== undefined && !inline.startsWith('$(')) return inline.trim();
  const heredoc = /<<-?\s*["']?(\w+)["']?\s*\n([^\n]{6,200})/.exec(input);
  return heredoc && /\bcommit\b/.test(input.slice(0, heredoc.index)) ? heredoc[2]?.trim() : undefined;
}
