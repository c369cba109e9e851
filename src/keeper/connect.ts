/** Connects a head to the memory: finds the keeper that owns the database, or starts one. */
import net from 'node:net';
import type { Worker } from 'node:worker_threads';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import type { Auditor } from '../protocol/audit';
import { MemoryError, asMemoryError } from '../protocol/errors';
import type { MemoryApi, MemoryClient, MemoryEventName, MemoryEvents } from '../protocol/memory-api';
import type { CaptureSettings } from '../protocol/questions/capture';
import type { ModelSettings } from '../protocol/questions/spend';
import { connect, listen } from '../protocol/rpc';
import { protocolVersion } from '../protocol/version';
import { isTrustedEndpoint } from './endpoint';
import { connectionOver, introduce } from './handshake';
import { heartbeatMs as defaultHeartbeatMs, readHeartbeat, readKeeperFile } from './keeper-file';
import { isWishLeft } from './next-open';
import { OwnKeeper } from './own-keeper';
import type { OwnKeeperOptions, OwnKeeperTiming } from './own-keeper';

export interface OpenOptions extends OwnKeeperOptions {
  /** Who asks, for the audit log. */
  head?: Auditor;
  /** Called when the keeper goes away, comes back, or cannot be reached. */
  onConnection?: (state: { isConnected: boolean; error?: MemoryError }) => void;
  /** For tests. */
  timing?: Partial<DoorTiming>;
}

/** In milliseconds. */
interface DoorTiming extends OwnKeeperTiming {
  /** How long to wait when the folder is locked but no keeper answers; a hand-over takes a fraction of this. */
  lockedMs: number;
  /** How long a keeper that accepted a connection may take to prove that it knows the token. */
  answerMs: number;
}

const defaultTiming: DoorTiming = {
  lockedMs: 8000,
  retryMs: 2000,
  answerMs: 5000,
  shortLifeMs: 10_000,
  heartbeatMs: defaultHeartbeatMs,
};
/** Repair and restore answer only when they are done. */
const wishMs = 600_000;
const firstWaitMs = 5;
const maxWaitMs = 50;

/**
 * Resolves when the keeper answers. Calls made during a hand-over wait and are repeated on the new keeper, so every
 * write has an id or may be repeated.
 * @throws MemoryError `locked` when another program holds the lock but cannot be reached, `too_new` for a newer
 * database
 */
export async function openMemory(options: OpenOptions): Promise<MemoryClient> {
  const door = new Door(options);
  await door.open();
  return door.client();
}

interface Link {
  api: MemoryApi;
  connection: MessageConnection;
  socket: net.Socket;
}

type Listeners = { [Name in MemoryEventName]: Set<(event: MemoryEvents[Name]) => void> };

