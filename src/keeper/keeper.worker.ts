/**
 * The keeper's thread: opens the database and serves it. Its window holds the lock. It ends with the window, or when
 * told to.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import net from 'node:net';
import { homedir, hostname } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { freeBytes } from '../core/care/gather';
import { performWish } from '../core/care/next-open';
import type { ConnectModel } from '../core/distil/ask/language-model';
import { systemClock } from '../core/lib/clock';
import type { Log } from '../core/lib/log';
import { Meaning } from '../core/meaning/choice';
import { createMemory } from '../core/memory';
import type { Memory } from '../core/memory-ports';
import { openDatabase } from '../core/store/open';
import type { OpenedDatabase } from '../core/store/open';
import { loadSqlite } from '../core/store/sqlite/sqlite';
import { getConfiguration, setConfiguration } from '../core/store/tables/configuration';
import { MemoryError } from '../protocol/errors';
import { memoryMethods } from '../protocol/memory-api';
import type { MemoryApi, MemoryEvents } from '../protocol/memory-api';
import { emit, serve } from '../protocol/rpc';
import type { MemoryStatus } from '../protocol/status';
import { protocolVersion } from '../protocol/version';
import type { connectAnthropic as connectAnthropicType } from './anthropic';
import { createCareThread } from './care-thread';
import { claimFolder, clearClaims, raiseClaim, releaseClaim, touchClaim } from './claim';
import type { Claim } from './claim';
import { EmbedThread } from './embed-thread';
import { hasSocket, makeEndpoint, removeEndpoint, sweepSockets } from './endpoint';
import { Fence, renewFiles } from './fence';
import { explainDisk, isLocalDisk, networkFileSystem } from './folder';
import { GitLog } from './git-log';
import { welcome } from './handshake';
import { describeHost } from './host';
import {
  heartbeatMs,
  readKeeperFile,
  removeKeeperFile,
  sweepDrafts,
  touchKeeperFile,
  writeKeeperFile,
} from './keeper-file';
import { LogFile } from './log-file';
import type { LogLevel } from './log-file';
import { createMachine } from './machine';
import { openArchive } from './open-archive';
import { createRedactThread } from './redact-thread';
import { Speakers } from './speakers';
import { startTouching } from './touch-thread';
import { containErrors } from './uncaught';
import { reopeningCode } from './worker-messages';
import type { WorkerCommand, WorkerInput, WorkerMessage } from './worker-messages';

const port = parentPort;
if (!port) throw new Error('keeper.cjs runs in a worker thread.');
const input = workerData as WorkerInput;
const say = (message: WorkerMessage) => port.postMessage(message);
/** Set when we own the folder; before that, another keeper may write the log. */
let logFile: LogFile | undefined;
const note = (level: LogLevel) => (message: string) => {
  logFile?.write(level, message);
  say({ kind: 'log', level, message });
};
const log: Log = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };

let claim: Claim | undefined;
let fence: Fence | undefined;
let database: OpenedDatabase | undefined;
let archive: OpenedDatabase | undefined;
let memory: Memory | undefined;
let meaning: Meaning | undefined;
let server: net.Server | undefined;
let heartbeat: ReturnType<typeof setInterval> | undefined;
let endpoint = '';
let host = '';
const token = randomBytes(32).toString('hex');
const sockets = new Set<net.Socket>();
const heads = new Set<MessageConnection>();
const gitLog = new GitLog();
const modelSpeakers = new Speakers();
let closing: Promise<void> | undefined;

