import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { MemoryError } from '../errors';
import { memoryQuestions } from '../memory-api';
import { passedOn, webviewQuestions } from '../webview-api';
import { checkArguments } from './check';
import { answer, question } from './question';
import type { Question } from './question';

const all: [string, Question][] = [...Object.entries(memoryQuestions), ...Object.entries(webviewQuestions)];

interface JsonSchema {
  type?: string;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  maxLength?: number;
  maxItems?: number;
  maximum?: number;
  pattern?: string;
}

/** Places of a schema without a limit on length or number. */
function unbounded(schema: JsonSchema, place: string): string[] {
  if (schema.enum || schema.const !== undefined) return [];
  const inner = [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, each]) => unbounded(each, `${place}.${name}`)),
    ...(schema.items ? unbounded(schema.items, `${place}[]`) : []),
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((each) => unbounded(each, place)),
  ];
  // A pattern may contain a limit of its own: {8,64}.
  if (schema.type === 'string' && schema.maxLength === undefined && !/\{\d+(,\d+)?\}/.test(schema.pattern ?? ''))
    inner.push(place);
  if (schema.type === 'array' && schema.maxItems === undefined) inner.push(place);
  if ((schema.type === 'number' || schema.type === 'integer') && schema.maximum === undefined) inner.push(place);
  return inner;
}

describe('every question', () => {
  it.each(all)('%s says what it answers, and what it takes has a bound', (_, { about, takes }) => {
    expect(about).toMatch(/^[A-Z].*\.$/);
    for (const [name, schema] of takes) {
      expect(name).toMatch(/^[a-z]\w+$/i);
      expect(unbounded(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema, name)).toEqual([]);
    }
  });

  it.each(all)('%s gives null no meaning: on the way it is an argument that was left out', (_, { takes }) => {
    for (const [name, schema] of takes) expect(z.safeParse(schema, null).success, name).toBe(false);
  });

  it('that writes is none that pages ask of the keeper about settings, keys or backups', () => {
    const names = passedOn.filter((name) => memoryQuestions[name].writes);
    expect(names.filter((name) => /configure|backup|repair|delete(Everything|Archive)|forget/i.test(name))).toEqual([]);
  });

  it('takes no bait: whatever is sent, it is refused as invalid input or passes as what the table says', () => {
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.array(fc.jsonValue(), { maxLength: 4 }), ([name, each], args) => {
        try {
          expect(checkArguments(name, each, args).length).toBeLessThanOrEqual(each.takes.length);
        } catch (error) {
          expect(error).toSatisfy((caught: unknown) => MemoryError.is(caught, 'invalid_input'));
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the check of arguments', () => {
  const find = question({
    about: 'Finds.',
    takes: [
      ['id', z.string().check(z.maxLength(5))],
      ['query', z.optional(z.object({ limit: z.exactOptional(z.int().check(z.lte(9))) }))],
    ],
    gives: answer<void>(),
    by: 'page',
    canAbort: true,
  });
  const check = (...args: unknown[]) => checkArguments('find', find, args);

  it('copies what is known and drops the rest', () => {
    const query = { limit: 3, extra: 'x' };
    const [, copy] = check('a', query);
    expect(copy).toEqual({ limit: 3 });
    expect(copy).not.toBe(query);
  });

  it('keeps the signal behind all arguments, also behind those that were left out', () => {
    const { signal } = new AbortController();
    expect(check('a', signal)).toEqual(['a', undefined, signal]);
    expect(check('a', undefined, signal)).toEqual(['a', undefined, signal]);
    expect(check('a', {}, signal)).toEqual(['a', {}, signal]);
  });

  it.each<[string, unknown[], RegExp]>([
    ['the bound of a text', ['too long'], /^find: id may have at most 5$/],
    ['the place of a field', ['a', { limit: 10 }], /^find: query\.limit may be at most 9$/],
    ['a wrong type', [7], /^find: id must be string$/],
    ['a missing argument', [], /^find: /],
    ['an argument too many', ['a', {}, 'more'], /^find: /],
  ])('says %s', (_, args, message) => {
    expect(() => check(...args)).toThrow(message);
  });

  it('takes no signal where the question takes none', () => {
    const plain = question({ about: 'Plain.', takes: [], gives: answer<void>(), by: 'page' });
    expect(() => checkArguments('plain', plain, [new AbortController().signal])).toThrow(/^plain: /);
  });
});
