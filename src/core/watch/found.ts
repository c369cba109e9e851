/** A place in a text, and where lines begin. */
export interface Span {
  from: number;
  to: number;
}

/** Turns places in a text into lines and columns. */
export class Lines {
  readonly #starts: number[] = [0];

  constructor(readonly text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  /** From 0. */
  lineOf(place: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  startOf(line: number): number {
    return this.#starts[line] ?? this.text.length;
  }

  textOf(line: number): string {
    const from = this.startOf(line);
    const end = this.text.indexOf('\n', from);
    return this.text.slice(from, end < 0 ? undefined : end);
  }
}
