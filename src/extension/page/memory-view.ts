/** The Memory view in the activity bar: Timeline, Search, Learnings, Insights. */
import { commands, env, l10n } from 'vscode';
import type { Disposable, ViewBadge, WebviewView, WebviewViewProvider } from 'vscode';
import type { WebviewEvents } from '../../protocol/webview';
import { memoryViewId } from '../contributions';
import { formatCount } from '../format';
import type { Surface } from './surface';

export class MemoryView implements WebviewViewProvider, Disposable {
  #view: WebviewView | undefined;
  #surface: Surface | undefined;
  /** Requests made before the view was opened for the first time. */
  readonly #waiting: (() => void)[] = [];

  #badge: ViewBadge | undefined;

  constructor(private readonly openSurface: (view: WebviewView) => Surface) {}

  resolveWebviewView(view: WebviewView): void {
    this.#surface?.dispose();
    const surface = this.openSurface(view);
    this.#view = view;
    this.#surface = surface;
    view.badge = this.#badge;
    view.onDidChangeVisibility(() => view.visible || surface.host.sleep());
    view.onDidDispose(() => {
      surface.dispose();
      if (this.#surface !== surface) return;
      this.#surface = undefined;
      this.#view = undefined;
    });
    for (const send of this.#waiting.splice(0)) send();
  }

  /** Brings the view to the front and sends its page an event when it is ready. */
  async show<Name extends 'show' | 'draftLearning' | 'act'>(name: Name, value: WebviewEvents[Name]): Promise<void> {
    const send = () => this.#surface?.host.send(name, value);
    if (this.#surface) send();
    else this.#waiting.push(send);
    await this.focus();
  }

  /**
   * Puts the number of new proposals on the icon in the activity bar; none at 0. The editor draws it only for a view that
   * was opened in this window, even if it is hidden since: until then the number is kept.
   */
  showNew(count: number): void {
    const tooltip = l10n.t(
      'Proposed learnings that are new since you last looked: {0}',
      formatCount(count, env.language),
    );
    this.#badge = count > 0 ? { value: count, tooltip } : undefined;
    if (this.#view) this.#view.badge = this.#badge;
  }

  async focus(): Promise<void> {
    if (this.#view) this.#view.show(false);
    else await commands.executeCommand(`${memoryViewId}.focus`);
  }

  dispose(): void {
    this.#surface?.dispose();
  }
}
