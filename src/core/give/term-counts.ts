/** How many texts have a word: looking it up reads the whole list of its places, so a long task remembers it. */
import type { FullText } from '../index/full-text';
import { tokensOf } from '../index/tokenize';

export interface TermCounts {
  frequency(term: string): number;
  columns(): { readonly size: number };
}

export class RememberedCounts implements TermCounts {
  readonly #known = new Map<string, number>();

  constructor(private readonly index: FullText) {}

  frequency(term: string): number {
    const known = this.#known.get(term);
    if (known !== undefined) return known;
    const found = this.index.frequency(term);
    this.#known.set(term, found);
    return found;
  }

  columns(): { readonly size: number } {
    return this.index.columns();
  }

  /** Looks up at most so many words of a text; false when there are more. */
  learn(text: string, most: number): boolean {
    let left = most;
    for (const { term } of tokensOf(text)) {
      if (this.#known.has(term)) continue;
      if (left === 0) return false;
      left -= 1;
      this.frequency(term);
    }
    return true;
  }
}
