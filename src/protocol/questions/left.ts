/** Requests over sessions: what is left in a project, and a digest of a time. */
import * as z from 'zod/mini';
import type { Digest, WhatIsLeft } from '../left';
import { answer, question } from './question';
import type { ApiOf } from './question';
import { scope, time } from './schemas';

const leftQuery = z.object({
  scope: z.exactOptional(scope),
  since: z.exactOptional(time).check(z.describe('Also what was done after this time.')),
});
export type LeftQuery = z.output<typeof leftQuery>;

const digestQuery = z.object({
  from: time,
  to: time.check(z.describe('Exclusive.')),
  scope: z.exactOptional(scope),
});
export type DigestQuery = z.output<typeof digestQuery>;

export const leftQuestions = {
  whatIsLeft: question({
    about:
      'Open ends that no later session did and those that one did, with the evidence; decisions in force and what they ' +
      'superseded; dead ends; errors that came back; what was done since a time.',
    takes: [['query', leftQuery]],
    gives: answer<WhatIsLeft>(),
    by: 'page',
    canAbort: true,
  }),
  digest: question({
    about: 'What was done, decided and left open in a time, project by project.',
    takes: [['query', digestQuery]],
    gives: answer<Digest>(),
    by: 'head',
    canAbort: true,
  }),
};

export type LeftApi = ApiOf<typeof leftQuestions>;
