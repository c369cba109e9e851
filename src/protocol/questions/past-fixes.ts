/** Requests about an error on the screen that was fixed before. */
import * as z from 'zod/mini';
import type { PastFix } from '../past-fix';
import { answer, question } from './question';
import type { ApiOf } from './question';
import { path, scope, short } from './schemas';

const errorWish = z.object({
  text: z
    .string()
    .check(z.maxLength(20_000), z.describe('The message, or what a command put out, of which errors are found.')),
  code: z
    .exactOptional(short)
    .check(z.describe('What the tool calls this kind of error, as `TS2345`; then `text` is its message alone.')),
  file: z.exactOptional(path).check(z.describe('The file that has the error.')),
  scope: z.exactOptional(scope),
});
/** An error that is asked about. */
export type ErrorWish = z.output<typeof errorWish>;

export const pastFixQuestions = {
  pastFixes: question({
    about: 'How this error was fixed before: at most three fixes, the surest first; none when it is not sure.',
    takes: [['error', errorWish]],
    gives: answer<PastFix[]>(),
    by: 'head',
  }),
  refusePastFix: question({
    about: 'Says that a fix is not one for this error, so that it is not shown for it again, or takes that back.',
    takes: [
      ['error', errorWish],
      ['id', short],
      ['isRefused', z.boolean()],
    ],
    gives: answer<void>(),
    by: 'head',
    writes: true,
  }),
};

export type PastFixApi = ApiOf<typeof pastFixQuestions>;
