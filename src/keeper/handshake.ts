/**
 * The first messages of a connection: both sides prove that they know the token, then compare versions. Nothing else is
 * answered before.
 */
import { randomBytes } from 'node:crypto';
import type net from 'node:net';
import {
  RequestType0,
  RequestType,
  SocketMessageWriter,
  StreamMessageReader,
  createMessageConnection,
} from 'vscode-jsonrpc/node';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { auditors } from '../protocol/audit';
import type { Auditor } from '../protocol/audit';
import { MemoryError } from '../protocol/errors';
import { FrameLimit } from './frame-limit';
import { isProof, proveToken } from './keeper-file';

interface Hello {
  nonce: string;
}
interface HelloAnswer {
  nonce: string;
  proof: string;
  protocolVersion: number;
}
interface Proof {
  proof: string;
  protocolVersion: number;
  /** What kind of head it is, for the audit log. */
  head?: string;
}

const hello = new RequestType<Hello, HelloAnswer, void>('hello');
const prove = new RequestType<Proof, boolean, void>('prove');
const yieldKeeper = new RequestType0<void, void>('yield');
const handshakeMs = 5000;

/** A connection that is bounded until `trust` is called. */
export interface SocketConnection extends MessageConnection {
  /** The other end has proven the token, and may send long messages from now on. */
  trust(maxBytes?: number): void;
}

export function connectionOver(socket: net.Socket): SocketConnection {
  const limit = new FrameLimit();
  limit.on('error', () => socket.destroy());
  socket.once('close', () => limit.destroy());
  const reader = new StreamMessageReader(socket.pipe(limit));
  // By default the library would wait for the rest of a message from a killed keeper with a repeating timer, which
  // keeps a process from ending.
  reader.partialMessageTimeout = 0;
  return Object.assign(createMessageConnection(reader, new SocketMessageWriter(socket)), {
    trust: (maxBytes?: number) => limit.trust(maxBytes),
  });
}

export interface KeeperSide {
  token: string;
  protocolVersion: number;
  /** The head proved the token: start serving it. */
  onTrusted(connection: MessageConnection, head: Auditor): void;
  /** A newer head wants to run the keeper. */
  onYield(): void;
}

/** The keeper's side. A head that does not prove the token in time is disconnected. */
export function welcome(socket: net.Socket, side: KeeperSide): void {
  const connection = connectionOver(socket);
  const nonce = randomBytes(16).toString('hex');
  const timer = setTimeout(() => socket.destroy(), handshakeMs);
  timer.unref();
  let isProven = false;
  connection.onRequest(hello, ({ nonce: theirs }) => ({
    nonce,
    proof: proveToken(side.token, 'keeper', theirs),
    protocolVersion: side.protocolVersion,
  }));
  connection.onRequest(prove, ({ proof, protocolVersion, head }) => {
    if (!isProof(proof, proveToken(side.token, 'head', nonce))) {
      socket.destroy();
      return false;
    }
    clearTimeout(timer);
    isProven = true;
    connection.trust();
    if (protocolVersion === side.protocolVersion)
      side.onTrusted(connection, auditors.find((each) => each === head) ?? 'unknown');
    return true;
  });
  connection.onRequest(yieldKeeper, () => {
    if (isProven) side.onYield();
  });
  connection.onError(() => socket.destroy());
  connection.onClose(() => clearTimeout(timer));
  connection.listen();
}

/**
 * The head's side. Resolves when the keeper accepts requests. @throws MemoryError `locked` for a process without the
 * token, `too_new` for a newer keeper
 */
export async function introduce(
  connection: SocketConnection,
  token: string,
  protocolVersion: number,
  head: Auditor,
): Promise<'welcome' | 'yielding'> {
  const nonce = randomBytes(16).toString('hex');
  const answer = await connection.sendRequest(hello, { nonce });
  if (!isProof(answer.proof, proveToken(token, 'keeper', nonce)))
    throw new MemoryError('locked', 'Another program answers in the place of the memory keeper.', {
      reason: 'impostor',
    });
  // A refused answer would be asked for again, with the same end.
  connection.trust(Infinity);
  if (!(await connection.sendRequest(prove, { proof: proveToken(token, 'head', answer.nonce), protocolVersion, head })))
    throw new MemoryError('locked', 'The memory keeper refused this window.', { reason: 'refused' });
  if (answer.protocolVersion === protocolVersion) return 'welcome';
  if (answer.protocolVersion > protocolVersion)
    throw new MemoryError(
      'too_new',
      'Another window runs a newer version of the extension. Reload this window to use it too.',
      { reason: 'newer_keeper' },
    );
  await connection.sendRequest(yieldKeeper);
  return 'yielding';
}
