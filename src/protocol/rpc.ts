/**
 * Typed calls over vscode-jsonrpc, the same for worker port, socket and webview: a trailing AbortSignal becomes a
 * cancellation, a MemoryError keeps its code, and only listed methods are answered.
 */
import { CancellationTokenSource, ErrorCodes, NotificationType, RequestType, ResponseError } from 'vscode-jsonrpc';
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc';
import { MemoryError, asMemoryError, errorCodes } from './errors';
import type { ErrorCode } from './errors';

interface Call {
  name: string;
  args: unknown[];
  /** The caller passed an AbortSignal after `args`; the handler gets one in the same place. */
  isAbortable: boolean;
}
interface ErrorData {
  code: ErrorCode;
  data?: Readonly<Record<string, unknown>>;
}
interface Event {
  name: string;
  value: unknown;
}

const call = new RequestType<Call, unknown, ErrorData>('call');
const event = new NotificationType<Event>('event');
/** The first error number that JSON-RPC reserves for applications. */
const applicationError = -32_000;

type Methods<Api> = { readonly [Name in keyof Api]: (...args: never[]) => Promise<unknown> };

/** Answers calls of the other side with the listed methods of `api` only. */
export function serve<Api extends object>(
  connection: MessageConnection,
  api: Api,
  methods: readonly (keyof Api & string)[],
): void {
  const allowed = new Set<string>(methods);
  connection.onRequest(call, async ({ name, args, isAbortable }, token) => {
    try {
      if (!allowed.has(name)) throw new MemoryError('invalid_input', `No such method: ${name}`);
      const method = (api as Methods<Api>)[name as keyof Api] as (...all: unknown[]) => Promise<unknown>;
      const signal = isAbortable ? [abortSignalOf(token)] : [];
      return toWire(await method.call(api, ...args.map(fromWire), ...signal));
    } catch (error) {
      const known = asMemoryError(error);
      throw new ResponseError<ErrorData>(applicationError, known.message, {
        code: known.code,
        ...(known.data && { data: known.data }),
      });
    }
  });
}

/** A proxy of the other side's api. Calls after the connection closed are rejected with `busy`. */
export function connect<Api extends object>(connection: MessageConnection): Api {
  return new Proxy({} as Api, {
    get: (_, name) => {
      // `await` reads `then` of any object; this must not become a call.
      if (typeof name !== 'string' || name === 'then') return undefined;
      return (...args: unknown[]) => request(connection, name, args);
    },
  });
}

/** Sends an event. Never throws, because the listener may be gone. */
export function emit<Events>(
  connection: MessageConnection,
  name: keyof Events & string,
  value: Events[keyof Events],
): void {
  const send = async () => connection.sendNotification(event, { name, value });
  // In an async function, because a disposed connection throws instead of rejecting.
  send().catch(() => {});
}

/** Calls listeners for events of the other side. */
export function listen<Events>(
  connection: MessageConnection,
  listener: <Name extends keyof Events>(name: Name, value: Events[Name]) => void,
): void {
  connection.onNotification(event, ({ name, value }) => {
    listener(name as keyof Events, value as Events[keyof Events]);
  });
}

async function request(connection: MessageConnection, name: string, args: unknown[]): Promise<unknown> {
  const signal = args.at(-1) instanceof AbortSignal ? (args.pop() as AbortSignal) : undefined;
  if (signal?.aborted) throw new MemoryError('cancelled', 'The operation was cancelled.');
  const source = new CancellationTokenSource();
  const cancel = () => source.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return fromWire(
      await connection.sendRequest(
        call,
        { name, args: args.map(toWire), isAbortable: signal !== undefined },
        source.token,
      ),
    );
  } catch (error) {
    throw fromResponse(error, signal);
  } finally {
    signal?.removeEventListener('abort', cancel);
    source.dispose();
  }
}

function fromResponse(error: unknown, signal: AbortSignal | undefined): MemoryError {
  if (signal?.aborted) return new MemoryError('cancelled', 'The operation was cancelled.');
  // Requests pending when the other side died are rejected with codes of the library.
  const isLost = error instanceof ResponseError && lostCodes.has(error.code);
  if (error instanceof ResponseError && !isLost) {
    const data = error.data as ErrorData | undefined;
    const code = data && errorCodes.includes(data.code) ? data.code : 'internal';
    return new MemoryError(code, error.message, data?.data);
  }
  // vscode-jsonrpc rejects with its own ConnectionError after the other side closed.
  return new MemoryError('busy', error instanceof Error ? error.message : String(error), { isDisconnected: true });
}

const lostCodes: ReadonlySet<number> = new Set([
  ErrorCodes.PendingResponseRejected,
  ErrorCodes.MessageWriteError,
  ErrorCodes.ConnectionInactive,
]);

/** JSON has no undefined: an omitted argument in the middle of a call travels as null. */
const toWire = (value: unknown): unknown => value ?? null;
const fromWire = (value: unknown): unknown => value ?? undefined;

function abortSignalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  else token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
