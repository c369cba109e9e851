/**
 * The keeper's log: one JSON object per line, in five files of 1 MiB. It is written in the background, so a slow disk
 * delays no answer. It contains ids, numbers, codes and our own words; text that may come from a person is removed
 * here.
 */
import { appendFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { scrub } from '../core/care/scrub';
import { logFolder } from '../protocol/data-folder';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogLine {
  time: string;
  level: LogLevel;
  /** Part of the keeper: `capture`, `care`, `keeper`. */
  where: string;
  what: string;
  numbers: number[];
}

const fileName = 'keeper.log';
const maxBytes = 1 << 20;
const maxFiles = 5;
/** Lines waiting for a slow disk; more are dropped and counted. */
const maxWaiting = 2000;

export class LogFile {
  readonly #folder: string;
  #waiting: string[] = [];
  #dropped = 0;
  #writing: Promise<void> | undefined;
  #bytes: number | undefined;

  constructor(
    dataDir: string,
    readonly now: () => number,
  ) {
    this.#folder = path.join(dataDir, logFolder);
  }

  /** Returns immediately. */
  write(level: LogLevel, message: string): void {
    if (this.#waiting.length >= maxWaiting) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(`${JSON.stringify(describeLine(level, message, this.now()))}\n`);
    this.#writing ??= this.#flush().finally(() => (this.#writing = undefined));
  }

  /** Resolves when all lines so far are written, or cannot be. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #flush(): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      this.#bytes ??= await stat(this.#file()).then(
        ({ size }) => size,
        () => 0,
      );
      while (this.#waiting.length > 0) {
        const text = this.#waiting.splice(0).join('');
        if (this.#bytes > 0 && this.#bytes + text.length > maxBytes) await this.#rotate();
        await appendFile(this.#file(), text, { mode: 0o600 });
        this.#bytes += Buffer.byteLength(text);
        if (this.#dropped > 0) {
          this.#waiting.push(
            `${JSON.stringify(describeLine('warn', `log: ${this.#dropped} lines dropped`, this.now()))}\n`,
          );
          this.#dropped = 0;
        }
      }
    } catch {
      // A full disk must not end the thread that could free space.
      this.#waiting = [];
    }
  }

  async #rotate(): Promise<void> {
    await rm(this.#file(maxFiles - 1), { force: true });
    for (let number = maxFiles - 2; number >= 0; number--)
      await rename(this.#file(number), this.#file(number + 1)).catch(() => {});
    this.#bytes = 0;
  }

  /** `keeper.log` is the newest, `keeper.4.log` the oldest. */
  #file(number = 0): string {
    return path.join(this.#folder, number === 0 ? fileName : fileName.replace('.', `.${number}.`));
  }
}

/** `capture: 3 files read` → part, message and the numbers in it. */
export function describeLine(level: LogLevel, message: string, at: number): LogLine {
  const [, where = 'keeper', rest = message] = /^([a-z]+): (.*)$/s.exec(message) ?? [];
  const what = scrub(rest);
  return {
    time: new Date(at).toISOString(),
    level,
    where,
    what,
    numbers: [...what.matchAll(/\b\d+(?:\.\d+)?\b/g)].slice(0, 8).map(([text]) => Number(text)),
  };
}
