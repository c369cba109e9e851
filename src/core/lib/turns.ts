/** Lets other work of this thread run, so that requests are answered during long work. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Waits until the next step of background work may be done. */
export type Turn = () => Promise<void>;

/** Does the steps of a long calculation, and lets other work run between them. */
export async function inTurns<T>(steps: Generator<undefined, T>, turn: Turn = breathe): Promise<T> {
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    await turn();
  }
}

/** Longer than between two keys of a person who types. */
const restMs = 500;
/** Somebody who never stops asking must not stop background work for good: a step is done after this time. */
const mostMs = 4000;

/**
 * Background work rests while a person asks: a step takes up to a tenth of a second, and what it stores makes the index
 * read its words again, so that every key that is typed would wait for both.
 */
export class BackgroundTurns {
  #askedAt = -Infinity;
  #isClosed = false;
  readonly #resting = new Set<() => void>();

  /** @param elapsed monotonic milliseconds */
  constructor(private readonly elapsed: () => number) {}

  /** A person asks, and waits for the answer. */
  noteQuestion(): void {
    this.#askedAt = this.elapsed();
  }

  readonly turn: Turn = async () => {
    await breathe();
    const until = this.elapsed() + mostMs;
    for (;;) {
      const now = this.elapsed();
      const ms = Math.min(this.#askedAt + restMs, until) - now;
      if (ms <= 0 || this.#isClosed) return;
      await this.#rest(ms);
    }
  };

  /** Nothing rests any more. */
  close(): void {
    this.#isClosed = true;
    for (const end of this.#resting) end();
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#resting.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#resting.add(end);
    });
  }
}
