/** Requests about learnings that keep an eye on the code. */
import * as z from 'zod/mini';
import type { Learning } from '../model';
import { maxWatchedText, predicateKinds } from '../watch';
import type { Contradiction, Watch } from '../watch';
import { answer, question } from './question';
import type { ApiOf } from './question';
import { id, path, scope, short, words } from './schemas';

const glob = z
  .string()
  .check(z.maxLength(200), z.describe('A glob from the root of the project; empty for all files of the kind.'));

const predicate = z.object({
  kind: z.enum(predicateKinds),
  subject: z.string().check(z.trim(), z.minLength(1), z.maxLength(300)),
  instead: short.check(z.describe('What stands there instead; empty when nothing does.')),
  files: glob,
  isRegex: z.boolean().check(z.describe('Of a text only: `subject` is a regular expression.')),
});

const watchQuery = z.object({
  learningId: z.exactOptional(id).check(z.describe('Those of this learning; of all accepted ones when absent.')),
  onlyOn: z.exactOptional(z.boolean()).check(z.describe('Only those that a person confirmed.')),
  scope: z.exactOptional(scope),
});

const watchInput = z.object({
  learningId: id,
  predicate,
  state: z
    .enum(['on', 'off', 'refused', 'proposed'])
    .check(z.describe('`proposed` takes back what was said: one of a person is gone then, one of rules is proposed.')),
  replaces: z.exactOptional(id).check(z.describe('Id of the one that this is an edited version of.')),
});
export type WatchInput = z.output<typeof watchInput>;

const watched = z.object({
  file: path.check(z.describe('Absolute.')),
  root: z
    .exactOptional(path)
    .check(z.describe('The folder of the workspace that it is in; that of its project when absent.')),
  text: z.string().check(z.maxLength(maxWatchedText), z.describe('The file as it is now, saved or not.')),
});
/** A file that is looked at. */
export type WatchedFile = z.output<typeof watched>;

const exception = z.object({
  watchId: id,
  file: path,
  root: z.exactOptional(path),
  line: z
    .exactOptional(z.string().check(z.maxLength(20_000)))
    .check(z.describe('The text of the line that it does not apply to; the whole file when absent.')),
});
export type WatchException = z.output<typeof exception>;

export const watchQuestions = {
  watches: question({
    about: 'What of accepted learnings can be checked: proposed by rules, confirmed, switched off.',
    takes: [['query', watchQuery]],
    gives: answer<Watch[]>(),
    by: 'page',
  }),
  setWatch: question({
    about:
      'Confirms something that can be checked of a learning, switches it off or refuses it. ' +
      'Throws `invalid_input` for a regular expression that may take too long.',
    takes: [['input', watchInput]],
    gives: answer<Watch[]>(),
    by: 'head',
    writes: true,
  }),
  contradictions: question({
    about: 'Where a file contradicts what a person confirmed; at most twenty places.',
    takes: [['file', watched]],
    gives: answer<Contradiction[]>(),
    by: 'head',
  }),
  exceptWatch: question({
    about: 'Says that a learning does not apply to a line or a file, or takes that back.',
    takes: [
      ['exception', exception],
      ['isExcepted', z.boolean()],
    ],
    gives: answer<void>(),
    by: 'head',
    writes: true,
  }),
  clearExceptions: question({
    about: 'Takes back all that was said about where one does not apply.',
    takes: [['watchId', id]],
    gives: answer<void>(),
    by: 'head',
    writes: true,
  }),
  supersedeLearning: question({
    about:
      'An accepted learning does not hold any more, for a reason that its history keeps. `reviewLearning` takes it back.',
    takes: [
      ['id', id],
      ['because', words],
    ],
    gives: answer<Learning>(),
    by: 'head',
    writes: true,
  }),
};

export type WatchApi = ApiOf<typeof watchQuestions>;
