/** The keeper thread: takes the lock, opens the database, serves it. Ends with its window, or when told to. */
import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { performWish, readWish } from '../core/care/next-open';
import { systemClock } from '../core/lib/clock';
import type { Log } from '../core/lib/log';
import { createMemory } from '../core/memory';
import type { Memory } from '../core/memory';
import { openDatabase } from '../core/store/open';
import type { OpenedDatabase } from '../core/store/open';
import { loadSqlite } from '../core/store/sqlite';
import { asMemoryError } from '../protocol/errors';
import { memoryMethods, protocolVersion } from '../protocol/memory-api';
import type { MemoryApi, MemoryEvents, MemoryStatus } from '../protocol/memory-api';
import { emit, serve } from '../protocol/rpc';
import { createCareThread } from './care-thread';
import { networkFileSystem, prepareFolder } from './folder';
import { welcome } from './handshake';
import { describeHost, heartbeatMs, isHeldElsewhere, makeEndpoint, readKeeperFile, removeKeeperFile, touchKeeperFile, writeKeeperFile } from './keeper-file';
import { takeLock } from './lock';
import type { Lock } from './lock';
import { LogFile } from './log-file';
import type { LogLevel } from './log-file';
import { reopeningCode } from './worker-messages';
import type { WorkerCommand, WorkerInput, WorkerMessage } from './worker-messages';

const port = parentPort;
if (!port) throw new Error('keeper.cjs runs in a worker thread.');
const input = workerData as WorkerInput;
const say = (message: WorkerMessage) => port.postMessage(message);
/** Set when the lock is ours: before it, another keeper writes the file. */
let logFile: LogFile | undefined;
const note = (level: LogLevel) => (message: string) => {
  logFile?.write(level, message);
  say({ kind: 'log', level, message });
};
const log: Log = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };

let lock: Lock | undefined;
let database: OpenedDatabase | undefined;
let memory: Memory | undefined;
let server: net.Server | undefined;
let heartbeat: ReturnType<typeof setInterval> | undefined;
let endpoint = '';
let host = '';
const token = randomBytes(32).toString('hex');
const sockets = new Set<net.Socket>();
const heads = new Set<MessageConnection>();
let closing: Promise<void> | undefined;

async function run(): Promise<void> {
  const startedAt = performance.now();
  await prepareFolder(input.dataDir);
  lock = await takeLock(input.dataDir, process.platform);
  if (!lock) {
    say({ kind: 'not_owner' });
    return stop();
  }
  host = await describeHost();
  if (await isHeldElsewhere(input.dataDir, host, Date.now())) {
    say({ kind: 'failed', code: 'locked', message: 'Another computer or container is using this memory folder.', reason: 'other_host' });
    return stop();
  }
  logFile = new LogFile(input.dataDir, () => systemClock.now());
  const engine = await loadSqlite({ wasm: await readFile(input.wasmFile), platform: process.platform });
  const runTask = createCareThread(path.join(path.dirname(input.wasmFile), 'care.cjs'), input.wasmFile);
  if (readWish(input.dataDir)) await announce();
  await performWish({ dataDir: input.dataDir, engine, run: runTask, clock: systemClock, log });
  database = openDatabase({ engine, dataDir: input.dataDir, version: input.version, now: systemClock.now() });
  memory = createMemory({
    driver: database.driver, clock: systemClock, log, dataDir: input.dataDir, version: input.version, pid: process.pid,
    makeSalt: () => randomBytes(16).toString('hex'), elapsed: () => performance.now(), warnings: await warningsOf(database),
    care: { run: runTask, reopen: () => void stop(reopeningCode), machine: `${process.platform} ${process.arch}, runtime ${process.version}` },
    emit: (name, event) => {
      for (const head of heads) emit<MemoryEvents>(head, name, event);
    },
  });
  endpoint ||= await makeEndpoint(randomBytes(8).toString('hex'));
  server = await listen(memory);
  await announce();
  memory.start();
  log.info(`keeper: opened in ${Math.round(performance.now() - startedAt)} ms, ${database.driver.sizeBytes()} bytes`);
  say({ kind: 'ready' });
}

/** From here on other hosts keep away. A restore or a repair may take longer than they would wait for a heartbeat. */
async function announce(): Promise<void> {
  endpoint ||= await makeEndpoint(randomBytes(8).toString('hex'));
  await writeKeeperFile(input.dataDir, { endpoint, token, protocolVersion, pid: process.pid, host });
  heartbeat ??= setInterval(() => void beat().catch(() => {}), heartbeatMs);
}

/** Says "still here". A thread that slept (a laptop, a paused container) may wake up as one keeper too many: then it goes. */
async function beat(): Promise<void> {
  const known = await readKeeperFile(input.dataDir);
  if (known && known.token !== token) {
    log.warn('keeper: another one has taken over');
    return stop();
  }
  if (known) return touchKeeperFile(input.dataDir, new Date());
  await writeKeeperFile(input.dataDir, { endpoint, token, protocolVersion, pid: process.pid, host });
}

async function warningsOf({ fallbackReason }: OpenedDatabase): Promise<MemoryStatus['warnings']> {
  const network = await networkFileSystem(input.dataDir);
  return [
    ...(fallbackReason ? [{ code: 'fallback_driver', message: `Memory runs in its slower safe mode: ${fallbackReason}.` }] : []),
    ...(network ? [{ code: 'network_folder', message: `The memory folder is on a network file system (${network}); another computer must not use it at the same time.` }] : []),
  ];
}

function listen(api: MemoryApi): Promise<net.Server> {
  const created = net.createServer((socket) => {
    // Accepted in the moment of closing: it belongs to the next keeper.
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
      onTrusted(connection) {
        serve(connection, api, memoryMethods);
        heads.add(connection);
        connection.onClose(() => heads.delete(connection));
      },
      onYield: () => void stop(),
    });
  });
  return new Promise((resolve, reject) => {
    created.once('error', reject);
    created.listen(endpoint, () => resolve(created));
  });
}

/** What was acknowledged is on disk already; this only makes the hand-over quick and tidy. */
function stop(exitCode = 0): Promise<void> {
  closing ??= (async () => {
    clearInterval(heartbeat);
    server?.close();
    // First of all, so that nobody takes half an answer for a whole one: whoever waits asks the next keeper again.
    for (const socket of sockets) socket.destroy();
    await memory?.close().catch(() => {});
    await removeKeeperFile(input.dataDir, token).catch(() => {});
    database?.close();
    if (endpoint !== '' && process.platform !== 'win32') await rm(endpoint, { force: true });
    await logFile?.close();
    await lock?.release();
    process.exit(exitCode);
  })();
  return closing;
}

port.on('message', (command: WorkerCommand) => {
  if (command === 'close') void stop();
});
run().catch((error: unknown) => {
  const { code, message, data } = asMemoryError(error);
  logFile?.write('error', `keeper: cannot open: ${code}`);
  say({ kind: 'failed', code, message, ...(typeof data?.['reason'] === 'string' && { reason: data['reason'] }) });
  void stop();
});
