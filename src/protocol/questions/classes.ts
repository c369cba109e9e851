/** Requests about how much what is stored must be protected. */
import * as z from 'zod/mini';
import { dataClasses, waysOut } from '../classes';
import type { ClassOf, ClassOverview, HeldBack, SetClass } from '../classes';
import { answer, question } from './question';
import type { ApiOf } from './question';
import { rowKey } from './schemas';

const dataClass = z.enum(dataClasses);

const target = {
  key: z.exactOptional(rowKey.check(z.describe('Of a row, a learning or a session.'))),
  projectId: z.exactOptional(z.int()),
};

const entry = z
  .object({
    ...target,
    class: z.nullable(dataClass).check(z.describe('Null: it follows from what it is again.')),
  })
  .check(z.refine(({ key, projectId }) => (key === undefined) !== (projectId === undefined)));

export const classQuestions = {
  setClasses: question({
    about:
      'Sets the class of rows, learnings, sessions or projects; null takes it off. Throws `not_found`, and changes ' +
      'nothing then.',
    takes: [['entries', z.array(entry).check(z.minLength(1), z.maxLength(1_000))]],
    gives: answer<void>(),
    by: 'head',
    writes: true,
  }),
  classOf: question({
    about: 'The class of a row, a learning, a session or a project, and what a person set on it. Throws `not_found`.',
    takes: [['of', z.object(target)]],
    gives: answer<ClassOf>(),
    by: 'head',
  }),
  listClasses: question({
    about: 'All classes that a person set, the highest first.',
    takes: [],
    gives: answer<SetClass[]>(),
    by: 'head',
  }),
  classOverview: question({
    about: 'How much is of a class that is protected beyond the usual, and what may go which way.',
    takes: [],
    gives: answer<ClassOverview>(),
    by: 'page',
  }),
  heldBack: question({
    about: 'Which of these keys may not go this way because of their class.',
    takes: [
      ['way', z.enum(waysOut)],
      ['keys', z.array(rowKey).check(z.maxLength(5_000))],
    ],
    gives: answer<HeldBack>(),
    by: 'head',
  }),
};

export type ClassApi = ApiOf<typeof classQuestions>;
