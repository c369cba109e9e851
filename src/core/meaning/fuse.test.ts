import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DocumentColumns } from '../index/columns';
import type { RankedSession } from '../index/full-text';
import { documentKinds } from '../store/tables/documents';
import { subjectOf } from '../store/tables/documents';
import { Closeness } from './closeness';
import { fuse } from './fuse';
import type { Balance, NearSession } from './fuse';

/** Session `n` has one document, at place `n`, with the id `n`. */
const documentOf = (session: number): RankedSession['best'] => ({
  id: session,
  kind: documentKinds.prompt,
  row: session,
  session,
  turn: 0,
  projectId: 1,
  facet: 'user',
  tool: '',
  at: session,
});
const sessions = 200;
const columns = {
  groupCount: sessions,
  position: (id: number) => id,
  group: (at: number) => at,
} as unknown as DocumentColumns;
const byWords = (session: number, score: number): RankedSession => ({
  session,
  score,
  turn: 0,
  best: documentOf(session),
  newest: session,
  why: { words: [], roads: { words: 1 }, parts: [] },
});
const byMeaning = (session: number, similarity: number): NearSession => ({
  key: subjectOf(documentOf(session)),
  score: similarity,
  similarity,
  best: documentOf(session),
  chunk: 0,
  places: [session],
});
/** Closeness in which the sessions stand out as given; all others are near the mean. */
function closenessOf(cosines: ReadonlyMap<number, number>): Closeness {
  const closeness = new Closeness(columns);
  for (let session = 0; session < sessions; session++)
    closeness.add(session, cosines.get(session) ?? (session % 2 === 0 ? 0.19 : 0.21));
  return closeness;
}
const order = (words: readonly RankedSession[], near: readonly NearSession[], balance: Balance, mayAdd = true) =>
  fuse(columns, words, near, balance, mayAdd).map(({ session }) => session);

const list = fc.uniqueArray(fc.integer({ min: 0, max: sessions - 1 }), { maxLength: 60 });
const balanced = (cosines: [number, number][], certainty: number, weight = 0.03): Balance => ({
  certainty,
  weight,
  closeness: closenessOf(new Map(cosines)),
});

describe('two roads', () => {
  it('come out as the words went in, without weight', () => {
    fc.assert(
      fc.property(list, list, (found, near) => {
        const words = found.map((session, index) => byWords(session, 1 / (index + 1)));
        const nearby = near.map((session) => byMeaning(session, 0.9));
        expect(order(words, nearby, balanced([], 0.5, 0))).toEqual(found);
      }),
    );
  });

  it('have each session of the words once, and at most twenty others; scores descend from 1', () => {
    fc.assert(
      fc.property(list, list, fc.double({ min: 0, max: 1, noNaN: true }), (found, near, certainty) => {
        const words = found.map((session, index) => byWords(session, 1 / (index + 1)));
        const nearby = near.map((session, index) => byMeaning(session, 0.9 - index / 100));
        const fused = fuse(columns, words, nearby, balanced([], certainty));
        const all = fused.map(({ session }) => session!);
        expect(new Set(all).size).toBe(all.length);
        expect(all.filter((session) => found.includes(session))).toHaveLength(found.length);
        expect(all.filter((session) => !found.includes(session)).length).toBeLessThanOrEqual(20);
        const scores = fused.map(({ score }) => score);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      }),
    );
  });
});

describe('what stands out by meaning', () => {
  const words = [byWords(1, 1), byWords(2, 0.9), byWords(3, 0.4)];

  it('decides between sessions that the words hold to be alike', () => {
    expect(order(words, [byMeaning(2, 0.3)], balanced([[2, 0.3]], 0.5))).toEqual([2, 1, 3]);
  });

  it('does not move what the words are sure of', () => {
    expect(order(words, [byMeaning(3, 0.3)], balanced([[3, 0.3]], 0.9))).toEqual([1, 2, 3]);
  });

  it('comes before the words when these found next to nothing of the question', () => {
    expect(order(words, [byMeaning(9, 0.3)], balanced([[9, 0.3]], 0.05))[0]).toBe(9);
  });

  it('adds nothing where a phrase was asked for', () => {
    expect(order(words, [byMeaning(9, 0.3)], balanced([[9, 0.3]], 0.05), false)).toEqual([1, 2, 3]);
  });

  it('says why it is there', () => {
    const fused = fuse(columns, words, [byMeaning(9, 0.3), byMeaning(2, 0.25)], balanced([[9, 0.3]], 0.5));
    const whyOf = (session: number) => fused.find((each) => each.session === session)!.why;
    expect(whyOf(9)).toMatchObject({ roads: { meaning: 1 }, similarity: 0.3 });
    expect(whyOf(2)).toMatchObject({ roads: { words: 1, meaning: 2 }, similarity: 0.25 });
    expect(whyOf(3)).toMatchObject({ roads: { words: 1 } });
    expect(whyOf(3)).not.toHaveProperty('similarity');
  });
});

describe('closeness', () => {
  it('is counted in standard deviations above all sessions, and is 0 below the mean and without a vector', () => {
    const closeness = closenessOf(new Map([[5, 0.3]]));
    expect(closeness.above(5)).toBeGreaterThan(8);
    expect(closeness.above(4)).toBe(0);
    expect(closeness.above(-1)).toBe(0);
    expect(new Closeness(columns).above(5)).toBe(0);
  });

  it('of a session with several good pieces is a little more than of one with one', () => {
    const pieces = (cosines: readonly number[]) => {
      const closeness = closenessOf(new Map([[5, 0.3]]));
      for (const cosine of cosines) closeness.add(5, cosine);
      return closeness.above(5);
    };
    const alone = pieces([]);
    expect(pieces([0.29])).toBeGreaterThan(alone);
    expect(pieces([0.29, 0.28, 0.27, 0.26])).toBe(pieces([0.28, 0.29, 0.26]));
    expect(pieces([0.31])).toBeGreaterThan(pieces([0.29]));
  });

  it('says nothing where all are alike', () => {
    const closeness = new Closeness(columns);
    for (let session = 0; session < sessions; session++) closeness.add(session, 0.2);
    expect(closeness.above(3)).toBe(0);
  });
});
