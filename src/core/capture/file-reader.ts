/** Reads one transcript after the other into the store, and remembers which can not be read. */
import { basename } from 'node:path';
import type { SessionId } from '../../protocol/model';
import type { Clock } from '../lib/clock';
import type { NameKey } from '../lib/keyed-name';
import { asError, traceOf } from '../lib/log';
import type { Log } from '../lib/log';
import type { Redactor } from '../observe/redact';
import type { SqlDriver } from '../store/sqlite/driver';
import type { SourceFile } from '../transcript/discover';
import { ingestFile } from './ingest';
import type { LineGuard } from './line-guard';
import { isStill, openFile } from './open-file';
import type { IngestPorts, OpenedFile } from './open-file';
import type { SealedProjects } from './sealed-projects';
import type { Wishes } from './wishes';

export interface FileReaderPorts {
  driver: SqlDriver;
  /** Called for every file, because the archive can be turned on and off. */
  archive: () => SqlDriver | undefined;
  guard: LineGuard;
  redactor: Redactor;
  names: NameKey;
  clock: Clock;
  log: Log;
  /** Called after rows of a session were written, or its transcript vanished or came back. */
  onRows(sessionId: SessionId): void;
}

/** An unreadable file is tried again after this time, or when it changes. */
const againMs = 60_000;

export class FileReader {
  readonly #ports: FileReaderPorts;
  readonly #projects: SealedProjects;
  readonly #wishes: Wishes;
  /** Unreadable files, kept until they change or some time has passed. */
  readonly #failed = new Map<string, { at: number; mtime: number; reason: string }>();
  /** Files of which something was read since the last `takeFilesRead`, or since the start. */
  readonly #read = new Set<string>();
  lastCaptureAt: number | null = null;
  #ahead: { source: SourceFile; opened: Promise<OpenedFile> } | undefined;

  constructor(ports: FileReaderPorts, projects: SealedProjects, wishes: Wishes) {
    this.#ports = ports;
    this.#projects = projects;
    this.#wishes = wishes;
  }

  get hasFailures(): boolean {
    return this.#failed.size > 0;
  }

  /** One line about the files that can not be read; undefined when all can. */
  get trouble(): string | undefined {
    const [first] = this.#failed.values();
    return first && `${this.#failed.size} × ${first.reason}`;
  }

  takeFilesRead(): number {
    const count = this.#read.size;
    this.#read.clear();
    return count;
  }

  /** @param changed all that a sweep found to read: what is not among them failed no longer, or has gone */
  keepFailuresOf(changed: readonly SourceFile[]): void {
    const paths = new Set(changed.map(({ path }) => path));
    for (const path of this.#failed.keys()) if (!paths.has(path)) this.#failed.delete(path);
  }

  /** Begins to read the file that `read` will be asked for after the present one. */
  ahead(source: SourceFile, signal: AbortSignal): void {
    if (this.#isKnownToFail(source)) return;
    const opened = openFile(source, this.#portsOf(true), signal);
    // Told when the file is read.
    opened.catch(() => {});
    this.#ahead = { source, opened };
  }

  /** What was begun is not needed: the pass has ended. */
  async dropAhead(): Promise<void> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    const opened = await ahead?.opened.catch(() => undefined);
    await opened?.batches.close();
  }

  /** The file if it was begun and nothing of it has changed since. */
  async #takeAhead(source: SourceFile, ports: IngestPorts): Promise<OpenedFile | undefined> {
    const ahead = this.#ahead;
    // Another file, of which something grew, comes between.
    if (ahead?.source !== source) return undefined;
    this.#ahead = undefined;
    const opened = await ahead.opened;
    if (isStill(opened, source, ports)) return opened;
    await opened.batches.close();
    return undefined;
  }

  #isKnownToFail({ path, mtime }: SourceFile): boolean {
    const failed = this.#failed.get(path);
    return failed !== undefined && failed.mtime === mtime && this.#ports.clock.now() - failed.at < againMs;
  }

  #portsOf(isBulk: boolean): IngestPorts {
    const { driver, archive, redactor, names, guard } = this.#ports;
    const { isExcluded, maxLineBytes } = this.#wishes;
    return {
      driver,
      archive: archive(),
      redactor,
      names,
      projects: this.#projects,
      isExcluded,
      maxLineBytes,
      guard,
      isBulk,
    };
  }

  /** @throws when `signal` was aborted, or the store cannot be written */
  async read(source: SourceFile, signal: AbortSignal, isBulk = false): Promise<void> {
    signal.throwIfAborted();
    const { clock, log } = this.#ports;
    if (this.#isKnownToFail(source)) return;
    this.#failed.delete(source.path);
    try {
      const ports = this.#portsOf(isBulk);
      const report = await ingestFile(source, ports, signal, await this.#takeAhead(source, ports));
      if (report.bytesRead > 0) this.#read.add(source.path);
      if (!report.hasNews) return;
      this.lastCaptureAt = clock.now();
      this.#ports.onRows(report.sessionId);
    } catch (error) {
      if (signal.aborted) throw error;
      const { code, message } = asError(error);
      // A full or broken disk: other files would fail too, so the pass ends.
      if (/disk|database/i.test(message) && code === undefined) throw error;
      // One unreadable file must not stop the others; it is tried again later.
      log.warn(`capture: ${code ?? traceOf(error)} at ${basename(source.path)}`);
      if (code !== 'ENOENT')
        this.#failed.set(source.path, { at: clock.now(), mtime: source.mtime, reason: code ?? message });
    }
  }
}
