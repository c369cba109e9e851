/**
 * Failed commands of the terminal and exceptions that stop the debugger: when such an error was fixed before, an item in
 * the status bar says so for a while, at most once an hour. Problems of tasks have a light bulb, as all problems have.
 */
import { Disposable, StatusBarAlignment, debug, l10n, window } from 'vscode';
import type { StatusBarItem, TerminalShellExecution } from 'vscode';
import type { ErrorWish } from '../../protocol/questions/past-fixes';
import { commandIds } from '../contributions';
import { logError } from '../log';
import type { Parts } from '../parts';
import { lampTitle } from './text';

/** Letters of an output that are kept: its end, as the errors mostly are. */
const maxTail = 20_000;
export const shownMs = 30_000;
export const pauseMs = 3_600_000;

/** The program, and what stopped it, as the debug adapter says. */
interface Stopped {
  type?: unknown;
  event?: unknown;
  body?: { reason?: unknown; text?: unknown; description?: unknown };
}

export class FailedRuns implements Disposable {
  readonly #tails = new Map<TerminalShellExecution, { text: string; end: Promise<void> }>();
  readonly #item: StatusBarItem;
  readonly #subscriptions: Disposable;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shownAt = -Infinity;

  constructor(private readonly parts: Parts) {
    this.#item = window.createStatusBarItem('pastFix', StatusBarAlignment.Left, -1);
    this.#item.name = l10n.t('Claude-Mem: Past Fix');
    this.#subscriptions = Disposable.from(
      this.#item,
      window.onDidStartTerminalShellExecution(({ execution }) => this.#follow(execution)),
      window.onDidEndTerminalShellExecution(({ execution, exitCode }) => void this.#ended(execution, exitCode)),
      debug.registerDebugAdapterTrackerFactory('*', {
        createDebugAdapterTracker: () => ({ onDidSendMessage: (message: Stopped) => void this.#stopped(message) }),
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscriptions.dispose();
  }

  #follow(execution: TerminalShellExecution): void {
    if (!this.parts.fixes.isOn) return;
    const tail = { text: '', end: Promise.resolve() };
    const read = async () => {
      for await (const piece of execution.read()) tail.text = (tail.text + piece).slice(-maxTail);
    };
    tail.end = read().catch((error: unknown) => logError(this.parts.log, 'reading a terminal', error));
    this.#tails.set(execution, tail);
  }

  async #ended(execution: TerminalShellExecution, exitCode: number | undefined): Promise<void> {
    const tail = this.#tails.get(execution);
    this.#tails.delete(execution);
    if (!tail || exitCode === undefined || exitCode === 0) return;
    // The last piece may come after the end.
    await tail.end;
    await this.#ask({ text: tail.text });
  }

  async #stopped({ type, event, body }: Stopped): Promise<void> {
    if (type !== 'event' || event !== 'stopped' || body?.reason !== 'exception') return;
    const text = typeof body.text === 'string' ? body.text : body.description;
    if (typeof text === 'string') await this.#ask({ text: text.slice(0, maxTail) });
  }

  async #ask(wish: ErrorWish): Promise<void> {
    if (Date.now() - this.#shownAt < pauseMs || wish.text.trim() === '') return;
    try {
      const [fix] = await this.parts.fixes.quietly(wish);
      if (!fix || Date.now() - this.#shownAt < pauseMs) return;
      this.#shownAt = Date.now();
      this.#item.text = `$(lightbulb) ${l10n.t('Fixed before')}`;
      this.#item.tooltip = lampTitle(fix);
      this.#item.command = { title: '', command: commandIds.usePastFix, arguments: [wish, fix.id] };
      this.#item.show();
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#item.hide(), shownMs);
    } catch (error) {
      logError(this.parts.log, 'asking for past fixes', error);
    }
  }
}
