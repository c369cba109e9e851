/** Embedders without a model: one that knows the answer, one with random answers, one that counts words. */
import { tokensOf } from '../../src/core/index/tokenize';
import type { Embedder } from '../../src/core/meaning/embedder';
import { MemoryError } from '../../src/protocol/errors';
import { randomFrom } from '../bench/measure';
import { unit } from './vectors';

export interface FakeEmbedder extends Embedder {
  /** Texts of every call, in order. */
  readonly calls: { texts: readonly string[]; kind: 'query' | 'passage' }[];
  /** Called before each answer; may wait or throw. */
  onCall: (texts: readonly string[], kind: 'query' | 'passage', signal?: AbortSignal) => Promise<void> | void;
}

export function fakeEmbedder(
  id: string,
  vectorOf: (text: string, kind: 'query' | 'passage') => Float32Array,
  dimension: number,
): FakeEmbedder {
  const fake: FakeEmbedder = {
    id,
    dimension,
    maxTokens: 256,
    calls: [],
    onCall: () => {},
    async embed(texts, kind, signal) {
      fake.calls.push({ texts, kind });
      await fake.onCall(texts, kind, signal);
      if (signal?.aborted) throw new MemoryError('cancelled', 'The operation was cancelled.');
      return texts.map((text) => vectorOf(text, kind));
    },
  };
  return fake;
}

/** Texts of one topic are near each other, all others are far apart. */
export const oracle = (topicOf: (text: string) => number | undefined, id = 'oracle@1', dimension = 64): FakeEmbedder =>
  fakeEmbedder(
    id,
    (text) => {
      const topic = topicOf(text);
      const noise = direction(`noise ${text}`, dimension);
      return topic === undefined
        ? noise
        : unit(direction(`topic ${topic}`, dimension).map((value, at) => value + 0.3 * (noise[at] ?? 0)));
    },
    dimension,
  );

/** Random vectors; those of questions are unrelated to all texts. */
export const dice = (id = 'dice@1', dimension = 64): FakeEmbedder =>
  fakeEmbedder(id, (text, kind) => direction(`${kind} ${text}`, dimension), dimension);

/** A bag of hashed words: fast, and useful when texts share words. */
export const wordBag = (id = 'bag@1', dimension = 256): FakeEmbedder =>
  fakeEmbedder(
    id,
    (text) => {
      const vector = new Float32Array(dimension);
      for (const { term } of tokensOf(text)) {
        const hash = hashOf(term);
        vector[hash % dimension] = (vector[hash % dimension] ?? 0) + (hash & 0x10000 ? 1 : -1);
      }
      return unit(vector);
    },
    dimension,
  );

/** Always the same direction for the same seed. */
function direction(seed: string, dimension: number): Float32Array {
  const random = randomFrom(hashOf(seed));
  // Generators with neighbouring seeds begin with similar numbers.
  for (let skip = 0; skip < 8; skip++) random();
  return unit(Float32Array.from({ length: dimension }, () => random() + random() + random() - 1.5));
}

function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619);
  return hash >>> 0;
}
