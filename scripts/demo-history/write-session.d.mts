export interface SessionOptions {
  id: string;
  cwd: string;
  /** Epoch milliseconds. */
  startedAt: number;
  gitBranch?: string;
  title?: string;
}

interface Say {
  /** Text before the tool call in the same message. */
  say?: string;
}

export interface SessionWriter {
  readonly id: string;
  readonly cwd: string;
  prompt(text: string): SessionWriter;
  answer(text: string): SessionWriter;
  think(text: string): SessionWriter;
  tool(
    name: string,
    input: object,
    outcome: { content: unknown; result: unknown; isError?: boolean } & Say,
  ): SessionWriter;
  bash(command: string, output?: string, options?: { description?: string; exitCode?: number } & Say): SessionWriter;
  read(file: string, text: string, options?: Say): SessionWriter;
  edit(file: string, before: string, after: string, options?: Say): SessionWriter;
  write(file: string, text: string, options?: Say): SessionWriter;
  /** Writes a sub-agent's own file beside the session, and its report into the session. */
  agent(description: string, prompt: string, work: (sub: SessionWriter) => void, report: string): SessionWriter;
  wait(minutes: number): SessionWriter;
  /** Writes a line unchanged, for rare types of lines. */
  raw(line: unknown): SessionWriter;
  /** Lines written since the last call or save, for appending. */
  takeNew(): string;
  fileIn(configDir: string): string;
  /** Writes the files and returns the path of the main one. */
  save(configDir: string): string;
}

export declare function slugOf(cwd: string): string;
export declare function createSession(options: SessionOptions): SessionWriter;
