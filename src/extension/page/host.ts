/** The extension's side of one webview: answers its page, and buffers events until the page is ready. */
import type { Disposable, Webview } from 'vscode';
import { emit, serve } from '../../protocol/rpc';
import type { WebviewEvents } from '../../protocol/webview';
import { webviewMethods } from '../../protocol/webview-api';
import type { WebviewApi } from '../../protocol/webview-api';
import { createWire, isMessage, isReadyCall } from './wire';
import type { Wire } from './wire';

/** A page that becomes ready reads these anyway, so buffered events of these kinds are dropped. */
const coveredByReady: ReadonlySet<keyof WebviewEvents> = new Set(['context', 'changed'] as const);

export class WebviewHost implements Disposable {
  readonly #subscription: Disposable;
  #wire: Wire | undefined;
  #isReady = false;
  #onReady: (() => void) | undefined;
  /** The latest event of each kind is enough, because each is a complete snapshot. */
  readonly #waiting = new Map<keyof WebviewEvents, unknown>();

  constructor(
    private readonly webview: Webview,
    private readonly api: WebviewApi,
  ) {
    this.#subscription = webview.onDidReceiveMessage((message: unknown) => this.#receive(message));
  }

  /** Sends an event now, or when the page is ready. */
  send<Name extends keyof WebviewEvents>(name: Name, value: WebviewEvents[Name]): void {
    if (this.#isReady && this.#wire) emit<WebviewEvents>(this.#wire.connection, name, value);
    else if (!coveredByReady.has(name)) this.#waiting.set(name, value);
  }

  /** Runs it once the page is ready, the next time it is; only the last one given. */
  whenReady(run: () => void): void {
    if (this.#isReady) run();
    else this.#onReady = run;
  }

  /** The editor destroyed the page, as it does with hidden ones. A new page will call `ready`. */
  sleep(): void {
    this.#isReady = false;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#wire?.connection.dispose();
    this.#wire = undefined;
  }

  #receive(message: unknown): void {
    if (!isMessage(message)) return;
    if (isReadyCall(message)) this.#renew();
    this.#wire?.receive(message);
  }

  /** A new page must not get answers for the old one, because both number their calls from zero. */
  #renew(): void {
    this.#wire?.connection.dispose();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window: the editor knows where this goes
    const wire = createWire((message) => this.webview.postMessage(message));
    this.#wire = wire;
    this.#isReady = false;
    serve(wire.connection, { ...this.api, ready: () => this.#welcome(wire) }, webviewMethods);
    wire.connection.listen();
  }

  async #welcome(wire: Wire): ReturnType<WebviewApi['ready']> {
    const context = await this.api.ready();
    // Sent after the answer to `ready`: without it, the page cannot interpret events.
    setImmediate(() => this.#flush(wire));
    return context;
  }

  #flush(wire: Wire): void {
    if (wire !== this.#wire) return;
    this.#isReady = true;
    for (const [name, value] of this.#waiting)
      emit<WebviewEvents>(wire.connection, name, value as WebviewEvents[keyof WebviewEvents]);
    this.#waiting.clear();
    this.#onReady?.();
    this.#onReady = undefined;
  }
}
