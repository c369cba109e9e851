/** Which connections belong to which source: when the last one closes, the settings of the source end. */
export class Speakers {
  readonly #heads = new Map<string, Set<object>>();

  join(source: string, head: object): void {
    this.#heads.set(source, (this.#heads.get(source) ?? new Set()).add(head));
  }

  /** Returns the sources that have no connection left. */
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
