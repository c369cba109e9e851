/** Requests about sessions: lists, pages of the reader, single rows, forgetting and restoring. */
import * as z from 'zod/mini';
import type { FileEdit, ForgottenSession, MemoryText, PlacedItem, ReaderPage, RowPlace, SessionCard } from '../model';
import type { Page, RestoredTranscript } from '../status';
import { answer, question } from './question';
import type { ApiOf } from './question';
import { count, cursor, limit, maxBody, path, rowKey, scope, sessionId, time, turn, words } from './schemas';

const sessionQuery = z.object({
  scope: z.exactOptional(scope),
  /** Only sessions updated in [after, before). */
  after: z.exactOptional(time),
  before: z.exactOptional(time),
  only: z
    .exactOptional(z.enum(['errors', 'live']))
    .check(z.describe('Only sessions with errors, or only those still growing.')),
  order: z
    .exactOptional(z.enum(['latest', 'project', 'branch']))
    .check(
      z.describe('`latest` when absent; otherwise by name of the project, or of project and branch, then the latest.'),
    ),
  pinnedFirst: z
    .exactOptional(z.boolean())
    .check(z.describe('Pinned sessions come before all others, among themselves the latest first.')),
  text: z.exactOptional(words).check(z.describe('Words in the title or first prompt.')),
  cursor: z.exactOptional(cursor),
  limit: z.exactOptional(limit).check(z.describe('50 when absent.')),
});
export type SessionQuery = z.output<typeof sessionQuery>;

const readQuery = z.object({
  sessionId,
  /** Start at this page cursor, around this row key, or around this turn; otherwise at the beginning. */
  cursor: z.exactOptional(cursor),
  aroundKey: z.exactOptional(rowKey),
  aroundTurn: z.exactOptional(turn),
  limit: z.exactOptional(limit).check(z.describe('60 when absent.')),
});
export type ReadQuery = z.output<typeof readQuery>;

const editsQuery = z.object({
  file: path.check(z.describe('Last names of a path, or all: `src/cart.ts`.')),
  line: z
    .exactOptional(z.string().check(z.maxLength(maxBody)))
    .check(z.describe('A line of the file as it is now: says which edits wrote it.')),
  scope: z.exactOptional(scope),
  limit: z.exactOptional(limit).check(z.describe('Sessions; 10 when absent.')),
});

/** Longest name that a person may give a session, in UTF-16 units. */
export const maxSessionName = 200;
const sessionName = z.string().check(z.trim(), z.maxLength(maxSessionName));

/** A prompt in the outline of a session: its first line and its place. */
export interface OutlinePrompt extends RowPlace {
  at: number;
  /** First line, at most 200 letters. */
  text: string;
}

const stepQuery = z.object({
  sessionId,
  to: z
    .enum(['prompt', 'task', 'error', 'row'])
    .check(z.describe('A prompt of the person, the beginning of a sub-agent, a call that failed, or any row.')),
  from: z.exactOptional(rowKey).check(z.describe('The row to go on from; absent: from outside of the session.')),
  isBack: z.exactOptional(z.boolean()),
});
export type StepQuery = z.output<typeof stepQuery>;

/** Rows of a session with all words of a text, in reading order. */
export interface FoundInSession {
  places: RowPlace[];
  /** Index of the first one at or after the row that was being read; 0 when there is none. */
  at: number;
}

/** A local day, as 2026-11-22, and how many sessions were last at work on it. */
export interface SessionDay {
  day: string;
  count: number;
}

