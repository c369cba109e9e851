import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { kernelSource } from '../../../scripts/make-kernel.mjs';
import { makeVectors } from '../../../test/fakes/vectors';
import { Scan, packRow } from './scan';

it('is compiled from the text beside it', async () => {
  expect(readFileSync('src/core/meaning/kernel-bytes.ts', 'utf8')).toBe(await kernelSource());
});

const dot = (one: Float32Array, other: Float32Array) =>
  one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);

function filled(dimension: number, count: number, isPlain = false) {
  const next = makeVectors(dimension);
  const scan = new Scan(dimension, isPlain);
  const vectors = Array.from({ length: count }, next);
  for (const vector of vectors) scan.add(packRow(vector, scan.rowBytes));
  return { scan, vectors, next };
}

it.each([
  [16, 1, true],
  [16, 1, false],
  [40, 3, true],
  [40, 3, false],
  [48, 4097, true],
  [48, 4097, false],
  [384, 300, true],
  [384, 300, false],
  [1024, 9, false],
])('knows the cosine of every row: %i values, %i rows, plain %s', (dimension, count, isPlain) => {
  const { scan, vectors, next } = filled(dimension, count, isPlain);
  const query = next();
  const found = scan.nearest(query, count);
  expect(found.map(({ at }) => at).toSorted((a, b) => a - b)).toEqual(vectors.map((_, at) => at));
  for (const { at, similarity } of found) expect(Math.abs(similarity - dot(vectors[at]!, query))).toBeLessThan(0.02);
  for (let index = 1; index < found.length; index++)
    expect(found[index]!.similarity).toBeLessThanOrEqual(found[index - 1]!.similarity);
});

it('gives the best few, of those that are allowed, and never a dead row', () => {
  const { scan, vectors } = filled(64, 5000);
  const query = vectors[4999]!;
  const [first, second] = scan.nearest(query, 10);
  expect(first).toMatchObject({ at: 4999 });
  expect(scan.nearest(query, 10, (at) => at < 4000).every(({ at }) => at < 4000)).toBe(true);
  scan.kill(4999);
  expect(scan.nearest(query, 10)[0]).toEqual(second);
  expect(scan.row(4999).values.every((value) => value === 0)).toBe(true);
  expect(scan).toMatchObject({ size: 5000, dead: 1 });
});
