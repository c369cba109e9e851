/** Embedders without a model: one that knows the answer, one that knows nothing, one that counts words. */
import { tokensOf } from '../../src/core/index/tokenize';
import type { Embedder } from '../../src/core/meaning/embedder';
import { MemoryError } from '../../src/protocol/errors';
import { randomFrom } from '../bench/measure';
import { unit } from './vectors';

export interface FakeEmbedder extends Embedder {
  /** Texts of every call, in order. */
  readonly calls: { texts: readonly string[]; kind: 'query' | 'passage' }[];
  /** Runs before each answer: may wait, or throw. */
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

/** Texts of one topic are near to each other, all others far. */
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

/** Knows nothing, and a question least of all: what it says of one has nothing to do with any text. */
export const dice = (id = 'dice@1', dimension = 64): FakeEmbedder =>
  fakeEmbedder(id, (text, kind) => direction(`${kind} ${text}`, dimension), dimension);

/** A bag of hashed words: cheap, and honest within its means. */
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

/** Always the same one for the same words. */
function direction(seed: string, dimension: number): Float32Array {
  const random = randomFrom(hashOf(seed));
  // The first numbers of neighbouring seeds are alike.
  for (let skip = 0; skip < 8; skip++) random();
  return unit(Float32Array.from({ length: dimension }, () => random() + random() + random() - 1.5));
}

function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619);
  return hash >>> 0;
}
