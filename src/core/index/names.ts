/**
 * Stores each different text once and gives it a number, so that a column of numbers can stand for a column of texts.
 */
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

  /** All texts by number. */
  all(): readonly string[] {
    return this.#names;
  }

  clear(): void {
    this.#names.length = 0;
    this.#numbers.clear();
  }
}
