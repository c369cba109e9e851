/** Requests about summaries of sessions. */
import * as z from 'zod/mini';
import type { SessionSummary, SummaryQuestion, SummaryVersion } from '../summary';
import { answer, question } from './question';
import type { ApiOf } from './question';
import { count, maxBody, requestId, sessionId, short } from './schemas';

/** The answer of a model of the editor. */
const summaryAnswer = z.object({
  requestId,
  sessionId,
  text: z.string().check(z.maxLength(maxBody)),
  model: short,
  /** As the question said it. */
  lastSequence: count,
});
export type SummaryAnswer = z.output<typeof summaryAnswer>;

const summaryAsked = z.object({ requestId, sessionId, model: short, lastSequence: count });

export const summaryQuestions = {
  summary: question({
    about:
      'The published summary of a session, made now by rules when there is none. Null for a session without a prompt.',
    takes: [['sessionId', sessionId]],
    gives: answer<SessionSummary | null>(),
    by: 'page',
    writes: true,
  }),
  summaryVersions: question({
    about: 'All summaries of a session, newest first.',
    takes: [['sessionId', sessionId]],
    gives: answer<SummaryVersion[]>(),
    by: 'page',
  }),
  summaryVersion: question({
    about: 'One summary. Throws `not_found`.',
    takes: [['id', count]],
    gives: answer<SessionSummary>(),
    by: 'page',
  }),
  publishSummary: question({
    about: 'Shows this version from now on.',
    takes: [['id', count]],
    gives: answer<SessionSummary>(),
    by: 'page',
    writes: true,
  }),
  summaryQuestion: question({
    about:
      'What a model of the editor is to be asked, which only the editor can ask. Notes nothing. Throws `not_found`.',
    takes: [['sessionId', sessionId]],
    gives: answer<SummaryQuestion>(),
    by: 'head',
  }),
  noteSummaryAsked: question({
    about: 'Said right before it is sent, so that it is in the list of what left this machine whatever comes of it.',
    takes: [['asked', summaryAsked]],
    gives: answer<void>(),
    by: 'head',
    writes: true,
  }),
  keepSummary: question({
    about: 'What that model answered: checked sentence by sentence like any other. Throws `invalid_input`.',
    takes: [['answer', summaryAnswer]],
    gives: answer<SessionSummary>(),
    by: 'head',
    writes: true,
  }),
};

export type SummaryApi = ApiOf<typeof summaryQuestions>;
