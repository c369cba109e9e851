/**
 * Summarises a session by rules: chooses and orders sentences that occur in it. The same rows always give the same
 * summary.
 */
import { estimateTokens } from '../../lib/tokens';
import type { SessionHead, SessionLine } from '../../store/tables/session-lines';
import { quotesOf } from '../../store/tables/summaries';
import type { NewSummary, QuotedClaim, SummaryBody } from '../../store/tables/summaries';
import { sentenceOf } from '../reading/evidence';
import { likeness, readTurns, termsOf } from '../reading/turns';
import type { Reading } from '../reading/turns';
import { listCommands, listFiles, readRuns } from '../reading/work';
import { findAsks } from './asked';
import type { Ask } from './asked';
import { findDecisions } from './decisions';
import { findReports } from './done';
import type { Report } from './done';
import { findErrors } from './errors-met';
import { findOpenEnds } from './open-ends';

export type LocalSummary = NewSummary;

const maxTitle = 120;
const maxPoints = 6;
/** Weight of being different against being important. */
const spread = 0.45;

export function summarizeLocally(head: SessionHead, lines: readonly SessionLine[]): LocalSummary {
  const steps = summarySteps(head, lines);
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

/** The same in steps, for the keeper's thread: a session of some megabytes takes longer than a request may wait. */
export function* summarySteps(
  head: SessionHead,
  lines: readonly SessionLine[],
): Generator<undefined, LocalSummary, undefined> {
  const reading = readTurns(head, lines);
  yield;
  const runs = readRuns(reading);
  yield;
  const asks = findAsks(reading);
  yield;
  const reports = findReports(reading, asks);
  yield;
  const decisions = speaking(findDecisions(reading));
  yield;
  const errors = findErrors(reading, runs).filter(({ text }) => text !== '');
  yield;
  const openEnds = speaking(findOpenEnds(reading, runs));
  yield;
  const facts = {
    asked: speaking(asks.map(({ claim }) => claim)),
    done: speaking(reports.map(({ claim }) => claim)),
    decisions,
    files: listFiles(reading),
    errors,
    commands: listCommands(runs),
    openEnds,
  };
  const body: SummaryBody = { ...facts, keyPoints: speaking(pickPoints(facts, reports, asks)) };
  const rawTokens = lines.reduce(
    (sum, line) => sum + estimateTokens(line.kind === 'said' ? line.text : line.input + line.output),
    0,
  );
  return {
    sessionId: head.id,
    source: 'local',
    model: '',
    title: titleOf(head, asks, reports),
    body,
    droppedClaims: 0,
    quality: rate(body, reading),
    costUsd: 0,
    lastSequence: head.lastSequence,
    rawTokens,
    tokens: estimateTokens(wordsOf(body)),
  };
}

/** Claims that have words and evidence. */
const speaking = (claims: readonly QuotedClaim[]): QuotedClaim[] =>
  claims.filter(({ text, evidence }) => /[\p{L}\p{N}]/u.test(text) && evidence.every(({ quote }) => quote !== ''));

/** The session's title; when it is only the beginning of a long prompt, the request in that prompt. */
function titleOf(head: SessionHead, asks: readonly Ask[], reports: readonly Report[]): string {
  const title = head.title.trim();
  if (title !== '' && title.length <= 80 && !title.endsWith('…') && !/[:,]$/.test(title))
    return sentenceOf(title, maxTitle);
  const [ask] = asks;
  const commit = reports.find(({ isCommit }) => isCommit);
  const chosen = (ask && ask.claim.text.length >= 12 ? ask.claim.text : commit?.claim.text) ?? title;
  return sentenceOf(chosen, maxTitle)
    .replace(/[:,;]$/, '')
    .trimEnd();
}

/** The best claims of all sections that differ from each other (maximal marginal relevance). */
function pickPoints(
  body: Omit<SummaryBody, 'keyPoints'>,
  reports: readonly Report[],
  asks: readonly Ask[],
): QuotedClaim[] {
  const [first] = asks;
  const last = asks.at(-1);
  const near = (terms: ReadonlySet<string>) =>
    Math.max(first ? likeness(first.terms, terms) : 0, last ? likeness(last.terms, terms) : 0);
  const hasWork = reports.some(({ isWork }) => isWork);
  const candidates = [
    ...reports.map(({ claim, score, isCommit, isWork }) => ({
      claim,
      worth: isCommit ? 0.95 : Math.min(0.9, 0.35 + score / 8) - (hasWork && !isWork ? 0.2 : 0),
    })),
    ...body.errors.flatMap(({ text, fix, evidence }) =>
      fix
        ? [
            {
              claim: {
                text: sentenceOf(`${sentenceOf(text, 110)} — ${fix.text}`),
                evidence: [...evidence, ...fix.evidence],
              },
              worth: 0.6,
            },
          ]
        : [],
    ),
    ...body.decisions.map((claim) => ({ claim, worth: 0.62 })),
    ...body.openEnds.map((claim, index) => ({ claim, worth: index === 0 ? 0.66 : 0.45 })),
  ].map((each) => ({ ...each, terms: termsOf(each.claim.text) }));
  const kept: typeof candidates = [];
  while (kept.length < maxPoints) {
    const rated = candidates
      .filter((each) => !kept.some((other) => other === each || likeness(other.terms, each.terms) > 0.7))
      .map((each) => ({
        each,
        worth:
          each.worth +
          0.3 * near(each.terms) -
          spread * Math.max(0, ...kept.map(({ terms }) => likeness(terms, each.terms))),
      }))
      .sort((a, b) => b.worth - a.worth);
    const [best] = rated;
    if (!best || (kept.length >= 3 && best.worth < 0.5)) break;
    kept.push(best.each);
  }
  return kept.map(({ claim }) => claim);
}

/** Share of the required parts that the summary has, of those the session has: 0 to 1. */
function rate(body: SummaryBody, { turns, calls }: Reading): number {
  const edits = turns.some((turn) => turn.edits.length > 0);
  const parts: [isDue: boolean, isThere: boolean, weight: number][] = [
    [true, body.asked.length > 0, 3],
    [turns.some(({ answers }) => answers.length > 0), body.done.length > 0, 3],
    [edits, body.files.length > 0, 2],
    [calls.some(({ tool }) => tool === 'Bash'), body.commands.length > 0 || !edits, 1],
    [body.errors.length > 0, body.errors.some(({ fix }) => fix !== undefined), 1],
    [
      true,
      body.keyPoints.length >= Math.min(3, body.done.length + body.openEnds.length) && body.keyPoints.length > 0,
      2,
    ],
    [true, quotesOf(body).length > 0, 1],
  ];
  const due = parts.filter(([isDue]) => isDue);
  const sum = (each: typeof parts) => each.reduce((total, [, , weight]) => total + weight, 0);
  return Math.round((sum(due.filter(([, isThere]) => isThere)) / sum(due)) * 100) / 100;
}

function wordsOf(body: SummaryBody): string {
  const claims = [...body.asked, ...body.done, ...body.decisions, ...body.openEnds, ...body.keyPoints];
  return [
    ...claims.map(({ text }) => text),
    ...body.files.map(({ path }) => path),
    ...body.commands.map(({ command }) => command),
    ...body.errors.map(({ text, fix }) => `${text} ${fix?.text ?? ''}`),
  ].join('\n');
}
