/** Requests about memory that is given to Claude. */
import * as z from 'zod/mini';
import type { SessionId } from '../model';
import { maxPromptLetters } from '../own-text';
import { answer, question } from './question';
import type { ApiOf } from './question';
import { count, path, requestId, sessionId, short } from './schemas';

/** A piece of memory that is given, and the session it is from. */
interface GivenItem {
  id: string;
  sessionId?: SessionId;
}

/** What is worth giving; without items there is nothing. `text` is handed over as it is. */
export interface Packed {
  items: GivenItem[];
  text: string;
  tokens: number;
}

const promptWish = z.object({
  prompt: z.string().check(z.maxLength(maxPromptLetters)),
  folder: path,
  sessionId: z.exactOptional(sessionId),
});

const given = z.object({
  requestId,
  sessionId: z.exactOptional(sessionId),
  source: z.enum(['session-start', 'prompt', 'hand', 'mcp']),
  tokens: count,
  items: z.array(z.object({ id: short, sessionId: z.exactOptional(sessionId) })).check(z.maxLength(400)),
});

export const giveQuestions = {
  promptContext: question({
    about: 'What a prompt in this folder needs to know. Nothing, unless it is worth it.',
    takes: [['wish', promptWish]],
    gives: answer<Packed>(),
    by: 'head',
  }),
  noteGiven: question({
    about: 'Notes what was given to which session.',
    takes: [['given', given]],
    gives: answer<void>(),
    by: 'head',
    writes: true,
  }),
};

export type GiveApi = ApiOf<typeof giveQuestions>;
