/** Validates arguments of requests, in the keeper and for pages of the extension. */
import * as z from 'zod/mini';
import { MemoryError } from '../errors';
import type { Question } from './question';

const tuples = new WeakMap<Question, z.ZodMiniType<unknown[]>>();

function tupleOf(question: Question): z.ZodMiniType<unknown[]> {
  const known = tuples.get(question);
  if (known) return known;
  const schemas = question.takes.map(([, schema]) => schema);
  const tuple = z.tuple(schemas as never) as unknown as z.ZodMiniType<unknown[]>;
  tuples.set(question, tuple);
  return tuple;
}

/**
 * The validated and copied arguments, without unknown fields. A trailing AbortSignal passes where the request takes
 * one.
 * @throws MemoryError `invalid_input` that names the argument and the limit, but never the value, which may be text of
 * a memory
 */
export function checkArguments(name: string, question: Question, args: readonly unknown[]): unknown[] {
  const signal = question.canAbort && args.at(-1) instanceof AbortSignal ? args.at(-1) : undefined;
  const given = args.slice(0, signal ? -1 : undefined);
  // Omitted arguments before the signal are undefined, like those that JSON could not omit.
  while (given.length > 0 && given.at(-1) === undefined) given.pop();
  const result = z.safeParse(tupleOf(question), given);
  if (!result.success)
    throw new MemoryError(
      'invalid_input',
      `${name}: ${result.error.issues.map((issue) => explain(question, issue)).join('; ')}`,
    );
  if (!signal) return result.data;
  // The signal follows all arguments, including omitted ones.
  return [
    ...result.data,
    ...Array.from({ length: question.takes.length - result.data.length }, () => undefined),
    signal,
  ];
}

function explain({ takes }: Question, issue: z.core.$ZodIssue): string {
  const [first, ...rest] = issue.path;
  const place = [typeof first === 'number' ? (takes[first]?.[0] ?? 'one argument too many') : '', ...rest].join('.');
  return `${place || 'the arguments'} ${wordsOf(issue)}`;
}

function wordsOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? `must have at least ${issue.minimum}`
        : `must be at least ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'string' || issue.origin === 'array'
        ? `may have at most ${issue.maximum}`
        : `may be at most ${issue.maximum}`;
    case 'invalid_type':
      return `must be ${issue.expected}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    default:
      return 'is not of the right form';
  }
}
