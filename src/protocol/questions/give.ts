/** Requests about memory that is given to Claude. */
import * as z from 'zod/mini';
import { maxPromptLetters } from '../own-text';
import { answer, question } from './question';
import type { ApiOf } from './question';
import { count, path, requestId, sessionId, short, time } from './schemas';

/** A piece of memory that is given. */
interface GivenItem {
  key: string;
}

/** What is worth giving; without items there is nothing. `text` is handed over as it is. */
export interface Packed {
  items: GivenItem[];
  text: string;
  tokens: number;
}

const promptRequest = z.object({ prompt: z.string().check(z.maxLength(maxPromptLetters)), folder: path, sessionId });

const givenNote = z.object({
  requestId,
  sessionId,
  source: z.enum(['session-start', 'prompt', 'hand', 'mcp']),
  keys: z.array(short).check(z.maxLength(200)),
  tokens: count,
  at: time,
});

export const giveQuestions = {
  promptContext: question({
    about: 'What a prompt in this folder needs to know. Nothing, unless it is worth it.',
    takes: [['request', promptRequest]],
    gives: answer<Packed>(),
    by: 'head',
  }),
  noteGiven: question({
    about: 'Notes what was given to which session.',
    takes: [['note', givenNote]],
    gives: answer<void>(),
    by: 'head',
    writes: true,
  }),
};

export type GiveApi = ApiOf<typeof giveQuestions>;
