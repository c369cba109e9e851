/** Requests about a session as a story: what it changed, and how a file stood at one of its turns. */
import * as z from 'zod/mini';
import type { NetChange, SessionChanges, StoodFile } from '../story';
import { answer, question } from './question';
import type { ApiOf } from './question';
import { path, sessionId, turn } from './schemas';

const file = path.check(z.describe('As the calls of the session name it, or the last names of its path.'));

const stoodQuery = z.object({
  sessionId,
  turn,
  file,
  isBefore: z.exactOptional(z.boolean()).check(z.describe('Before that turn; absent: after it.')),
});
/** A file at a turn. */
export type StoodQuery = z.output<typeof stoodQuery>;

export const storyQuestions = {
  sessionChanges: question({
    about: 'The files that a session changed, each with all its edits taken together. At most 500.',
    takes: [['id', sessionId]],
    gives: answer<SessionChanges>(),
    by: 'page',
    canAbort: true,
  }),
  sessionChange: question({
    about:
      'What a session changed in one file, as the text without and with its edits, in pieces where the file is not known whole.',
    takes: [
      ['id', sessionId],
      ['file', file],
    ],
    gives: answer<NetChange>(),
    by: 'page',
    canAbort: true,
  }),
  fileAtTurn: question({
    about:
      'A file as it stood after a turn of a session, or before it, replayed from edits and readings; says what is not known.',
    takes: [['query', stoodQuery]],
    gives: answer<StoodFile>(),
    by: 'head',
    canAbort: true,
  }),
};

export type StoryApi = ApiOf<typeof storyQuestions>;