async function run(): Promise<void> {
  const startedAt = performance.now();
  host = input.host ?? (await describeHost());
  const before = await readKeeperFile(input.dataDir);
  const own = await ownFolder();
  logFile = new LogFile(input.dataDir, () => systemClock.now());
  const engine = await loadSqlite({ wasm: await readFile(input.wasmFile), platform: process.platform });
  const runTask = createCareThread(path.join(path.dirname(input.wasmFile), 'care.cjs'), input.wasmFile);
  await performWish({ dataDir: input.dataDir, engine, run: runTask, clock: systemClock, log });
  const fs = own.fence.calls();
  database = openDatabase({ engine, dataDir: input.dataDir, version: input.version, now: systemClock.now(), fs });
  archive = await openArchive({ engine, dataDir: input.dataDir, version: input.version, fs, run: runTask, log });
  const generation = await noteGeneration(database, own.claim);
  meaning = createMeaning(database);
  const warnings = await warningsOf(database);
  memory = createMemory({
    meaning,
    driver: database.driver,
    archive: archive?.driver,
    clock: systemClock,
    log,
    surroundings: { home: homedir(), foldsCase: process.platform === 'win32' || process.platform === 'darwin' },
    dataDir: input.dataDir,
    version: input.version,
    pid: process.pid,
    makeSalt: () => randomBytes(16).toString('hex'),
    elapsed: () => performance.now(),
    warnings,
    machine: createMachine(),
    startTouching,
    startLineThread: createRedactThread({ workerFile: path.join(path.dirname(input.wasmFile), 'redact.cjs'), log }),
    commits: gitLog,
    distil: { connect: connectModel },
    care: {
      run: runTask,
      reopen: () => void stop(reopeningCode),
      machine: `${process.platform} ${process.arch}, runtime ${process.version}`,
      computer: hostname(),
    },
    emit: (name, event) => {
      for (const head of heads) emit<MemoryEvents>(head, name, event);
    },
  });
  endpoint = await makeEndpoint(randomBytes(8).toString('hex'));
  server = await listen(memory);
  await announce();
  // Until here a window waits for this thread, and an error must end it.
  containErrors(process, log, warnings);
  memory.start();
  void meaning.start();
  log.info(`keeper: opened in ${Math.round(performance.now() - startedAt)} ms, ${database.driver.sizeBytes()} bytes`);
  say({ kind: 'ready', generation });
  await sweepDrafts(input.dataDir);
  await sweepSockets(endpoint, before?.host === host ? before.endpoint : undefined, Date.now()).catch(() => {});
}

/** The library is loaded for the first call. */
const connectModel: ConnectModel = async (access) => {
  const { connectAnthropic } = createRequire(input.wasmFile)('./distil.cjs') as {
    connectAnthropic: typeof connectAnthropicType;
  };
  return connectAnthropic(access);
};

/** Only this `fetch` uses the network, and only while a person waits for a download. */
function createMeaning({ driver }: OpenedDatabase): Meaning {
  return new Meaning({
    driver,
    dataDir: input.dataDir,
    clock: systemClock,
    log,
    fetch,
    freeBytes,
    createEmbedder: (model, onLost) =>
      new EmbedThread({ workerFile: path.join(path.dirname(input.wasmFile), 'embed.cjs'), model, log, onLost }),
    onEmbedder: (embedder) => memory?.setEmbedder(embedder),
  });
}

/** Claims the folder across hosts and creates the fence. */
async function ownFolder(): Promise<{ claim: Claim; fence: Fence }> {
  const taken = await claimFolder({
    dataDir: input.dataDir,
    host,
    token,
    now: Date.now,
    isLocal: await isLocalDisk(input.dataDir),
  });
  claim = taken;
  fence = new Fence(taken, { now: Date.now, elapsed: () => performance.now() }, () => {
    log.warn('keeper: another one has taken over');
    void stop();
  });
  heartbeat = setInterval(() => void beat().catch(() => {}), heartbeatMs);
  if (taken.isTakenOver) {
    log.warn('keeper: taking over from another host, which may be asleep');
    await renewFiles(input.dataDir);
  }
  return { claim: taken, fence };
}

/** Claims may have been deleted by hand; the number stored in the database continues them. */
async function noteGeneration({ driver }: OpenedDatabase, taken: Claim): Promise<number> {
  const key = 'keeper.generation';
  const known = getConfiguration<number>(driver, key) ?? 0;
  if (known >= taken.generation) {
    claim = await raiseClaim(taken, { host, token }, known);
    fence?.follow(claim);
    await clearClaims(input.dataDir, claim.generation);
  }
  const { generation } = claim ?? taken;
  setConfiguration(driver, key, generation, Date.now());
  return generation;
}

const announce = (): Promise<void> =>
  writeKeeperFile(input.dataDir, {
    endpoint,
    token,
    protocolVersion,
    pid: process.pid,
    host,
    ...(claim && { generation: claim.generation }),
  });

/** Heartbeat. A thread that was suspended may find another keeper in its place; then it ends. */
async function beat(): Promise<void> {
  if (!fence?.prove() || !claim || closing) return;
  await touchClaim(claim, new Date());
  if (endpoint === '') return;
  const known = await readKeeperFile(input.dataDir);
  // Began to close meanwhile: its address must not be announced again.
  if (closing) return;
  if (known && known.token !== token) {
    log.warn('keeper: another one has taken over');
    return stop();
  }
  await (known ? touchKeeperFile(input.dataDir, new Date()) : announce());
  // Windows opened from now on would not find this keeper; the next one has a new address.
  const isReachable = await hasSocket(endpoint);
  // A keeper that began to close while this beat waited for the disk has deleted its socket itself.
  if (!isReachable && !closing) {
    log.warn('keeper: its socket was deleted');
    return stop(reopeningCode);
  }
}

