/** Delayed work that ends together with the memory it belongs to. */
import { traceOf } from './log';
import type { Log } from './log';

type Timer = ReturnType<typeof setTimeout>;

export class Timers {
  readonly #running = new Set<Timer>();

  constructor(private readonly log: Log) {}

  /** Runs `work` after `ms`. Errors are only logged: on a full disk the keeper goes on, and the next write fails. */
  readonly later = (ms: number, work: () => void): Timer => {
    const timer = setTimeout(() => {
      this.#running.delete(timer);
      try {
        work();
      } catch (error) {
        this.log.error(`background: ${traceOf(error)}`);
      }
    }, ms);
    this.#running.add(timer);
    return timer;
  };

  /** A function that runs `work` at most once per `ms`; calls while it waits are merged. */
  throttled(ms: number, work: () => void): () => void {
    let isWaiting = false;
    return () => {
      if (isWaiting) return;
      isWaiting = true;
      this.later(ms, () => {
        isWaiting = false;
        work();
      });
    };
  }

  /**
   * A function that tells how far work is, at most once per `ms`. Its beginning and its end (undefined, told as null) are
   * told at once, so that work that ends before the wait is over is still seen.
   */
  progress<Progress extends object>(
    ms: number,
    tell: (progress: Progress | null) => void,
  ): (progress: Progress | undefined) => void {
    let present: Progress | undefined;
    const tellSoon = this.throttled(ms, () => tell(present ?? null));
    return (progress) => {
      const isTurning = !present !== !progress;
      present = progress;
      if (isTurning) tell(progress ?? null);
      else tellSoon();
    };
  }

  /** A function that runs `work` when it was not called for `ms`. */
  debounced(ms: number, work: () => void): () => void {
    let waiting: Timer | undefined;
    return () => {
      if (waiting) this.#cancel(waiting);
      waiting = this.later(ms, work);
    };
  }

  close(): void {
    for (const timer of this.#running) this.#cancel(timer);
  }

  #cancel(timer: Timer): void {
    clearTimeout(timer);
    this.#running.delete(timer);
  }
}
