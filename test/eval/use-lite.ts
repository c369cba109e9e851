/**
 * Universal Sentence Encoder lite, a small real model that npm ships. Only the evaluation uses it: it is put into the
 * cache when asked for, and is in no package.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Embedder } from '../../src/core/meaning/embedder';

export const useLiteName = 'use-lite';
const folder = path.resolve('.cache/use-lite');
const dimension = 512;
const maxTokens = 256;
/** Texts that are read at once, and letters of each: it was made for sentences, and takes as long as the longest. */
const atOnce = 32;
const maxLetters = 1000;

interface Model {
  embed(texts: readonly string[]): Promise<number[][]>;
}

/** @throws when the packages are not in the cache */
export async function openUseLite(): Promise<Embedder> {
  const load = createRequire(path.join(folder, 'package.json'));
  const [library, weights] = ['embeddings', 'model-embeddings-en'].map(
    (name) => load(`@energetic-ai/${name}`) as unknown,
  );
  const model = await (library as { initModel: (source: unknown) => Promise<Model> }).initModel(
    (weights as { modelSource: unknown }).modelSource,
  );
  // The same text is asked for many times: as a title, a question, and without its best words.
  const known = new Map<string, Float32Array>();
  return {
    id: 'use-lite@0.2.0',
    dimension,
    maxTokens,
    async embed(texts) {
      const fresh = [...new Set(texts)].filter((text) => !known.has(text));
      for (let from = 0; from < fresh.length; from += atOnce) {
        const some = fresh.slice(from, from + atOnce);
        const vectors = await model.embed(some.map((text) => text.slice(0, maxLetters) || ' '));
        some.forEach((text, index) => known.set(text, unit(Float32Array.from(vectors[index] ?? []))));
      }
      return texts.map((text) => known.get(text)!);
    },
  };
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? vector : vector.map((value) => value / length);
}
