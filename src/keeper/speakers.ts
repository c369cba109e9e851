/** Which connections speak for which source: when the last of them goes, what it said no longer holds. */
export class Speakers {
  readonly #heads = new Map<string, Set<object>>();

  join(source: string, head: object): void {
    this.#heads.set(source, (this.#heads.get(source) ?? new Set()).add(head));
  }

  /** The sources that nobody speaks for any more. */
  leave(head: object): string[] {
    const silent: string[] = [];
    for (const [source, heads] of this.#heads) {
      if (!heads.delete(head) || heads.size > 0) continue;
      this.#heads.delete(source);
      silent.push(source);
    }
    return silent;
  }
}
