/** Starts windows as processes of their own, and kills them with SIGKILL. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { bundleKeeper, bundlePatched } from './patched-bundle';
import type { Patch } from './patched-bundle';

export interface Reply {
  ready?: boolean;
  done?: string;
  failed?: string;
  code?: string;
  value?: unknown;
  fatal?: string;
  reason?: string;
  isConnected?: boolean;
  log?: string;
  message?: string;
}

export class Window {
  readonly replies: Reply[] = [];
  readonly #waiting = new Set<() => void>();
  readonly exited: Promise<void>;

  constructor(
    readonly process: ChildProcess,
    onReply: (reply: Reply, window: Window) => void = () => {},
  ) {
    createInterface({ input: process.stdout! }).on('line', (line) => {
      const reply = JSON.parse(line) as Reply;
      this.replies.push(reply);
      onReply(reply, this);
      for (const wake of this.#waiting) wake();
    });
    this.exited = new Promise((resolve) => {
      process.once('close', () => {
        resolve();
        for (const wake of this.#waiting) wake();
      });
    });
  }

  /** The first reply that matches; rejects when the window ends before. */
  async reply(fits: (reply: Reply) => boolean): Promise<Reply> {
    for (;;) {
      const found = this.replies.find(fits);
      if (found) return found;
      if (this.process.exitCode !== null || this.process.signalCode !== null)
        throw new Error(`The window ended: ${JSON.stringify(this.replies.slice(-3))}`);
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
    const reply = await this.reply(
      (each) => this.replies.indexOf(each) >= seen && (each.done === command || each.failed === command),
    );
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

export interface WindowOptions {
  env?: Record<string, string>;
  /** The built keeper when absent. */
  keeper?: string;
  /** The current window when absent. */
  script?: string;
  /** A command that starts the window, e.g. `unshare -n`. */
  wrapper?: readonly string[];
  onReply?: (reply: Reply, window: Window) => void;
}

export interface Desk {
  folder: string;
  dataDir: string;
  open(options?: WindowOptions): Promise<Window>;
  /** Does not wait until it is ready. */
  start(options?: WindowOptions): Window;
  /** Bundles a keeper with faults. */
  buildKeeper(name: string, patches: readonly Patch[]): Promise<string>;
  /** Bundles a window with faults, or of another version. */
  buildWindow(name: string, patches: readonly Patch[]): Promise<string>;
  clear(): Promise<void>;
}

/** @param patches faults of all windows */
export async function prepareDesk(patches: readonly Patch[] = []): Promise<Desk> {
  const folder = await mkdtemp(path.join(tmpdir(), 'claude-mem-windows-'));
  const buildWindow = async (name: string, faults: readonly Patch[]) => {
    const file = path.join(folder, `${name}.cjs`);
    await bundlePatched('test/process/window.ts', file, faults);
    return file;
  };
  const usual = await buildWindow('window', patches);
  const dataDir = path.join(folder, 'data');
  const windows = new Set<Window>();
  const start = ({
    env = {},
    keeper = path.resolve('dist/keeper.cjs'),
    wrapper = [],
    script = usual,
    onReply,
  }: WindowOptions = {}) => {
    const [program, ...args] = [...wrapper, process.execPath, script, dataDir, keeper];
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } });
    // The process may be killed during a write.
    child.stdin.on('error', () => {});
    const window = new Window(child, onReply);
    windows.add(window);
    void window.exited.then(() => windows.delete(window));
    return window;
  };
  return {
    folder,
    dataDir,
    start,
    async open(options) {
      const window = start(options);
      await window.reply(({ ready }) => ready === true);
      return window;
    },
    buildWindow,
    buildKeeper: (name, faults) => bundleKeeper(folder, name, faults),
    async clear() {
      await Promise.all([...windows].map((window) => window.kill()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
