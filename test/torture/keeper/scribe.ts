/** Writes transcripts as clients do while windows start and die: line by line, some lines in two parts. */
import { appendFile } from 'node:fs/promises';
import { Transcript, sessionId, writeTranscript } from '../../fixtures/transcript-lines';

const sessions = 5;

export class Scribe {
  readonly #transcripts: Transcript[] = [];
  readonly #files: string[] = [];
  /** Texts of the prompts whose lines are complete. */
  readonly written = new Set<string>();
  /** A word of the newest complete line. */
  lastWord: string | undefined;
  #count = 0;
  #half: { file: string; rest: string; text: string; word: string } | undefined;

  constructor(
    readonly configDir: string,
    readonly next: () => number,
  ) {}

  async begin(): Promise<void> {
    for (let index = 0; index < sessions; index++) {
      const transcript = new Transcript(sessionId(index + 1), { cwd: `/work/torture${index}` });
      this.#transcripts.push(transcript);
      this.#files.push(
        await writeTranscript(this.configDir, sessionId(index + 1), transcript, `-work-torture${index}`),
      );
    }
  }

  async write(): Promise<void> {
    await this.#finish();
    const at = Math.floor(this.next() * sessions);
    const transcript = this.#transcripts[at]!;
    const word = `zebra${++this.#count}x`;
    const text = `please look after the ${word}`;
    const line = `${JSON.stringify(transcript.prompt(text))}\n`;
    const half = this.next() < 0.3 ? Math.floor(line.length * this.next()) : 0;
    const file = this.#files[at]!;
    if (half > 0) {
      await appendFile(file, line.slice(0, half));
      this.#half = { file, rest: line.slice(half), text, word };
      return;
    }
    await appendFile(file, line);
    this.#note(text, word);
  }

  async #finish(): Promise<void> {
    if (!this.#half) return;
    const { file, rest, text, word } = this.#half;
    this.#half = undefined;
    await appendFile(file, rest);
    this.#note(text, word);
  }

  #note(text: string, word: string): void {
    this.written.add(text);
    this.lastWord = word;
  }
}
