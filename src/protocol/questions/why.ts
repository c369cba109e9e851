/** Requests about lines of a file: which turn wrote them, and why. */
import * as z from 'zod/mini';
import type { Why } from '../why';
import { maxWhyLines, maxWhyText } from '../why-limits';
import { answer, question } from './question';
import type { ApiOf } from './question';
import { path, scope } from './schemas';

const line = z.int().check(z.gte(0), z.lte(10_000_000));

const whyQuery = z.object({
  file: path.check(z.describe('Absolute, or from the root of its project.')),
  text: z
    .string()
    .check(z.maxLength(maxWhyText), z.describe('The file as it is now, saved or not; of a long one the part around.')),
  firstLine: z.exactOptional(line).check(z.describe('Number of the first line of `text`; 0 when absent.')),
  from: line.check(z.describe('The first line that is asked about, from 0.')),
  to: line.check(z.describe(`The last one; at most ${maxWhyLines} are answered.`)),
  withCommits: z.exactOptional(z.boolean()).check(z.describe('Also asks git, in folders that a window trusts.')),
  scope: z.exactOptional(scope),
});
/** Lines that are asked about. */
export type WhyQuery = z.output<typeof whyQuery>;

export const whyQuestions = {
  why: question({
    about:
      'Which turns wrote these lines, what was asked there, what was tried before and what happened since; lines of which ' +
      'that is not sure are unknown.',
    takes: [['query', whyQuery]],
    gives: answer<Why>(),
    by: 'head',
    canAbort: true,
  }),
};

export type WhyApi = ApiOf<typeof whyQuestions>;
