/**
 * Questions with their right sessions, and the transcripts to search. Data of others is read in place and never copied
 * into the project.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { SqlDriver } from '../../src/core/store/sqlite/driver';
import { Transcript, sessionId } from '../fixtures/transcript-lines';
import { deriveQuestions } from './derived';

export interface Question {
  text: string;
  /** Ids of the right sessions; empty for a question without an answer. */
  gold: ReadonlySet<string>;
  /** Sessions that a right one amends; they must stand after it. */
  amended?: ReadonlySet<string>;
  /** Subset in which it is counted too. */
  part?: string;
}

/** One memory with its questions. A set may consist of several. */
export interface Case {
  /** Writes `projects/` into an empty config folder. */
  write(configDir: string): void;
  /** Made from the imported rows when they ask what only these know. */
  questions: readonly Question[] | ((driver: SqlDriver) => readonly Question[]);
  /** Cases with the same name here are the same memory, which is imported once. */
  memory?: string;
}

export interface EvaluationSet {
  name: string;
  cases: readonly Case[];
}

/**
 * `queries`: JSON array of {query, sessions, superseded?, verbatim_in_transcript?}. `projects`: a config folder, or the
 * `projects` in it. The set is named after the file.
 */
export function loadQueries(queries: string, projects: string): EvaluationSet {
  const rows = JSON.parse(readFileSync(queries, 'utf8')) as {
    query: string;
    sessions: string[];
    superseded?: string[];
    verbatim_in_transcript?: boolean;
  }[];
  const questions = rows.map(({ query, sessions, superseded, verbatim_in_transcript: isVerbatim }): Question => ({
    text: query,
    gold: new Set(sessions),
    ...(superseded && superseded.length > 0 && { amended: new Set(superseded) }),
    ...(isVerbatim === false && { part: 'not verbatim' }),
  }));
  // Where none is verbatim, the part is the whole.
  const isWhole = questions.every(({ part }) => part !== undefined);
  return {
    name: path.basename(queries, '.json'),
    cases: [
      {
        questions: isWhole ? questions.map(({ part: _, ...question }) => question) : questions,
        ...memoryOf(projects),
      },
    ],
  };
}

/** Questions that sessions answer about themselves. */
export const derivedSet = (projects: string): EvaluationSet => ({
  name: `derived from ${path.basename(projects)}`,
  cases: [{ questions: deriveQuestions, ...memoryOf(projects) }],
});

function memoryOf(projects: string): Pick<Case, 'memory' | 'write'> {
  const from = existsSync(path.join(projects, 'projects')) ? path.join(projects, 'projects') : projects;
  return {
    memory: path.resolve(from),
    write: (configDir) => cpSync(from, path.join(configDir, 'projects'), { recursive: true }),
  };
}

interface LocomoTurn {
  speaker: string;
  text?: string;
}

type Locomo = Record<string, unknown> & { qa: { question: string; evidence?: unknown }[] };

/** LoCoMo as published: a file with an array of conversations, or a folder with one file for each. */
export function loadLocomo(source: string): EvaluationSet {
  const files = statSync(source).isDirectory()
    ? readdirSync(source)
        .filter((name) => name.endsWith('.json'))
        .map((name) => path.join(source, name))
    : [source];
  const conversations = files.flatMap(
    (file) => JSON.parse(readFileSync(file, 'utf8')) as { conversation: Record<string, unknown>; qa: Locomo['qa'] }[],
  );
  return {
    name: 'locomo',
    cases: conversations.map(({ conversation, qa }, index) => locomoCase(conversation, qa, index)),
  };
}

function locomoCase(conversation: Record<string, unknown>, qa: Locomo['qa'], index: number): Case {
  const numbers = Object.keys(conversation).flatMap((key) =>
    /^session_\d+$/.test(key) && Array.isArray(conversation[key]) ? [Number(key.slice(8))] : [],
  );
  const idOf = (number: number) => sessionId(1000 * (index + 1) + number);
  return {
    questions: qa.flatMap(({ question, evidence }) => {
      const gold = new Set(
        [...JSON.stringify(evidence ?? '').matchAll(/D(\d+):\d+/g)].map((match) => idOf(Number(match[1]))),
      );
      return gold.size > 0 ? [{ text: question, gold }] : [];
    }),
    write(configDir) {
      for (const number of numbers) {
        const turns = conversation[`session_${number}`] as LocomoTurn[];
        const at = parseMoment(conversation[`session_${number}_date_time`] as string);
        const transcript = new Transcript(idOf(number), { cwd: `/talk/${index}` });
        turns.forEach(({ speaker, text }, turn) => {
          if (!text) return;
          const extra = { timestamp: new Date(at + turn * 1000).toISOString() };
          if (speaker === conversation['speaker_b']) transcript.answer(`${speaker}: ${text}`, extra);
          else transcript.prompt(`${speaker}: ${text}`, extra);
        });
        writeTranscriptFile(configDir, `-talk-${index}`, idOf(number), transcript);
      }
    },
  };
}

/** "1:56 pm on 8 May, 2023" */
function parseMoment(text: string): number {
  const match = /(\d+):(\d+) ([ap])m on (\d+) (\w+),? (\d{4})/i.exec(text);
  if (!match) throw new Error(`No date: ${text}`);
  const [, hour, minute, half, day, month, year] = match;
  return new Date(
    `${day} ${month} ${year} ${(Number(hour) % 12) + (half?.toLowerCase() === 'p' ? 12 : 0)}:${minute}`,
  ).getTime();
}

export function writeTranscriptFile(configDir: string, project: string, id: string, transcript: Transcript): void {
  const folder = path.join(configDir, 'projects', project);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${id}.jsonl`), transcript.text());
}
