/** Reproducible random numbers: every torture run prints its seed. */
export interface Random {
  /** A whole number in [0, most). */
  below(most: number): number;
  /** True once in `times`. */
  once(times: number): boolean;
}

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const below = (most: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
  return { below, once: (times) => below(times) === 0 };
}
