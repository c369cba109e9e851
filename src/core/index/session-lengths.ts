/** Words of each session that the index has, as documents come and go. */
export class SessionLengths {
  readonly #words: number[] = [];
  #total = 0;
  #count = 0;

  /** Adds words of a document of the session, or takes them away when they are fewer than 0. */
  add(group: number, words: number): void {
    const before = this.#words[group] ?? 0;
    const after = before + words;
    this.#words[group] = after;
    this.#total += words;
    this.#count += Number(after > 0) - Number(before > 0);
  }

  /** As a share of the average session; 1 for what has no words here: a learning or a note. */
  shareOf(group: number): number {
    const words = this.#words[group] ?? 0;
    return words > 0 ? (words * this.#count) / this.#total : 1;
  }

  clear(): void {
    this.#words.length = this.#total = this.#count = 0;
  }
}
