/** This window's connection to the memory: opens it in the background, sends settings, and passes events on. */
import { join } from 'node:path';
import { EventEmitter, commands, workspace } from 'vscode';
import type { Disposable, ExtensionContext } from 'vscode';
import { openMemory } from '../keeper/connect';
import { writePointer } from '../keeper/pointer';
import { asMemoryError } from '../protocol/errors';
import type { ErrorCode, MemoryError } from '../protocol/errors';
import type { MemoryClient, MemoryEvents } from '../protocol/memory-api';
import type { Scope } from '../protocol/questions/schemas';
import type { QueueStatus } from '../protocol/spend';
import type { CaptureState, MemoryStatus } from '../protocol/status';
import { contextKeys, doneStepsKey, settingIds } from './contributions';
import type { ContextKey } from './contributions';
import { logError } from './log';
import type { Log } from './log';
import { explain, explainCapture } from './messages';
import { apiKeySecret, modelSettings } from './models/settings';
import type { Settings } from './settings';
import { captureSettings, configDirsOf, readWindowSettings, workspaceRoots } from './workspace';

export interface Connection {
  isConnected: boolean;
  reason?: string;
}

/** Steps that are done once and not undone. */
export type DoneStep = 'hasSearched' | 'hasInserted' | 'hasSeenInsights';

/** A failed start is cached for this long, so that a view with many requests does not start a keeper for each. */
const failureHoldsMs = 2_000;
/** Temporary failures are retried this often, so that capture continues without a request. */
const againMs = 10_000;
const passingCodes: ReadonlySet<ErrorCode> = new Set(['busy', 'locked', 'internal']);

