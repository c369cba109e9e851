/**
 * What a question is: one row of a table that says in one place who may ask it, what it takes and what it answers. The
 * types of the api, the lists of methods, the checks at every door and the schemas for other protocols follow from the
 * tables, so that none of them can say something else.
 *
 * Pages import types from here only: the schemas themselves stay out of their bundles.
 */
import type * as z from 'zod/mini';

/**
 * `page`: every head and every page of the extension, as it is. `doctor`: every head, and of the pages the Doctor's
 * alone. `head`: heads only, because the arguments or the answer are nothing for a page.
 */
export type Asker = 'page' | 'doctor' | 'head';

/** Names and schemas of the arguments, in their order. Only the last ones may be optional. */
export type Takes = readonly (readonly [name: string, schema: z.ZodMiniType])[];

type ArgumentsOf<T extends Takes> = T extends readonly [
  readonly [string, infer Head extends z.ZodMiniType],
  ...infer Rest,
]
  ? Rest extends Takes
    ? undefined extends z.output<Head>
      ? [value?: z.output<Head>, ...rest: ArgumentsOf<Rest>]
      : [value: z.output<Head>, ...rest: ArgumentsOf<Rest>]
    : never
  : [];

/** Stands for the type of an answer, which no schema checks: it comes from our own process. */
export interface Answer<T> {
  readonly type?: T;
}

export const answer = <T>(): Answer<T> => ({});

interface Spec<T extends Takes, A, By extends Asker, CanAbort extends boolean> {
  /** What it answers or does, in a line or two for a reader of the documentation of any protocol. */
  about: string;
  takes: T;
  gives: Answer<A>;
  by: By;
  /** Leaves something behind. Called twice with the same arguments it must leave the same. Default: false. */
  writes?: boolean;
  /** An AbortSignal may follow the arguments. Default: false. */
  canAbort?: CanAbort;
}

export interface Question<Args extends unknown[] = never, A = unknown, By extends Asker = Asker> {
  readonly about: string;
  readonly takes: Takes;
  readonly by: By;
  readonly writes: boolean;
  readonly canAbort: boolean;
  /** Carries the types; never there. */
  readonly types?: (...args: Args) => A;
}

// @__NO_SIDE_EFFECTS__
export function question<const T extends Takes, A, By extends Asker, CanAbort extends boolean = false>({
  about,
  takes,
  by,
  writes = false,
  canAbort,
}: Spec<T, A, By, CanAbort>): Question<
  CanAbort extends true ? [...args: ArgumentsOf<T>, signal?: AbortSignal] : ArgumentsOf<T>,
  A,
  By
> {
  return { about, takes, by, writes, canAbort: canAbort ?? false };
}

export type QuestionTable = Readonly<Record<string, Question>>;

/** The methods that answer a table. */
export type ApiOf<Table> = {
  [Name in keyof Table]: Table[Name] extends Question<infer Args, infer A> ? (...args: Args) => Promise<A> : never;
};

/** The rows of a table that these askers may ask. */
export type AskedBy<Table, By extends Asker> = {
  [
    Name in keyof Table as Table[Name] extends Question<infer _Args, infer _Answer, infer Allowed>
      ? Allowed extends By
        ? Name
        : never
      : never
  ]: Table[Name];
};
