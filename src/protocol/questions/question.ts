/**
 * The definition of a request: one row of a table that says who may call it, its arguments and its result. The types of
 * the api, the lists of methods, the validation and the schemas for other protocols are derived from the tables, so
 * they always agree.
 *
 * Pages import only types from here, so that the schemas are not in their bundles.
 */
import type * as z from 'zod/mini';

/**
 * `page`: every head and every page of the extension. `doctor`: every head, and only the Doctor's page. `head`: heads
 * only, because arguments or result are not for a page.
 */
export type Asker = 'page' | 'doctor' | 'head';

/** Names and schemas of the arguments, in order. Only the last ones may be optional. */
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

/** Type of a result. Results are not validated, because they come from our own process. */
export interface Answer<T> {
  readonly type?: T;
}

export const answer = <T>(): Answer<T> => ({});

interface Spec<T extends Takes, A, By extends Asker, CanAbort extends boolean> {
  /** One or two lines about what it returns or does, for the documentation of any protocol. */
  about: string;
  takes: T;
  gives: Answer<A>;
  by: By;
  /**
   * The call changes something. Calling it twice with the same arguments must have the same effect as once. Default:
   * false.
   */
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
  /** Carries types only; has no value. */
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

/** The interface that implements a table. */
export type ApiOf<Table> = {
  [Name in keyof Table]: Table[Name] extends Question<infer Args, infer A> ? (...args: Args) => Promise<A> : never;
};

/** The rows of a table that these callers may use. */
export type AskedBy<Table, By extends Asker> = {
  [
    Name in keyof Table as Table[Name] extends Question<infer _Args, infer _Answer, infer Allowed>
      ? Allowed extends By
        ? Name
        : never
      : never
  ]: Table[Name];
};
