/** Requests about learnings: written and found ones, and their evidence. */
import * as z from 'zod/mini';
import { learningStates } from '../learning';
import type { LearningProof, NewProposals, Promotion } from '../learning';
import { learningCategories } from '../model';
import type { Learning } from '../model';
import type { Page } from '../status';
import { answer, question } from './question';
import type { ApiOf } from './question';
import { count, cursor, id, ids, limit, maxPasted, ownId, scope, sessionId, words } from './schemas';
import { tags } from './search';

export const learningQuery = z.object({
  state: z
    .exactOptional(z.enum(learningStates))
    .check(z.describe('`accepted` when absent. Proposals come with the surest first.')),
  isAll: z
    .exactOptional(z.boolean())
    .check(z.describe('Also proposals of little worth, which else wait until another session meets them.')),
  category: z.exactOptional(z.enum(learningCategories)),
  text: z.exactOptional(words),
  scope: z.exactOptional(scope),
  cursor: z.exactOptional(cursor),
  limit: z.exactOptional(limit).check(z.describe('100 when absent.')),
});
export type LearningQuery = z.output<typeof learningQuery>;

const longText = z.string().check(z.maxLength(20_000));
export const learningInput = z.object({
  id: ownId,
  category: z.enum(learningCategories),
  title: z.string().check(z.trim(), z.minLength(1), z.maxLength(300)),
  description: longText,
  context: z.exactOptional(longText),
  tags: z.exactOptional(tags),
  sourceSessions: z.exactOptional(z.array(sessionId).check(z.maxLength(200))),
  isVerified: z.exactOptional(z.boolean()),
  verificationNotes: z.exactOptional(z.string().check(z.maxLength(5_000))),
  isPinned: z.exactOptional(z.boolean()),
});
export type LearningInput = z.output<typeof learningInput>;

/** What Claude Code wants remembered. It is a proposal until a person accepts it. */
const learningProposal = z.object({
  category: learningInput.shape.category,
  title: learningInput.shape.title,
  description: learningInput.shape.description,
  projectId: count,
  /** The session that it was said in, when that is known. */
  sessionId: z.exactOptional(sessionId),
});
export type LearningProposal = z.output<typeof learningProposal>;

export const learningQuestions = {
  listLearnings: question({
    about: 'Learnings of one state, in pages.',
    takes: [['query', learningQuery]],
    gives: answer<Page<Learning>>(),
    by: 'page',
  }),
  newProposals: question({
    about:
      'How many proposals came after the one with this number, or how many there are, and the number of the last ' +
      'learning. Numbers grow; after a restored backup the last one may be lower than one seen before.',
    takes: [['after', z.optional(count)]],
    gives: answer<NewProposals>(),
    by: 'head',
  }),
  saveLearning: question({
    about: 'Adds a learning a person wrote, or changes one.',
    takes: [['input', learningInput]],
    gives: answer<Learning>(),
    by: 'page',
    writes: true,
  }),
  proposeLearning: question({
    about:
      "Puts what Claude wants remembered among the proposals, marked as Claude's. " +
      'The same words of a project are kept once, whatever became of them.',
    takes: [['proposal', learningProposal]],
    gives: answer<Learning>(),
    by: 'head',
    writes: true,
  }),
  deleteLearning: question({
    about: 'Deletes a learning softly; `restoreLearning` undoes it.',
    takes: [['id', id]],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  restoreLearning: question({
    about: 'Brings a deleted learning back.',
    takes: [['id', id]],
    gives: answer<Learning>(),
    by: 'page',
    writes: true,
  }),
  learningProof: question({
    about: 'A learning with all that speaks for and against it, and what happened to it. Throws `not_found`.',
    takes: [['id', id]],
    gives: answer<LearningProof>(),
    by: 'page',
  }),
  reviewLearning: question({
    about: "A person's word on a proposal. `reopen` makes it a proposal again.",
    takes: [
      ['id', id],
      ['decision', z.enum(['accept', 'reject', 'reopen'])],
    ],
    gives: answer<Learning>(),
    by: 'page',
    writes: true,
  }),
  mergeLearnings: question({
    about: 'Evidence and sessions of the others go to `into`; they stay, superseded.',
    takes: [
      ['into', id],
      ['others', ids],
    ],
    gives: answer<Learning>(),
    by: 'page',
    writes: true,
  }),
  promotion: question({
    about: 'A file for Claude Code as it would be with these learnings in it. Changes nothing.',
    takes: [
      ['ids', ids],
      [
        'before',
        z.string().check(z.maxLength(maxPasted), z.describe('Text of the file as it is; empty when there is none.')),
      ],
      ['scope', z.optional(scope).check(z.describe('The projects that the file is for; none when absent.'))],
    ],
    gives: answer<Promotion>(),
    by: 'head',
  }),
  notePromotion: question({
    about: 'Notes that the file with these learnings was written.',
    takes: [['ids', ids]],
    gives: answer<void>(),
    by: 'head',
    writes: true,
  }),
  relearn: question({
    about: 'Looks at all sessions again and asks git what became of their edits. Answers when it has.',
    takes: [],
    gives: answer<{ proposed: number; changed: number }>(),
    by: 'page',
    writes: true,
    canAbort: true,
  }),
};

export type LearnApi = ApiOf<typeof learningQuestions>;
