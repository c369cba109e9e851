/** A vscode-jsonrpc connection over postMessage, with plain JSON-RPC objects in both directions. */
import { AbstractMessageReader, AbstractMessageWriter, createMessageConnection } from 'vscode-jsonrpc/node';
import type {
  DataCallback,
  Disposable,
  Message,
  MessageConnection,
  MessageReader,
  MessageWriter,
} from 'vscode-jsonrpc/node';

/** The connection of one page. A reloaded page gets a new one, because it numbers its calls from zero again. */
export interface Wire {
  connection: MessageConnection;
  receive(message: Message): void;
}

export function createWire(post: (message: Message) => PromiseLike<boolean>): Wire {
  const reader = new PageReader();
  const connection = createMessageConnection(reader, new PageWriter(post));
  return { connection, receive: (message) => reader.receive(message) };
}

export function isMessage(data: unknown): data is Message {
  return typeof data === 'object' && data !== null && 'jsonrpc' in data && data.jsonrpc === '2.0';
}

/** True for the first call of every page. */
export function isReadyCall(message: Message): boolean {
  const { method, params } = message as { method?: unknown; params?: unknown };
  return (
    method === 'call' &&
    typeof params === 'object' &&
    params !== null &&
    (params as { name?: unknown }).name === 'ready'
  );
}

class PageReader extends AbstractMessageReader implements MessageReader {
  #callback: DataCallback | undefined;

  listen(callback: DataCallback): Disposable {
    this.#callback = callback;
    return { dispose: () => (this.#callback = undefined) };
  }

  receive(message: Message): void {
    this.#callback?.(message);
  }
}

class PageWriter extends AbstractMessageWriter implements MessageWriter {
  constructor(private readonly post: (message: Message) => PromiseLike<boolean>) {
    super();
  }

  async write(message: Message): Promise<void> {
    // False when the page is gone; the next one reads everything it shows again.
    await this.post(message);
  }

  end(): void {}
}
