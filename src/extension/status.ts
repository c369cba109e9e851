/** The status bar item. */
import { MarkdownString, StatusBarAlignment, env, l10n, window } from 'vscode';
import type { Disposable, StatusBarItem } from 'vscode';
import type { MemoryStatus } from '../protocol/status';
import { commandIds } from './contributions';
import type { MemorySession } from './memory-session';
import { describeStatus } from './status-text';
import { workspaceRoots } from './workspace';

/** Capture may report many times a second; the item changes at most this often. */
const throttleMs = 1_000;

export class StatusItem implements Disposable {
  readonly #item: StatusBarItem;
  readonly #disposables: Disposable[];
  #status: MemoryStatus | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether the item must be painted again, and whether the status must be read before. */
  #isDirty = false;
  #isStale = true;
  #isDisposed = false;

  constructor(private readonly memory: MemorySession) {
    this.#item = window.createStatusBarItem('claudeMem.status', StatusBarAlignment.Left, 10);
    this.#item.name = 'Claude-Mem';
    this.#item.command = commandIds.openMemory;
    this.#disposables = [
      this.#item,
      memory.onChanged(() => this.#plan(true)),
      memory.onCapture((capture) => this.#plan(capture.phase !== 'importing')),
      memory.onConnection(() => this.#plan(true)),
      memory.onWindowChanged(() => this.#plan(true)),
    ];
    this.#paint();
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #plan(isStale: boolean): void {
    this.#isDirty = true;
    this.#isStale ||= isStale;
    this.#timer ??= setTimeout(() => void this.#refresh(), throttleMs / 4);
  }

  async #refresh(): Promise<void> {
    this.#isDirty = false;
    const isAsking = this.#isStale && this.memory.connection.isConnected;
    this.#isStale &&= !isAsking;
    if (isAsking) this.#status = await this.memory.status(this.memory.scopeOf(false)).catch(() => this.#status);
    if (this.#isDisposed) return;
    this.#paint();
    // Planned only after the answer, so that slow answers do not pile up requests.
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#isDirty) this.#plan(false);
    }, throttleMs);
  }

  #paint(): void {
    if (!this.memory.settings.statusBar) {
      this.#item.hide();
      return;
    }
    const { connection, capture } = this.memory;
    const facts = {
      connection,
      capture,
      status: this.#status,
      hasWorkspace: workspaceRoots().length > 0,
      now: Date.now(),
      language: env.language,
    };
    const { text, tooltip, label } = describeStatus(facts, l10n.t);
    this.#item.text = text;
    const shown = new MarkdownString(
      `${tooltip}\n\n[$(pulse) ${l10n.t('Doctor')}](command:${commandIds.openDoctor})`,
      true,
    );
    // The text may contain file names, so no link except this command may work in it.
    shown.isTrusted = { enabledCommands: [commandIds.openDoctor] };
    this.#item.tooltip = shown;
    this.#item.accessibilityInformation = { label, role: 'button' };
    this.#item.show();
  }
}
