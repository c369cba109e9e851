/** Requests for an answer from memory. */
import * as z from 'zod/mini';
import type { MemoryAnswer, ModelAnswer } from '../ask';
import { answer, question } from './question';
import type { ApiOf } from './question';
import { requestId, scope } from './schemas';

/** A longer text is a document, and no question. */
const maxQuestion = 4_000;

export const askQuery = z.object({
  text: z.string().check(z.maxLength(maxQuestion), z.describe('A question in words, or a report of what goes wrong.')),
  scope: z.exactOptional(scope),
});
export type AskQuery = z.output<typeof askQuery>;

const askModelQuery = z.extend(askQuery, { requestId });

export const askQuestions = {
  ask: question({
    about:
      'A question answered with sentences of rows, each with its place; none when no row answers it. Nothing is sent to ' +
      'anyone.',
    takes: [['query', askQuery]],
    gives: answer<MemoryAnswer>(),
    by: 'page',
    canAbort: true,
  }),
  askModel: question({
    about:
      'The same by a paid model, from the rows that a search finds: what no row supports is struck out. Only after a ' +
      'click of a person. Throws `no_model`, `network`, `not_found`, and `busy` for a request that was made before.',
    takes: [['query', askModelQuery]],
    gives: answer<ModelAnswer>(),
    by: 'head',
    writes: true,
    canAbort: true,
  }),
};

export type AskApi = ApiOf<typeof askQuestions>;
