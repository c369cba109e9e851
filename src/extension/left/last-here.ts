/** When a person was last in this workspace, before this window was opened. */
import { window } from 'vscode';
import type { Disposable, Memento } from 'vscode';
import { lastHereKey } from '../contributions';

export class LastHere implements Disposable {
  /** Epoch milliseconds; undefined the first time. */
  readonly before: number | undefined;
  readonly #subscription: Disposable;

  constructor(private readonly state: Memento) {
    const kept = state.get<unknown>(lastHereKey);
    this.before = typeof kept === 'number' ? kept : undefined;
    // Written when the window is left too, since a window that is killed says no goodbye.
    this.#subscription = window.onDidChangeWindowState(({ focused }) => void (focused || this.#note()));
    this.#note();
  }

  dispose(): void {
    this.#note();
    this.#subscription.dispose();
  }

  #note(): void {
    void this.state.update(lastHereKey, Date.now());
  }
}
