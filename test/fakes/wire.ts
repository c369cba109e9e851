/** Two ends of a real RPC connection inside one process. */
import { PassThrough } from 'node:stream';
import { StreamMessageReader, StreamMessageWriter, createMessageConnection } from 'vscode-jsonrpc/node';
import type { MessageConnection } from 'vscode-jsonrpc';

/** Neither end listens yet. */
export function makeWire(): [MessageConnection, MessageConnection] {
  const [there, back] = [new PassThrough(), new PassThrough()];
  return [createMessageConnection(new StreamMessageReader(back), new StreamMessageWriter(there)), createMessageConnection(new StreamMessageReader(there), new StreamMessageWriter(back))];
}
