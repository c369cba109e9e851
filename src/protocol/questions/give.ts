/** Requests for memory that is given back to Claude, and what was given. */
import * as z from 'zod/mini';
import { highestMost, lowestMost, maxBasketItems, parseBasketRef } from '../basket';
import type { ExactTokens, PackedBasket } from '../basket';
import type { GivenRecord, Packed } from '../given';
import { maxPromptLetters } from '../own-text';
import { giveSources, mutableSources, verdicts } from '../shadow';
import type { GiveChoices, ShadowExample, ShadowReport } from '../shadow';
import type { Page } from '../status';
import { answer, question } from './question';
import type { ApiOf } from './question';
import { count, cursor, limit, path, requestId, scope, sessionId, short } from './schemas';

const maxItems = 400;
const maxRef = 400;

const budget = z
  .int()
  .check(z.gte(50), z.lte(20_000), z.describe('Tokens that the answer may have, by estimate. 500 when absent.'));
const folder = path.check(z.describe('Absolute folder of the session: its project and nothing else is given from.'));
const text = z.string().check(z.maxLength(maxPromptLetters), z.describe('What the person says, asks or works on.'));
const item = z.object({ id: short, sessionId: z.exactOptional(sessionId) });

const briefWish = z.object({ folder, budget: z.exactOptional(budget) });
const promptWish = z.object({
  prompt: text,
  folder,
  sessionId: z
    .exactOptional(sessionId)
    .check(z.describe('The session that asks: it is not given what it was given before, or its own words.')),
  budget: z.exactOptional(budget),
});
const basketRef = z.string().check(
  z.maxLength(maxRef),
  z.refine((value) => parseBasketRef(value) !== undefined),
  z.describe('What an entry of a basket names: a key of a row, or a reference that an earlier answer gave.'),
);
const entries = z
  .array(
    z.object({
      ref: basketRef,
      most: z.exactOptional(z.int().check(z.gte(lowestMost), z.lte(highestMost), z.describe('Tokens at most.'))),
    }),
  )
  .check(z.maxLength(maxBasketItems));
const packWish = z.object({ text, scope: z.exactOptional(scope), budget: z.exactOptional(budget) });
const given = z.object({
  requestId,
  sessionId: z.exactOptional(sessionId),
  source: z.enum(['session-start', 'prompt', 'hand', 'mcp']),
  tokens: count,
  items: z.array(item).check(z.maxLength(maxItems)),
});
const givenPage = z.object({
  before: z.exactOptional(count).check(z.describe('Number of the last record of the page before.')),
  sessionId: z.exactOptional(sessionId).check(z.describe('Only what this session got.')),
  limit: z.exactOptional(limit),
});
const examplesQuery = z.object({
  scope: z.exactOptional(scope),
  source: z.exactOptional(z.enum(giveSources)),
  verdict: z.exactOptional(z.enum(verdicts)),
  isGiven: z.exactOptional(z.boolean()).check(z.describe('Only what was really given, or only what was not.')),
  cursor: z.exactOptional(cursor),
});
export type ExamplesQuery = z.output<typeof examplesQuery>;

export const giveQuestions = {
  brief: question({
    about: 'What a new session in a folder should know: learnings, what was done last, decided, left open.',
    takes: [['wish', briefWish]],
    gives: answer<Packed>(),
    by: 'head',
  }),
  promptContext: question({
    about: 'What earlier sessions of this project say about a prompt; empty when nothing is relevant enough.',
    takes: [['wish', promptWish]],
    gives: answer<Packed>(),
    by: 'head',
  }),
  packContext: question({
    about: 'The best memory for a need within a number of tokens, from anywhere in scope.',
    takes: [['wish', packWish]],
    gives: answer<Packed>(),
    by: 'page',
  }),
  basket: question({
    about: 'What a person put into a basket, ready to be given: each entry with its tokens, and the text of all.',
    takes: [['entries', entries]],
    gives: answer<PackedBasket>(),
    by: 'head',
  }),
  basketTokens: question({
    about: 'Tokens of what a person put into a basket, counted by the API, to which its text is sent; a key is needed.',
    takes: [['entries', entries]],
    gives: answer<ExactTokens>(),
    by: 'head',
  }),
  basketFrom: question({
    about: 'References of the best memory for a need, for a basket; none when nothing is relevant enough.',
    takes: [['wish', packWish]],
    gives: answer<string[]>(),
    by: 'head',
  }),
  noteGiven: question({
    about: 'Notes what was given to a session, so that it is shown and not given twice.',
    takes: [['given', given]],
    gives: answer<void>(),
    by: 'head',
    writes: true,
  }),
  listGiven: question({
    about: 'What was given to which session, the newest first.',
    takes: [['page', givenPage]],
    gives: answer<GivenRecord[]>(),
    by: 'page',
  }),
  shadowReport: question({
    about: 'Whether what prompts were given, or would have been, was of use: by project and source, with intervals.',
    takes: [['scope', z.optional(scope)]],
    gives: answer<ShadowReport>(),
    by: 'page',
  }),
  shadowExamples: question({
    about: 'The prompts behind the figures of the report, the newest first.',
    takes: [['query', examplesQuery]],
    gives: answer<Page<ShadowExample>>(),
    by: 'page',
  }),
  giveChoices: question({
    about: 'What a person said must not be given again, and which sessions get nothing more.',
    takes: [],
    gives: answer<GiveChoices>(),
    by: 'page',
  }),
  setNeverGiven: question({
    about: 'Says that a piece must never be given again, or may be. Search still finds it.',
    takes: [
      ['id', short],
      ['isNever', z.boolean()],
    ],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  setSessionGiven: question({
    about: 'Says whether a session gets memory. What it got stays with it.',
    takes: [
      ['id', sessionId],
      ['isOn', z.boolean()],
    ],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  setSourceKept: question({
    about: 'Says that a source stays in a project though it is below the bar, or may mute itself again.',
    takes: [
      ['projectId', count],
      ['source', z.enum(mutableSources)],
      ['isKept', z.boolean()],
    ],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
};

export type GiveApi = ApiOf<typeof giveQuestions>;
