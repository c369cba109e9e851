/** Requests for a session as text for a file or for the clipboard. */
import * as z from 'zod/mini';
import { answer, question } from './question';
import type { ApiOf } from './question';
import { cursor, sessionId, short, turn } from './schemas';

/** Words between those of the session, in the person's language. */
const labels = z.object({
  you: short,
  claude: short,
  subAgent: short,
  task: short,
  error: short,
  shortened: short,
  onPaper: z.exactOptional(short).check(z.describe('Said on the screen above a page that is about to be printed.')),
});
export type SessionLabels = z.output<typeof labels>;

const sessionTextQuery = z.object({
  sessionId,
  format: z
    .enum(['markdown', 'html', 'print'])
    .check(z.describe('`print` is `html` that asks to be printed when it is opened.')),
  turn: z.exactOptional(turn).check(z.describe('Only this turn, without head and tail.')),
  cursor: z.exactOptional(cursor),
  labels,
});
export type SessionTextQuery = z.output<typeof sessionTextQuery>;

export interface SessionPiece {
  text: string;
  /** Rows in this piece. */
  rows: number;
  /** Rows that stay because of their class; absent when none does. */
  held?: number;
  /** Cursor of the next piece; absent in the last one. */
  next?: string;
}

export const sessionTextQuestions = {
  sessionText: question({
    about: 'A session as Markdown or as one page of HTML, in pieces that are one text when put together line by line.',
    takes: [['query', sessionTextQuery]],
    gives: answer<SessionPiece>(),
    by: 'head',
    canAbort: true,
  }),
};

export type SessionTextApi = ApiOf<typeof sessionTextQuestions>;
