/** Requests to search, and about marks on what was found: flags, tags, saved searches. */
import * as z from 'zod/mini';
import type { SavedSearch, TagCount } from '../model';
import type { NoteSource } from '../note';
import type { SearchHit, SearchResult, Suggestion } from '../search-hit';
import { answer, question } from './question';
import {
  id,
  localDay,
  maxPasted,
  maxQueryText,
  ownId,
  path,
  rowKey,
  scope,
  sessionId,
  share,
  short,
  time,
  words,
} from './schemas';

const many = <T extends z.ZodMiniType>(schema: T) => z.array(schema).check(z.maxLength(200));

export const searchQuery = z.object({
  // Longer than any query: of a pasted text, only the beginning is searched.
  text: z
    .string()
    .check(
      z.maxLength(maxPasted),
      z.describe(
        'Words, "phrases", -not, prefix*, and filters: project: type: tool: branch: file: tag: is: on: after: before:.',
      ),
    ),
  scope: z.exactOptional(scope),
  types: z.exactOptional(
    z
      .array(z.enum(['tool_result', 'error', 'warning', 'info', 'user', 'assistant', 'learning', 'note']))
      .check(z.maxLength(20)),
  ),
  tools: z.exactOptional(many(short)),
  /** Exact branch names and file paths; any of them matches. */
  branches: z.exactOptional(many(short)),
  files: z.exactOptional(many(path)),
  days: z.exactOptional(many(localDay)).check(z.describe('Local days, as 2026-11-22.')),
  after: z.exactOptional(time),
  before: z.exactOptional(time),
  sort: z.exactOptional(z.enum(['best', 'newest'])).check(z.describe('`best` when absent.')),
  /** How much the time counts in the rank; `usual` when absent. */
  recency: z.exactOptional(z.enum(['off', 'usual', 'strong'])),
  limit: z.exactOptional(z.int().check(z.gte(1), z.lte(100))).check(z.describe('20 when absent. One hit a session.')),
  minScore: z
    .exactOptional(share)
    .check(z.describe('Hits with a lower score are left out; total and facets stay those of all that matched.')),
  /** The last word is incomplete, so it also matches as a prefix. */
  isTyping: z.exactOptional(z.boolean()),
  /** `words` answers fastest; `all`, the default, also searches by meaning when that has a weight. */
  roads: z.exactOptional(z.enum(['words', 'all'])),
  /** Whether files in which Claude Code remembers by itself are found too; they are when absent. */
  withNotes: z.exactOptional(z.boolean()),
  similarTo: z
    .exactOptional(rowKey)
    .check(z.describe('What is like this row or session, instead of what has the words.')),
});
export type SearchQuery = z.output<typeof searchQuery>;

/** Preferred sort order. */
export type SearchOrder = Required<Pick<SearchQuery, 'sort' | 'recency'>>;

const maxTagLength = 60;
const maxTags = 20;
/** Trimmed, not empty, without duplicates. */
export const tags = z
  .pipe(
    z.array(z.string().check(z.maxLength(maxQueryText))).check(z.maxLength(200)),
    z.transform((raw: string[]) => [...new Set(raw.map((tag) => tag.trim()).filter((tag) => tag !== ''))]),
  )
  .check(z.refine((each: string[]) => each.length <= maxTags && each.every((tag) => tag.length <= maxTagLength)));

const savedSearch = z.object({
  id: ownId,
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(100)),
  text: z.string().check(z.trim(), z.minLength(1), z.maxLength(1_000)),
  /** Number of uses, when a deleted one is restored. */
  uses: z.exactOptional(z.int().check(z.gte(0), z.lte(1e9))),
});

export const searchQuestions = {
  search: question({
    about:
      'Sessions, learnings and notes that match a query, best first: one hit each, with a snippet, facets and what was loosened.',
    takes: [['query', searchQuery]],
    gives: answer<SearchResult>(),
    by: 'page',
    canAbort: true,
  }),
  noteSource: question({
    about: 'Where a file is in which Claude Code remembers by itself. Throws `not_found`.',
    takes: [['key', rowKey]],
    gives: answer<NoteSource>(),
    by: 'head',
  }),
  moreInSession: question({
    about:
      'The turns of one session that match a query, by words, in reading order: the best place of each, at most 50.',
    takes: [
      ['query', searchQuery],
      ['id', sessionId],
    ],
    gives: answer<SearchHit[]>(),
    by: 'page',
    canAbort: true,
  }),
  recentSearches: question({
    about: 'What was searched for lately, the latest first. At most 20.',
    takes: [],
    gives: answer<string[]>(),
    by: 'page',
  }),
  noteSearch: question({
    about: 'Keeps what a person searched for, once they did something with what was found.',
    takes: [['text', words]],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  dropRecentSearch: question({
    about: 'Takes a text out of the recent searches.',
    takes: [['text', words]],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  suggest: question({
    about: 'Completions of the text of a query up to the caret.',
    takes: [
      ['prefix', words],
      ['scope', z.optional(scope)],
    ],
    gives: answer<Suggestion[]>(),
    by: 'page',
  }),
  setFlagged: question({
    about: 'Flags a message or a tool call, or takes the flag off.',
    takes: [
      ['key', rowKey],
      ['isFlagged', z.boolean()],
    ],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  setTags: question({
    about: 'Replaces the tags of a message or a tool call. Answers them as they are kept: without secrets.',
    takes: [
      ['key', rowKey],
      ['tags', tags],
    ],
    gives: answer<string[]>(),
    by: 'page',
    writes: true,
  }),
  listTags: question({
    about: 'Tags of rows and learnings, the most used first.',
    takes: [],
    gives: answer<TagCount[]>(),
    by: 'page',
  }),
  listSearches: question({
    about: 'Saved searches, the most used first.',
    takes: [],
    gives: answer<SavedSearch[]>(),
    by: 'page',
  }),
  saveSearch: question({
    about: 'Adds a saved search, renames it or brings it back. At most 100.',
    takes: [['search', savedSearch]],
    gives: answer<SavedSearch>(),
    by: 'page',
    writes: true,
  }),
  deleteSearch: question({
    about: 'Deletes a saved search.',
    takes: [['id', id]],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  noteSearchUse: question({
    about: 'Notes that a saved search was asked again.',
    takes: [['id', id]],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
};