export const sessionQuestions = {
  listSessions: question({
    about: 'Sessions as cards, the latest first, in pages.',
    takes: [['query', sessionQuery]],
    gives: answer<Page<SessionCard>>(),
    by: 'page',
    canAbort: true,
  }),
  sessionDays: question({
    about:
      'How many sessions were last at work on each local day of a time, for a calendar. Days without any are left out.',
    takes: [
      ['from', time],
      ['to', time],
      ['scope', z.optional(scope)],
    ],
    gives: answer<SessionDay[]>(),
    by: 'page',
  }),
  getSession: question({
    about: 'One session as a card.',
    takes: [['id', sessionId]],
    gives: answer<SessionCard>(),
    by: 'head',
  }),
  readSession: question({
    about: 'A page of a session in reading order: messages and tool calls.',
    takes: [['query', readQuery]],
    gives: answer<ReaderPage>(),
    by: 'page',
    canAbort: true,
  }),
  findInSession: question({
    about: 'Rows of one session that hold all words of a text, in reading order, and which is next from a row on.',
    takes: [
      ['id', sessionId],
      ['text', words],
      ['from', z.optional(rowKey)],
    ],
    gives: answer<FoundInSession>(),
    by: 'page',
    canAbort: true,
  }),
  stepInSession: question({
    about:
      'The next prompt, sub-agent, error or row of a session in reading order, or the one before. Null when there is none.',
    takes: [['query', stepQuery]],
    gives: answer<RowPlace | null>(),
    by: 'page',
  }),
  outline: question({
    about: 'What a person asked in a session, prompt by prompt in reading order, each as one line. At most 2000.',
    takes: [['id', sessionId]],
    gives: answer<OutlinePrompt[]>(),
    by: 'page',
  }),
  fileEdits: question({
    about: 'Calls that changed a file, by session, the latest first: which, when, and whether they wrote a line.',
    takes: [['query', editsQuery]],
    gives: answer<FileEdit[]>(),
    by: 'head',
    canAbort: true,
  }),
  getItem: question({
    about: 'One message or tool call with its session, and with more of its text than a page of the reader has.',
    takes: [['key', rowKey]],
    gives: answer<PlacedItem>(),
    by: 'page',
  }),
  memoryText: question({
    about:
      'The text of one row, session or learning for insertion and copying, whole as stored. Counts as a use of it.',
    takes: [['key', rowKey]],
    gives: answer<MemoryText>(),
    by: 'head',
    writes: true,
  }),
  setPinned: question({
    about: 'Pins a session, so that it stands above the others in the Timeline, or takes the pin off.',
    takes: [
      ['id', sessionId],
      ['isPinned', z.boolean()],
    ],
    gives: answer<void>(),
    by: 'head',
    writes: true,
  }),
  renameSession: question({
    about:
      'Gives a session a name, which is its title from then on; an empty one gives the old title back. Answers it without secrets.',
    takes: [
      ['id', sessionId],
      ['name', sessionName],
    ],
    gives: answer<string>(),
    by: 'head',
    writes: true,
  }),
  quotingLearnings: question({
    about:
      'Titles of accepted learnings that come from a session or project and so may quote it: they stay when it is forgotten.',
    takes: [['from', z.union([z.object({ sessionId }), z.object({ projectId: count })])]],
    gives: answer<string[]>(),
    by: 'head',
  }),
  forgetSession: question({
    about: 'Erases a session and leaves a mark, so that it is not read again.',
    takes: [['id', sessionId]],
    gives: answer<void>(),
    by: 'head',
    writes: true,
  }),
  forgetProject: question({
    about: 'Erases all sessions of a project and leaves marks, so that they are not read again.',
    takes: [['id', count]],
    gives: answer<void>(),
    by: 'head',
    writes: true,
  }),
  deleteEverything: question({
    about: 'Erases the whole memory, its archive and its backups. What is on disk now is not read again.',
    takes: [],
    gives: answer<void>(),
    by: 'head',
    writes: true,
  }),
  listForgotten: question({
    about: 'Forgotten sessions whose transcript is still there, newest first, so that they can be read again.',
    takes: [],
    gives: answer<ForgottenSession[]>(),
    by: 'head',
  }),
  readAgain: question({
    about:
      'Takes back that sessions were forgotten and reads their transcripts. Answers how many of them are in memory then.',
    takes: [['ids', z.array(sessionId).check(z.maxLength(100_000))]],
    gives: answer<number>(),
    by: 'head',
    writes: true,
    canAbort: true,
  }),
  restoreTranscript: question({
    about:
      'Writes an archived transcript back under `projects/`, so that the client can resume it. Overwrites nothing.',
    takes: [['id', sessionId]],
    gives: answer<RestoredTranscript>(),
    by: 'head',
    writes: true,
  }),
  deleteArchive: question({
    about: 'Deletes every archived transcript; what was made of them stays.',
    takes: [],
    gives: answer<void>(),
    by: 'head',
    writes: true,
  }),
};

export type SessionApi = ApiOf<typeof sessionQuestions>;
