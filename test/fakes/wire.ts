/** Both ends of a real RPC connection in one process. Messages are transmitted as JSON text. */
import { AbstractMessageReader, AbstractMessageWriter, createMessageConnection } from 'vscode-jsonrpc/node';
import type { DataCallback, Disposable, Message, MessageConnection } from 'vscode-jsonrpc/node';

class End extends AbstractMessageReader {
  #callback: DataCallback | undefined;
  #waiting: string[] = [];

  override listen(callback: DataCallback): Disposable {
    this.#callback = callback;
    for (const text of this.#waiting.splice(0)) this.receive(text);
    return { dispose: () => (this.#callback = undefined) };
  }

  receive(text: string): void {
    if (this.#callback) this.#callback(JSON.parse(text) as Message);
    else this.#waiting.push(text);
  }
}

class Sender extends AbstractMessageWriter {
  constructor(readonly other: End) {
    super();
  }

  async write(message: Message): Promise<void> {
    const text = JSON.stringify(message);
    queueMicrotask(() => this.other.receive(text));
  }

  end(): void {}
}

/** Neither end is listening yet. */
export function makeWire(): [MessageConnection, MessageConnection] {
  const [left, right] = [new End(), new End()];
  return [createMessageConnection(left, new Sender(right)), createMessageConnection(right, new Sender(left))];
}

/** One end of a connection whose other side is gone without notice. */
export function makeBrokenWire(): MessageConnection {
  const sender = new Sender(new End());
  sender.write = () => Promise.reject(new Error('EPIPE'));
  return createMessageConnection(new End(), sender);
}
