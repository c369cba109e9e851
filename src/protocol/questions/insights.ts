/** Requests about the whole history: plots, and what is around a file. */
import * as z from 'zod/mini';
import type { GraphNode, GraphPicture, Insights } from '../insights';
import { answer, question } from './question';
import type { ApiOf } from './question';
import { count, days, path, scope, words } from './schemas';

const insightsQuery = z.object({
  scope: z.exactOptional(scope),
  days: z.exactOptional(days).check(z.describe('Of the last days, today included; 30 when absent, 7 at least.')),
});
export type InsightsQuery = z.output<typeof insightsQuery>;

const graphQuery = z.object({
  /** Id of an entity, or the path of a file (whole, or its end). */
  entity: z.exactOptional(count),
  file: z.exactOptional(path),
  scope: z.exactOptional(scope),
  depth: z.exactOptional(z.int().check(z.gte(1), z.lte(2))).check(z.describe('2 when absent.')),
  limit: z.exactOptional(z.int().check(z.gte(5), z.lte(60))).check(z.describe('Nodes; 24 when absent.')),
});
export type GraphQuery = z.output<typeof graphQuery>;

export const insightsQuestions = {
  insights: question({
    about: 'The history as numbers by day: sessions, tools, tokens, money.',
    takes: [['query', insightsQuery]],
    gives: answer<Insights>(),
    by: 'page',
    canAbort: true,
  }),
  around: question({
    about: 'What is around a file or another entity: what it was worked on with, and in which sessions.',
    takes: [['query', graphQuery]],
    gives: answer<GraphPicture>(),
    by: 'page',
    canAbort: true,
  }),
  findEntities: question({
    about: 'Entities whose names have all words of a text; without words the ones most worked on lately. At most 20.',
    takes: [
      ['text', words],
      ['scope', z.optional(scope)],
    ],
    gives: answer<GraphNode[]>(),
    by: 'page',
  }),
};

export type InsightsApi = ApiOf<typeof insightsQuestions>;