class Door {
  readonly #listeners: Listeners = {
    changed: new Set(),
    capture: new Set(),
    meaning: new Set(),
    queue: new Set(),
    scan: new Set(),
    erase: new Set(),
    portable: new Set(),
  };
  readonly #own: OwnKeeper;
  #link: Promise<Link> | undefined;
  #active: Link | undefined;
  /** The last settings of this head by source; a new keeper must get all of them. */
  readonly #settings = new Map<string, CaptureSettings>();
  /** Contain keys, so they are kept in memory only. */
  readonly #modelSettings = new Map<string, ModelSettings>();
  #isClosed = false;
  /** Closes a connection to a keeper that has not answered yet, so that closing does not wait for it. */
  #leaveMet: (() => void) | undefined;
  #isBusyTold = false;
  readonly #timing: DoorTiming;

  constructor(readonly options: OpenOptions) {
    this.#timing = { ...defaultTiming, ...options.timing };
    this.#own = new OwnKeeper(options, this.#timing);
  }

  async open(): Promise<Link> {
    this.#link ??= this.#find().catch(async (error: unknown) => {
      // A keeper of ours that nobody is connected to would hold the lock, and this process, for ever.
      await this.#own.end();
      throw error;
    });
    try {
      return await this.#link;
    } catch (error) {
      this.#link = undefined;
      throw error;
    }
  }

  client(): MemoryClient {
    const call = (name: keyof MemoryApi, args: unknown[]) => this.#call(name, args);
    const own: Partial<MemoryClient> = {
      configure: async (settings) => {
        this.#settings.set(settings.source, settings);
        await call('configure', [settings]);
      },
      configureModel: async (settings) => {
        await call('configureModel', [settings]);
        // A setting that this keeper refuses may be accepted by the next one.
        this.#modelSettings.set(settings.source, settings);
      },
      on: (name, listener) => {
        this.#listeners[name].add(listener);
        return () => this.#listeners[name].delete(listener);
      },
      close: () => this.#close(),
    };
    // All other names are requests. The keeper knows which exist, so heads need no table of them.
    return new Proxy(own as MemoryClient, {
      get: (target, name) => {
        // `await` reads `then` of any object; this must not become a request.
        if (typeof name !== 'string' || name === 'then') return undefined;
        return target[name as keyof MemoryClient] ?? ((...args: unknown[]) => call(name as keyof MemoryApi, args));
      },
    });
  }

  async #call(name: keyof MemoryApi, args: unknown[]): Promise<unknown> {
    for (;;) {
      if (this.#isClosed) throw new MemoryError('cancelled', 'Memory was closed.');
      const link = await this.open();
      try {
        return await (link.api[name] as (...all: unknown[]) => Promise<unknown>)(...args);
      } catch (error) {
        const isLost = MemoryError.is(error, 'busy') && error.data?.['isDisconnected'] === true;
        if (!isLost || this.#isClosed) throw error;
        // The connection is lost; `open` below waits for the next keeper.
        this.#drop(link);
      }
    }
  }

  /** Finds the keeper or starts one, trying until one of both works. */
  async #find(): Promise<Link> {
    let silentSince = Date.now();
    let lastThread: Worker | undefined;
    for (let wait = firstWaitMs; ; wait = Math.min(wait + firstWaitMs, maxWaitMs)) {
      if (this.#isClosed) throw new MemoryError('cancelled', 'Memory was closed.');
      const met = await this.#meet();
      if (isLink(met)) return met;
      const own = !this.#own.isResting && (await this.#own.become()) ? await this.#meet() : undefined;
      if (isLink(own)) return own;
      // Ours lives when it is the same thread as at the last look; that of another process is vouched for by its window.
      const isOursAlive = this.#own.thread !== undefined && this.#own.thread === lastThread;
      lastThread = this.#own.thread;
      const aliveAt = isOursAlive ? Date.now() : await readHeartbeat(this.options.dataDir);
      if (aliveAt > silentSince) {
        silentSince = aliveAt;
        this.#tellBusy();
      }
      if (Date.now() - silentSince > (isWishLeft(this.options.dataDir) ? wishMs : this.#timing.lockedMs))
        throw met ?? unanswered();
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  /** The keeper has a long task and answers after it: the person waits, and is told so once. */
  #tellBusy(): void {
    if (this.#isBusyTold) return;
    this.#isBusyTold = true;
    this.options.log('warn', 'The memory is busy with a long task; waiting for it.');
    this.options.onConnection?.({
      isConnected: false,
      error: new MemoryError('busy', 'The memory is busy with a long task.'),
    });
  }

  /**
   * A connection to the running keeper. A process that cannot prove the token is returned as an error: it is no keeper.
   */
  async #meet(): Promise<Link | MemoryError | undefined> {
    const known = await readKeeperFile(this.options.dataDir);
    if (!known || !(await isTrustedEndpoint(known.endpoint))) return undefined;
    const socket = await connectSocket(known.endpoint);
    if (!socket) return undefined;
    const connection = connectionOver(socket);
    connection.listen();
    const leave = () => {
      socket.destroy();
      connection.dispose();
    };
    // A keeper that hangs accepts connections but never answers; the lock then shows that it is there.
    const timer = setTimeout(leave, this.#timing.answerMs);
    // A dying keeper may still accept. The library drops pending requests only when it is told to.
    socket.once('close', leave);
    this.#leaveMet = leave;
    if (socket.destroyed || this.#isClosed) leave();
    try {
      if ((await introduce(connection, known.token, protocolVersion, this.options.head ?? 'unknown')) === 'yielding') {
        leave();
        return undefined;
      }
      // The token is proved. A keeper busy with a long statement answers later.
      clearTimeout(timer);
      return await this.#adopt({ api: connect<MemoryApi>(connection), connection, socket });
    } catch (error) {
      leave();
      // The connection broke during the handshake: try again.
      if (!MemoryError.is(error) || error.data?.['isDisconnected'] === true) return undefined;
      // Only the lock tells whether there is a keeper, so the error matters only while the lock is held.
      if (error.code === 'locked') return error;
      throw error;
    } finally {
      clearTimeout(timer);
      this.#leaveMet = undefined;
    }
  }

  async #adopt(link: Link): Promise<Link> {
    listen<MemoryEvents>(link.connection, (name, event) => {
      for (const listener of this.#listeners[name]) listener(event);
    });
    link.connection.onClose(() => this.#lost(link));
    for (const settings of this.#settings.values()) await link.api.configure(settings);
    for (const settings of this.#modelSettings.values()) await link.api.configureModel(settings);
    this.#active = link;
    this.#isBusyTold = false;
    this.options.onConnection?.({ isConnected: true });
    return link;
  }

  #lost(link: Link): void {
    link.connection.dispose();
    if (this.#isClosed) return;
    this.#drop(link);
    this.options.log('info', 'keeper: gone, looking for the next one');
    this.options.onConnection?.({ isConnected: false });
    void this.#recover();
  }

  /** Keeps trying, so that capture continues even while no head asks anything. */
  async #recover(): Promise<void> {
    while (!this.#isClosed) {
      try {
        await this.open();
        return;
      } catch (error) {
        this.options.onConnection?.({ isConnected: false, error: asMemoryError(error) });
        await new Promise((resolve) => setTimeout(resolve, this.#timing.retryMs).unref());
      }
    }
  }

  /** Drops a lost connection, unless it has been replaced already. */
  #drop(link: Link): void {
    if (this.#active !== link) return;
    this.#active = undefined;
    this.#link = undefined;
  }

  async #close(): Promise<void> {
    this.#isClosed = true;
    this.#leaveMet?.();
    const link = await this.#link?.catch(() => undefined);
    link?.connection.dispose();
    link?.socket.destroy();
    await this.#own.end();
  }
}

const isLink = (met: Link | MemoryError | undefined): met is Link => met !== undefined && 'api' in met;

const unanswered = () =>
  new MemoryError(
    'locked',
    'Another program holds the memory of this profile but does not answer. Close other windows of this editor, or restart it.',
    { reason: 'no_endpoint' },
  );

function connectSocket(endpoint: string): Promise<net.Socket | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect(endpoint);
    socket.once('connect', () => {
      socket.off('error', onError);
      socket.on('error', () => {});
      resolve(socket);
    });
    const onError = () => resolve(undefined);
    socket.once('error', onError);
  });
}
