/** Makes questions with known answers from the history itself. */
import type { HitReasons } from '../../protocol/search-hit';
import { stopWords, tokensOf } from '../index/tokenize';
import type { CommitHistory } from '../lib/git';
import { breathe } from '../lib/turns';
import type { SqlDriver } from '../store/sqlite/driver';
import { documentsSaying, editorsOf, summariesOfSessions, titlesOfSessions } from '../store/tables/known-answers';

export interface Question {
  text: string;
  /** Row number of the right session. */
  session: number;
  /** Documents that contain the question literally; both roads must ignore them. */
  leftOut: readonly number[];
}

const maxTitles = 300;
const maxSummaries = 100;
const maxCommits = 200;
/** The first lines of a summary say what was wanted; nobody types longer questions. */
const maxQuestionLength = 240;
/** A commit is made while its session runs, or at most this long after. */
const soonMs = 3_600_000;

export async function gatherQuestions(
  driver: SqlDriver,
  commits: CommitHistory | undefined,
  signal?: AbortSignal,
): Promise<Question[]> {
  const titles = titlesOfSessions(driver, maxTitles);
  const seen = new Map<string, number>();
  for (const { title } of titles) seen.set(title, (seen.get(title) ?? 0) + 1);
  const fromTitles = titles
    .filter(({ title }) => seen.get(title) === 1)
    .map(({ title, session, document }): Question => ({ text: title, session, leftOut: [document] }));
  const fromSummaries = summariesOfSessions(driver, maxSummaries).flatMap(({ text, session, document }): Question[] => {
    const question = heartOf(text);
    return question === '' ? [] : [{ text: question, session, leftOut: [document] }];
  });
  return mixed([...fromTitles, ...fromSummaries, ...(await fromCommits(driver, commits, signal))]);
}

/** The session of a commit: the only one that was active then and had edited one of its files. */
async function fromCommits(
  driver: SqlDriver,
  history: CommitHistory | undefined,
  signal: AbortSignal | undefined,
): Promise<Question[]> {
  const questions: Question[] = [];
  for (const { subject, at, files } of (await history?.commits(signal).catch(() => [])) ?? []) {
    if (questions.length >= maxCommits || signal?.aborted) break;
    const [session, other] = editorsOf(driver, files, at, soonMs);
    // Lets the keeper answer other requests between two commits.
    await breathe();
    if (session !== undefined && other === undefined)
      questions.push({ text: subject, session, leftOut: documentsSaying(driver, session, subject) });
  }
  return questions;
}

/**
 * The question without the better half of the words by which its session was found, as if asked by somebody who
 * remembers them differently; undefined when no words would be left.
 */
export function withoutBestWords(text: string, words: HitReasons['words']): string | undefined {
  const best = words.toSorted((a, b) => b.score - a.score).slice(0, Math.ceil(words.length / 2));
  const out = new Set(best.map(({ term }) => term));
  // Parts of an identifier overlap it, so letters are blanked and not cut out.
  const left = text.split('');
  for (const { term, start, end } of tokensOf(text)) if (out.has(term)) left.fill(' ', start, end);
  const shorter = left.join('').replace(/\s+/g, ' ').trim();
  return shorter !== text && tokensOf(shorter).some(({ term }) => !stopWords.has(term)) ? shorter : undefined;
}

/** The text under the first heading of a client's summary. */
function heartOf(summary: string): string {
  const after = /primary request[^\n:]*:?\**\s*/i.exec(summary);
  const text = (after ? summary.slice(after.index + after[0].length) : summary)
    .replace(/[*#`<>]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text.slice(0, maxQuestionLength).replace(/\s\S*$/, '');
}

/** A fixed order independent of time and kind, so that both halves are alike. */
function mixed(questions: readonly Question[]): Question[] {
  const scattered = ({ text, session }: Question) =>
    text.split('').reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, session);
  return questions
    .map((question) => ({ question, order: scattered(question) }))
    .sort((a, b) => a.order - b.order)
    .map(({ question }) => question);
}
