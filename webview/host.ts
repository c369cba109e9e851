/** The only connection to the editor: JSON-RPC objects by postMessage in both directions. */
import { AbstractMessageReader, AbstractMessageWriter, createMessageConnection } from 'vscode-jsonrpc/browser';
import type { DataCallback, Disposable, Message, MessageReader, MessageWriter } from 'vscode-jsonrpc/browser';
import { connect, listen } from '../src/protocol/rpc';
import type { WebviewEvents } from '../src/protocol/webview';
import type { WebviewApi } from '../src/protocol/webview-api';
import type { Host } from './state/host';

interface EditorApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorApi;

/** Connects to the extension host. Must be called once per page, because the editor provides its api only once. */
export function createHost(): Host {
  const editor = acquireVsCodeApi();
  const connection = createMessageConnection(new WindowReader(), new EditorWriter(editor));
  const events = createEventHub();
  listen<WebviewEvents>(connection, events.emit);
  connection.listen();
  return {
    api: connect<WebviewApi>(connection),
    on: events.on,
    getState: () => asRecord(editor.getState()),
    setState: (state) => editor.setState(state),
  };
}

class WindowReader extends AbstractMessageReader implements MessageReader {
  listen(callback: DataCallback): Disposable {
    const receive = (event: MessageEvent<unknown>) => {
      // Browser extensions and dev tools post messages to the window too.
      if (isMessage(event.data)) callback(event.data);
    };
    window.addEventListener('message', receive);
    return { dispose: () => window.removeEventListener('message', receive) };
  }
}

class EditorWriter extends AbstractMessageWriter implements MessageWriter {
  constructor(private readonly editor: EditorApi) {
    super();
  }

  write(message: Message): Promise<void> {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- the editor's function, not the window's: it takes no origin
    this.editor.postMessage(message);
    return Promise.resolve();
  }

  end(): void {}
}

type Listeners = { [Name in keyof WebviewEvents]?: Set<(event: WebviewEvents[Name]) => void> };

/**
 * Keeps the latest event of each kind until there is a listener, because the first events arrive before React has
 * mounted.
 */
function createEventHub(): {
  emit: <Name extends keyof WebviewEvents>(name: Name, value: WebviewEvents[Name]) => void;
  on: Host['on'];
} {
  const listeners: Listeners = {};
  const waiting: Partial<WebviewEvents> = {};
  return {
    emit: (name, value) => {
      const heard = listeners[name];
      if (heard?.size) for (const listener of heard) listener(value);
      else waiting[name] = value;
    },
    on: (name, listener) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one set per name; the compiler cannot follow that
      const heard: Set<typeof listener> = (listeners[name] ??= new Set<typeof listener>() as never);
      heard.add(listener);
      const missed = waiting[name];
      if (missed !== undefined) {
        delete waiting[name];
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- kept under its own name
        listener(missed as never);
      }
      return () => heard.delete(listener);
    },
  };
}

function isMessage(data: unknown): data is Message {
  return typeof data === 'object' && data !== null && 'jsonrpc' in data;
}

function asRecord(state: unknown): Record<string, unknown> {
  return typeof state === 'object' && state !== null ? { ...state } : {};
}
