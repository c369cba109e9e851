/** Lines that are redacted in another thread while this one stores those before them. */
import type { OwnRules } from '../../protocol/redaction';
import type { RedactedLine } from './redact';

/** The port: a thread that redacts as `createRedactor` does. */
export interface LineThread {
  /** Applied to all lines that are given later. */
  setRules(rules: OwnRules): void;
  /** Undefined when no answer came: the caller redacts the lines itself. Never rejects. */
  redactLines(lines: readonly Uint8Array[]): Promise<LineAnswer | undefined>;
  /** What is not answered yet is answered by undefined. */
  close(): void;
}

export interface LineAnswer {
  /** What was changed, by index; every other line is clean. */
  changed: ReadonlyMap<number, RedactedLine>;
  /** Names of patterns that took too long. */
  slow: readonly string[];
}

/** Starts the thread of a memory. */
export type StartLineThread = (salt: string) => LineThread;

/** What the thread found in a line: `undefined` when it is clean. */
export interface Found {
  line: RedactedLine | undefined;
}

export class LinesAhead {
  readonly #thread: LineThread;
  readonly #onSlow: (names: readonly string[]) => void;
  /** By the bytes themselves, so that an answer is never taken for another line. */
  #begun = new WeakMap<Uint8Array, { answer: Promise<LineAnswer | undefined>; index: number }>();

  constructor(thread: LineThread, onSlow: (names: readonly string[]) => void) {
    this.#thread = thread;
    this.#onSlow = onSlow;
  }

  begin(lines: readonly Uint8Array[]): void {
    if (lines.length === 0) return;
    const answer = this.#thread.redactLines(lines);
    for (const [index, line] of lines.entries()) this.#begun.set(line, { answer, index });
  }

  /** What was begun before is not asked for any more: it was judged by older rules. */
  setRules(rules: OwnRules): void {
    this.#begun = new WeakMap();
    this.#thread.setRules(rules);
  }

  /** For each line what the thread found; undefined when it was not begun or not answered. */
  async take(lines: readonly Uint8Array[]): Promise<(Found | undefined)[]> {
    const begun = this.#begun;
    const found: (Found | undefined)[] = [];
    for (const line of lines) {
      const { answer, index = 0 } = begun.get(line) ?? {};
      const answered = await answer;
      if (answered && answered.slow.length > 0) this.#onSlow(answered.slow);
      // Rules that came into force meanwhile apply to this line too.
      found.push(answered && this.#begun === begun ? { line: answered.changed.get(index) } : undefined);
    }
    return found;
  }
}
