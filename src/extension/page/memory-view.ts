/** The Memory view in the activity bar: Timeline, Search, Learnings, Insights. */
import { commands } from 'vscode';
import type { Disposable, WebviewView, WebviewViewProvider } from 'vscode';
import type { WebviewEvents } from '../../protocol/webview';
import { memoryViewId } from '../contributions';
import type { Surface } from './surface';

export class MemoryView implements WebviewViewProvider, Disposable {
  #view: WebviewView | undefined;
  #surface: Surface | undefined;
  /** Requests made before the view was opened for the first time. */
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly openSurface: (view: WebviewView) => Surface) {}

  resolveWebviewView(view: WebviewView): void {
    this.#surface?.dispose();
    const surface = this.openSurface(view);
    this.#view = view;
    this.#surface = surface;
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

  async focus(): Promise<void> {
    if (this.#view) this.#view.show(false);
    else await commands.executeCommand(`${memoryViewId}.focus`);
  }

  dispose(): void {
    this.#surface?.dispose();
  }
}