export class MemorySession implements Disposable {
  readonly #changed = new EventEmitter<MemoryEvents['changed']>();
  readonly #captured = new EventEmitter<CaptureState>();
  readonly #queued = new EventEmitter<QueueStatus>();
  readonly #connected = new EventEmitter<Connection>();
  readonly #windowChanged = new EventEmitter<void>();
  readonly #configured = new EventEmitter<void>();
  readonly #disposables: Disposable[] = [
    this.#changed,
    this.#captured,
    this.#queued,
    this.#connected,
    this.#windowChanged,
    this.#configured,
  ];
  /** Identifies this window to the keeper, which drops the window's API key when it disconnects. */
  readonly #source = `window:${crypto.randomUUID()}`;
  readonly #known = new Map<ContextKey, boolean>();
  #client: Promise<MemoryClient> | undefined;
  #failedAt = 0;
  #againTimer: ReturnType<typeof setTimeout> | undefined;
  #isIntroduced = false;
  #isClosed = false;
  #connection: Connection = { isConnected: false };
  #capture: CaptureState | undefined;
  #settings: Settings;

  readonly onChanged = this.#changed.event;
  readonly onCapture = this.#captured.event;
  readonly onQueue = this.#queued.event;
  readonly onConnection = this.#connected.event;
  /** Settings or folders of this window changed. */
  readonly onWindowChanged = this.#windowChanged.event;
  /** The keeper has the settings of this window. */
  readonly onConfigured = this.#configured.event;

  constructor(
    private readonly extension: ExtensionContext,
    private readonly log: Log,
  ) {
    this.#settings = this.#readSettings();
    for (const name of extension.globalState.get<DoneStep[]>(doneStepsKey, [])) this.setContext(name, true);
    this.#disposables.push(
      workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('claudeMem') && this.#renewWindow()),
      workspace.onDidChangeWorkspaceFolders(() => this.#renewWindow()),
      workspace.onDidGrantWorkspaceTrust(() => this.#renewWindow()),
      // Fires also when another window changed the key.
      extension.secrets.onDidChange(({ key }) => key === apiKeySecret && this.#reconfigure()),
    );
  }

  get settings(): Settings {
    return this.#settings;
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** The last state of capture; undefined before the first. */
  get capture(): CaptureState | undefined {
    return this.#capture;
  }

  get configDirs(): string[] {
    return configDirsOf(this.#settings);
  }

  get dataDir(): string {
    return this.extension.globalStorageUri.fsPath;
  }

  get #version(): string {
    return String(this.extension.extension.packageJSON.version);
  }

  /** The folders of this window; undefined (all projects) when it has none. */
  scopeOf(isAllProjects: boolean): Scope | undefined {
    const roots = workspaceRoots();
    return isAllProjects || roots.length === 0 ? undefined : { roots };
  }

  /** Opens the memory in the background. Errors are reported by `onConnection`. */
  start(): void {
    this.client().catch(() => {});
  }

  /** Resolves when the memory answers. After a failed start the next call tries again, but not within two seconds. */
  client(): Promise<MemoryClient> {
    if (this.#failedAt > 0 && Date.now() - this.#failedAt > failureHoldsMs) this.#client = undefined;
    this.#client ??= this.#open();
    return this.#client;
  }

  /** Opens again at once after a failure, because its cause may be fixed. */
  retry(): Promise<MemoryClient> {
    if (this.#failedAt > 0) this.#client = undefined;
    return this.client();
  }

  async status(scope?: Scope): Promise<MemoryStatus> {
    const found = await (await this.client()).status(scope);
    const status = { ...found, capture: explainCapture(found.capture) };
    this.#noteCapture(status.capture);
    this.setContext('hasLearnings', status.learnings > 0);
    return status;
  }

  setContext(name: keyof typeof contextKeys, value: boolean): void {
    const key = contextKeys[name];
    if (this.#known.get(key) === value) return;
    this.#known.set(key, value);
    void commands.executeCommand('setContext', key, value);
  }

  /** Notes for all windows, and for good, that a step of the walkthrough was done. */
  noteStep(name: DoneStep): void {
    const done = this.extension.globalState.get<DoneStep[]>(doneStepsKey, []);
    this.setContext(name, true);
    if (!done.includes(name)) void this.extension.globalState.update(doneStepsKey, [...done, name]);
  }

  /** Resolves when the database is closed or handed to another window. */
  async close(): Promise<void> {
    const client = this.#client;
    this.#isClosed = true;
    clearTimeout(this.#againTimer);
    this.#client = Promise.reject(asMemoryError(new DOMException('closed', 'AbortError')));
    this.#client.catch(() => {});
    this.#failedAt = 0;
    await client?.then((open) => open.close()).catch(() => {});
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async #open(): Promise<MemoryClient> {
    this.#failedAt = 0;
    const startedAt = performance.now();
    try {
      const client = await openMemory({
        dataDir: this.dataDir,
        head: 'window',
        workerFile: join(__dirname, 'keeper.cjs'),
        version: this.#version,
        log: (level, message) => this.log[level](message),
        onConnection: ({ isConnected, error }) =>
          this.#onConnection({ isConnected, ...(error && { reason: explain(error) }) }),
      });
      client.on('changed', (event) => this.#changed.fire(event));
      client.on('capture', (event) => {
        const told = explainCapture(event);
        this.#noteCapture(told);
        this.#captured.fire(told);
      });
      client.on('queue', (event) => this.#queued.fire(event));
      await this.#introduce(client);
      // Programs without an editor find the memory by the pointer; when it cannot be written, the extension still
      // works.
      writePointer({ dataDir: this.dataDir, version: this.#version, runtime: process.execPath, at: Date.now() }).catch(
        (error: unknown) => logError(this.log, 'leaving a pointer', error),
      );
      this.#isIntroduced = true;
      this.#onConnection({ isConnected: true });
      this.log.info(`memory answers after ${Math.round(performance.now() - startedAt)} ms`);
      return client;
    } catch (error) {
      this.#failedAt = Date.now();
      logError(this.log, 'opening memory', error);
      this.#onConnection({ isConnected: false, reason: explain(error) });
      this.#tryLater(asMemoryError(error));
      throw asMemoryError(error);
    }
  }

  #tryLater({ code }: MemoryError): void {
    clearTimeout(this.#againTimer);
    if (this.#isClosed || !passingCodes.has(code)) return;
    this.#againTimer = setTimeout(() => this.start(), againMs);
    this.#againTimer.unref();
  }

  /** Sends everything a new connection must know before the first request. */
  async #introduce(client: MemoryClient): Promise<void> {
    for (const wish of captureSettings(this.#settings)) await client.configure(wish);
    this.#configured.fire();
    // The memory works without a model, so an error here is only logged.
    await this.#introduceModel(client).catch((error: unknown) => logError(this.log, 'telling about models', error));
  }

  async #introduceModel(client: MemoryClient): Promise<void> {
    const key = await this.extension.secrets.get(apiKeySecret);
    this.setContext('hasApiKey', key !== undefined && key !== '');
    await client.configureModel(modelSettings(this.#settings, this.#source, key));
    // The keeper has the new settings only now, so pages are told to read the queue again.
    this.#queued.fire(await client.queue());
  }

  #onConnection(state: Connection): void {
    const isSame = state.isConnected === this.#connection.isConnected && state.reason === this.#connection.reason;
    this.#connection = state;
    this.setContext('isReady', state.isConnected);
    if (isSame) return;
    this.#connected.fire(state);
    // Another keeper has taken over and does not know this window.
    if (state.isConnected && this.#isIntroduced) this.#reconfigure();
  }

  #noteCapture(capture: CaptureState): void {
    this.#capture = capture;
    this.setContext('isPaused', capture.phase === 'paused');
    this.setContext('isImporting', capture.phase === 'importing');
  }

  #renewWindow(): void {
    this.#settings = this.#readSettings();
    this.#reconfigure();
    this.#windowChanged.fire();
  }

  #reconfigure(): void {
    if (!this.#client || this.#failedAt > 0) return;
    this.#client
      .then((client) => this.#introduce(client))
      .catch((error: unknown) => logError(this.log, 'configuring memory', error));
  }

  #readSettings(): Settings {
    return readWindowSettings((name) =>
      this.log.warn(`${settingIds[name]} has a value that cannot be used; its default is used instead`),
    );
  }
}
