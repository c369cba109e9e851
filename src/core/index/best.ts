/** Keeps the best of many entries without sorting all: a heap whose root is the worst one kept. */
export class Best {
  readonly #keys: Int32Array;
  readonly #scores: Float64Array;
  #size = 0;

  constructor(readonly most: number) {
    this.#keys = new Int32Array(most);
    this.#scores = new Float64Array(most);
  }

  get size(): number {
    return this.#size;
  }

  /** A further entry must score above this to be kept. */
  get least(): number {
    return this.#size < this.most ? -Infinity : (this.#scores[0] ?? Infinity);
  }

  /** Of equal scores the smaller key is kept. */
  offer(key: number, score: number): void {
    if (this.#size < this.most) {
      this.#up(this.#size++, key, score);
      return;
    }
    if (this.most === 0 || !isLess(this.#scores[0]!, this.#keys[0]!, score, key)) return;
    this.#down(key, score);
  }

  /** Keys, best first. */
  sorted(): number[] {
    return this.#inOrder().map((index) => this.#keys[index]!);
  }

  /** Keys and scores, best first. */
  ranked(): { key: number; score: number }[] {
    return this.#inOrder().map((index) => ({ key: this.#keys[index]!, score: this.#scores[index]! }));
  }

  #inOrder(): number[] {
    return Array.from({ length: this.#size }, (_, index) => index).sort(
      (a, b) => this.#scores[b]! - this.#scores[a]! || this.#keys[a]! - this.#keys[b]!,
    );
  }

  #up(start: number, key: number, score: number): void {
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isLess(score, key, this.#scores[parent]!, this.#keys[parent]!)) break;
      this.#put(at, this.#keys[parent]!, this.#scores[parent]!);
      at = parent;
    }
    this.#put(at, key, score);
  }

  /** Replaces the root. */
  #down(key: number, score: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      if (
        child + 1 < this.#size &&
        isLess(this.#scores[child + 1]!, this.#keys[child + 1]!, this.#scores[child]!, this.#keys[child]!)
      )
        child++;
      if (!isLess(this.#scores[child]!, this.#keys[child]!, score, key)) break;
      this.#put(at, this.#keys[child]!, this.#scores[child]!);
      at = child;
    }
    this.#put(at, key, score);
  }

  #put(at: number, key: number, score: number): void {
    this.#keys[at] = key;
    this.#scores[at] = score;
  }
}

const isLess = (score: number, key: number, other: number, otherKey: number): boolean =>
  score < other || (score === other && key > otherKey);
