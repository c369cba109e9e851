/** Memories to ask: the generated history, talk of our own making, and sde-bench with what a report hinges on taken away. */
import { cpSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { findAmendmentsStep } from '../../../src/core/give/find-amendments';
import { FullText } from '../../../src/core/index/full-text';
import type { SqlDriver } from '../../../src/core/store/sqlite/driver';
import { Transcript, sessionId, writeTranscript } from '../../fixtures/transcript-lines';
import { makeHistory } from '../inject/made';
import type { AskCase } from './ask';
import type { AskSet } from './ask-set';

const dayMs = 86_400_000;

/** Amendments are found in the background; a measurement waits for them. */
export function findAmendments(driver: SqlDriver, now: number): void {
  const index = new FullText(driver);
  while (findAmendmentsStep({ driver, index, now: () => now }));
}

const templates: readonly ((thing: string, aspect: string) => string)[] = [
  (thing, aspect) => `What did we decide about the ${aspect} of the ${thing}?`,
  (thing, aspect) => `Which ${aspect} does the ${thing} have now?`,
  (thing, aspect) => `${thing}: what was the ${aspect} we agreed on?`,
];

/** Writes the history; the questions are known once its projects are in memory. */
export async function makeAskHistory(
  configDir: string,
  seed: number,
): Promise<{ now: number; cases: (idOf: (root: string) => number) => AskCase[] }> {
  const { cases, now } = await makeHistory(configDir, seed);
  return {
    now,
    cases: (idOf) =>
      cases.flatMap(({ kind, prompt, folder, gold, superseded, subject }, number): AskCase[] => {
        const base = {
          scopeIds: [idOf(folder)],
          isAnswerable: gold.length > 0,
          ...(gold.length > 0 && { gold }),
          ...(subject?.value !== undefined && { value: subject.value }),
          superseded,
        };
        const asReported: AskCase = { kind: `report: ${kind}`, question: prompt, ...base };
        if (!subject || kind === 'reworded') return [asReported];
        const template = templates[number % templates.length]!;
        return [asReported, { kind: `question: ${kind}`, question: template(subject.thing, subject.aspect), ...base }];
      }),
  };
}

export async function writeTalks(configDir: string, { talks }: AskSet): Promise<number> {
  const begin = Date.UTC(2026, 8, 1, 9);
  for (const [number, { turns }] of talks.entries()) {
    const transcript = new Transcript(sessionId(7000 + number), {
      cwd: '/work/meadow',
      startedAt: begin + number * dayMs,
    });
    for (const [prompt, ...replies] of turns) {
      transcript.prompt(prompt);
      for (const reply of replies)
        if (reply.startsWith('$ ')) transcript.tool('Bash', { command: reply.slice(2) }, 'ok');
        else transcript.answer(reply);
    }
    // oxlint-disable-next-line no-await-in-loop -- a few small files
    await writeTranscript(configDir, transcript.sessionId, transcript, '-work-meadow');
  }
  return begin + 100 * dayMs;
}

export const casesOfSet = ({ pairs }: AskSet): AskCase[] =>
  pairs.map(({ question, answer }) => ({
    kind: answer === undefined ? 'no answer' : 'answer',
    question,
    isAnswerable: answer !== undefined,
    ...(answer !== undefined && { value: answer }),
  }));

export interface Report {
  task: string;
  query: string;
  sessions: string[];
  superseded: string[];
}

export const readReports = (folder: string): Report[] =>
  JSON.parse(readFileSync(path.join(folder, 'queries.json'), 'utf8')) as Report[];

/** Copies the chats; those of `without` are left out. */
export function copyChats(folder: string, configDir: string, without: readonly string[] = []): void {
  const to = path.join(configDir, 'projects');
  cpSync(path.join(folder, 'projects'), to, { recursive: true });
  for (const id of without) rmSync(path.join(to, '-work-boltons', `${id}.jsonl`), { force: true });
}
