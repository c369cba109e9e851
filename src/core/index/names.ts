/** Few different texts, kept once each: a column of numbers stands for a column of words. */
export class Names {
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();

  number(name: string): number {
    let known = this.#numbers.get(name);
    if (known === undefined) {
      known = this.#names.push(name) - 1;
      this.#numbers.set(name, known);
    }
    return known;
  }

  name(number: number): string {
    return this.#names[number] ?? '';
  }

  /** By number. */
  all(): readonly string[] {
    return this.#names;
  }

  clear(): void {
    this.#names.length = 0;
    this.#numbers.clear();
  }
}
