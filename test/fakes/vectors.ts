/** Vectors similar to those of a sentence model: topics in a small space, little noise, a common mean. */
import { randomFrom } from '../bench/measure';

const topics = 400;
const hidden = 64;

/** Returns a function that makes vectors of length 1. */
export function makeVectors(dimension: number, seed = 42): () => Float32Array {
  const gauss = gaussFrom(randomFrom(seed + 1));
  const shape = gaussFrom(randomFrom(42));
  const spectrum = Float32Array.from({ length: hidden }, (_, index) => 1 / Math.pow(1 + index, 0.35));
  const map = Float32Array.from({ length: hidden * dimension }, () => shape() / Math.sqrt(dimension));
  const mean = Float32Array.from({ length: dimension }, () => (shape() * 1.05) / Math.sqrt(dimension));
  const centres = Float32Array.from(
    { length: topics * hidden },
    (_, index) => shape() * (spectrum[index % hidden] ?? 0),
  );
  const random = randomFrom(seed);
  return () => {
    const topic = Math.floor(Math.pow(random(), 1.5) * topics);
    const vector = Float32Array.from(mean, (value) => value + gauss() * 0.025);
    for (let index = 0; index < hidden; index++) {
      const part = (centres[topic * hidden + index] ?? 0) * 0.8 + gauss() * (spectrum[index] ?? 0) * 0.75;
      for (let at = 0; at < dimension; at++) vector[at] = (vector[at] ?? 0) + part * (map[index * dimension + at] ?? 0);
    }
    return unit(vector);
  };
}

/** The vector scaled to length 1. */
export function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

function gaussFrom(random: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(random() || 1e-9));
    const angle = 2 * Math.PI * random();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
