/** Starts windows as processes of their own, and kills them without a word. */
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface Reply {
  ready?: boolean;
  done?: string;
  failed?: string;
  code?: string;
  value?: unknown;
  fatal?: string;
  reason?: string;
  isConnected?: boolean;
}

export class Window {
  readonly replies: Reply[] = [];
  readonly #waiting = new Set<() => void>();
  readonly exited: Promise<void>;

  constructor(readonly process: ChildProcess) {
    createInterface({ input: process.stdout! }).on('line', (line) => {
      this.replies.push(JSON.parse(line) as Reply);
      for (const wake of this.#waiting) wake();
    });
    this.exited = new Promise((resolve) => {
      process.once('close', () => {
        resolve();
        for (const wake of this.#waiting) wake();
      });
    });
  }

  /** The first reply that fits; rejects when the window ends before it comes. */
  async reply(fits: (reply: Reply) => boolean): Promise<Reply> {
    for (;;) {
      const found = this.replies.find(fits);
      if (found) return found;
      if (this.process.exitCode !== null || this.process.signalCode !== null) throw new Error(`The window ended: ${JSON.stringify(this.replies.slice(-3))}`);
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }

  send(command: string): void {
    this.process.stdin!.write(`${command}\n`);
  }

  async ask(command: string): Promise<unknown> {
    const seen = this.replies.length;
    this.send(command);
    const reply = await this.reply((each) => this.replies.indexOf(each) >= seen && (each.done === command || each.failed === command));
    if (reply.failed !== undefined) throw new Error(`${command}: ${reply.code}`);
    return reply.value;
  }

  /** Ids whose saving was acknowledged. */
  get acknowledged(): string[] {
    return this.replies.flatMap(({ done, value }) => (done?.startsWith('put ') ? [value as string] : []));
  }

  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.exited;
  }
}

export interface Desk {
  dataDir: string;
  open(env?: Record<string, string>): Promise<Window>;
  /** Does not wait for it to be ready. */
  start(env?: Record<string, string>): Window;
  clear(): Promise<void>;
}

export async function prepareDesk(): Promise<Desk> {
  const folder = await mkdtemp(path.join(tmpdir(), 'claude-mem-windows-'));
  const script = path.join(folder, 'window.cjs');
  await build({ entryPoints: ['test/process/window.ts'], bundle: true, platform: 'node', format: 'cjs', outfile: script, logLevel: 'error' });
  const dataDir = path.join(folder, 'data');
  const windows: Window[] = [];
  const start = (env: Record<string, string> = {}) => {
    const window = new Window(spawn(process.execPath, [script, dataDir, path.resolve('dist/keeper.cjs')], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } }));
    windows.push(window);
    return window;
  };
  return {
    dataDir,
    start,
    async open(env) {
      const window = start(env);
      await window.reply(({ ready }) => ready === true);
      return window;
    },
    async clear() {
      await Promise.all(windows.map((window) => window.kill()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