/** The API for heads: after a long suspension the claim is checked before an answer. */
function guarded(api: MemoryApi): MemoryApi {
  const guard =
    (name: keyof MemoryApi) =>
    async (...args: unknown[]) => {
      if (!fence?.proveWithin(2 * heartbeatMs))
        throw new MemoryError('busy', 'The memory is being handed over.', { isDisconnected: true });
      try {
        return await (api[name] as (...all: unknown[]) => Promise<unknown>)(...args);
      } catch (error) {
        throw explainDisk(error);
      }
    };
  return Object.fromEntries(memoryMethods.map((name) => [name, guard(name)])) as unknown as MemoryApi;
}

async function warningsOf({ fallbackReason }: OpenedDatabase): Promise<MemoryStatus['warnings']> {
  const network = await networkFileSystem(input.dataDir);
  return [
    ...(fallbackReason
      ? [{ code: 'fallback_driver', message: `Memory runs in its slower safe mode: ${fallbackReason}.` }]
      : []),
    ...(archive
      ? []
      : [
          {
            code: 'archive_broken',
            message: 'The archive of transcripts cannot be opened: new transcripts are read, but not archived.',
          },
        ]),
    ...(network
      ? [
          {
            code: 'network_folder',
            message: `The memory folder is on a network file system (${network}); another computer must not use it at the same time.`,
          },
        ]
      : []),
  ];
}

function listen(served: Memory): Promise<net.Server> {
  const created = net.createServer((socket) => {
    // Accepted while closing: the connection belongs to the next keeper.
    if (closing) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    welcome(socket, {
      token,
      protocolVersion,
      onTrusted(connection, head) {
        const api = guarded(served.as(head));
        const configure: MemoryApi['configure'] = (settings) => {
          gitLog.join(settings.source, connection);
          return api.configure(settings);
        };
        const configureModel: MemoryApi['configureModel'] = (settings) => {
          modelSpeakers.join(settings.source, connection);
          return api.configureModel(settings);
        };
        serve<MemoryApi>(connection, { ...api, configure, configureModel }, memoryMethods);
        heads.add(connection);
        connection.onClose(() => {
          heads.delete(connection);
          gitLog.leave(connection);
          for (const source of modelSpeakers.leave(connection)) memory?.forgetModel(source);
        });
      },
      onYield: () => {
        say({ kind: 'yielding' });
        void stop();
      },
    });
  });
  return new Promise((resolve, reject) => {
    created.once('error', reject);
    created.listen(endpoint, () => resolve(created));
  });
}

/** Acknowledged writes are on disk already; this only makes the hand-over fast. */
function stop(exitCode = 0): Promise<void> {
  closing ??= (async () => {
    clearInterval(heartbeat);
    server?.close();
    // Sockets are closed first, so that waiting heads ask the next keeper again.
    for (const socket of sockets) socket.destroy();
    await memory?.close().catch(() => {});
    await meaning?.close().catch(() => {});
    // When another keeper owns the folder, its files must not be touched, not even a journal of the same name.
    if (fence?.prove()) {
      await removeKeeperFile(input.dataDir, token).catch(() => {});
      closeDatabases();
      await sayGoodbye().catch(() => {});
    }
    await removeEndpoint(endpoint).catch(() => {});
    await logFile?.close();
    process.exit(exitCode);
  })();
  return closing;
}

/** On a full disk the last checkpoint may fail; the next keeper reads the journal then. */
function closeDatabases(): void {
  for (const each of [archive, database]) {
    try {
      each?.close();
    } catch (error) {
      log.warn(`keeper: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

async function sayGoodbye(): Promise<void> {
  if (claim && fence?.prove()) await releaseClaim(claim, { host, token });
}

port.on('message', (command: WorkerCommand) => {
  if (command === 'close') void stop();
});
run().catch((error: unknown) => {
  const { code, message, data } = explainDisk(error);
  logFile?.write('error', `keeper: cannot open: ${code}`);
  // Another keeper started at the same moment; heads should connect to it.
  if (fence?.isLost) say({ kind: 'lost' });
  else say({ kind: 'failed', code, message, ...(typeof data?.['reason'] === 'string' && { reason: data['reason'] }) });
  void stop();
});
