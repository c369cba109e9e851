/** Exporting, importing and their dry run, one at a time. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ClassesLeft } from '../../protocol/classes';
import { importFolderPrefix } from '../../protocol/data-folder';
import { MemoryError } from '../../protocol/errors';
import type {
  ExportReport,
  MemoryImportPreview,
  MemoryImportReport,
  PortablePhase,
  PortableProgress,
} from '../../protocol/portable';
import type { ExportPart, ExportRequest } from '../../protocol/questions/portable';
import type { Clock } from '../lib/clock';
import type { Log } from '../lib/log';
import type { Turn } from '../lib/turns';
import type { Redactor } from '../observe/redact';
import type { SqlDriver } from '../store/sqlite/driver';
import { allProjects, joinedWith } from '../store/tables/projects';
import { checkRecords, importExport } from './import-export';
import type { ImportResult } from './import-export';
import { checkFiles, findWritten, readManifest } from './manifest';
import type { Manifest } from './manifest';
import { wouldStay } from './may-leave';
import { manifestName } from './names';
import { portableError } from './trouble';
import { writeExport } from './write-export';
import { writeMarkdown } from './write-markdown';
import type { SessionPieces } from './write-markdown';

export interface PortablePorts {
  driver: SqlDriver;
  dataDir: string;
  /** Called with the folder of an export that was written. */
  onExported: (folder: string) => void;
  version: string;
  clock: Clock;
  log: Log;
  redactor: Redactor;
  turn: Turn;
  /** Exports another memory in a thread of its own, and answers the folder; absent where there is none. */
  exportOther: ((task: OtherMemory, signal: AbortSignal) => Promise<string>) | undefined;
  isExcluded: (root: string, cwd: string) => boolean;
  pieces: SessionPieces;
  /** Sessions that got rows. */
  onSessions: (ids: ReadonlySet<string>) => void;
  /** An import has ended, whether all of it came or not. */
  onImported(): void;
  onProgress(progress: PortableProgress | undefined): void;
}

/** A database, and an empty folder of ours for its copy and its export. */
export interface OtherMemory {
  file: string;
  folder: string;
  at: number;
  version: string;
}

/** Reports that are kept for a call that is repeated. */
const maxReports = 20;

export class Portable {
  readonly #ports: PortablePorts;
  readonly #ending = new AbortController();
  readonly #reports = new Map<string, ExportReport | MemoryImportReport>();
  #running: Promise<unknown> | undefined;

  constructor(ports: PortablePorts) {
    this.#ports = ports;
  }

  exportMemory(request: ExportRequest, signal?: AbortSignal): Promise<ExportReport> {
    return this.#once(request.requestId, signal, async (ending) => {
      const { driver, version, turn, clock, log, pieces, onExported } = this.#ports;
      // An earlier keeper may have written it, whose answer was lost.
      const written = await findWritten(request.folder, request.requestId);
      if (written) return written;
      const wish = {
        folder: request.folder,
        request: request.requestId,
        at: clock.now(),
        ...this.#partOf(request),
      };
      const ports = {
        driver,
        version,
        turn,
        signal: ending,
        onProgress: (done: number, total: number) => this.#tell('export', 'writing', done, total),
      };
      const report =
        request.format === 'markdown'
          ? await writeMarkdown(wish, { ...ports, pieces })
          : await writeExport({ ...wish, format: request.format }, ports);
      onExported(report.folder);
      log.info(`export: ${report.files} files, ${report.bytes} bytes`);
      return report;
    });
  }

  async exportPreview(part: ExportPart, signal?: AbortSignal): Promise<ClassesLeft> {
    const { driver, turn } = this.#ports;
    return wouldStay(driver, this.#partOf(part), async () => {
      await turn();
      signal?.throwIfAborted();
    });
  }

  #partOf({ projectIds, sessionIds, onlyLearnings, upTo }: ExportPart) {
    return {
      ...(projectIds && { projectIds: this.#withJoined(projectIds) }),
      ...(sessionIds && { sessionIds }),
      ...(onlyLearnings !== undefined && { onlyLearnings }),
      ...(upTo !== undefined && { upTo }),
    };
  }

  preview(from: string, signal?: AbortSignal): Promise<MemoryImportPreview> {
    return this.#once(undefined, signal, (ending) =>
      this.#withExport(from, ending, async (folder, manifest) => {
        const result = await this.#import(folder, manifest, ending, true);
        const known = new Set(allProjects(this.#ports.driver).map(({ ownRoot }) => ownRoot));
        return {
          ...countsOf(result),
          at: manifest.at,
          what: manifest.what,
          records: result.records,
          bytes: bytesOf(manifest),
          projects: [...result.newSessions]
            .map(([root, { name, sessions }]) => ({ name, root, sessions, isNew: !known.has(root) }))
            .toSorted((one, other) => other.sessions - one.sessions),
        };
      }),
    );
  }

  importMemory(requestId: string, from: string, signal?: AbortSignal): Promise<MemoryImportReport> {
    return this.#once(requestId, signal, (ending) =>
      this.#withExport(from, ending, async (folder, manifest) => {
        const { log } = this.#ports;
        const result = await this.#import(folder, manifest, ending, false).finally(() => this.#ports.onImported());
        log.info(`import of memory: ${result.records} records, ${result.redactions} redactions`);
        return {
          ...countsOf(result),
          records: result.records,
          redactions: result.redactions,
        };
      }),
    );
  }

  /** Deletes what an import left that was killed. */
  async tidy(): Promise<void> {
    const { dataDir } = this.#ports;
    for (const name of await readdir(dataDir))
      if (name.startsWith(importFolderPrefix))
        // oxlint-disable-next-line no-await-in-loop -- there is one at most
        await rm(path.join(dataDir, name), { recursive: true, force: true });
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#running?.catch(() => {});
  }

  /** Projects that are shown as one go together. */
  #withJoined(ids: readonly number[]): number[] {
    return [...new Set(ids.flatMap((id) => joinedWith(this.#ports.driver, id).map((project) => project.id)))];
  }

  async #import(folder: string, manifest: Manifest, signal: AbortSignal, isDry: boolean): Promise<ImportResult> {
    const { driver, clock, redactor, isExcluded, turn, onSessions } = this.#ports;
    const total = bytesOf(manifest);
    let checked = 0;
    await checkFiles(folder, manifest, (bytes) => this.#tell('import', 'checking', (checked += bytes), total), signal);
    // A record that is none is found before anything has come.
    if (!isDry) await checkRecords(folder, manifest, signal, turn);
    let done = 0;
    return importExport(
      folder,
      manifest,
      {
        driver,
        now: clock.now(),
        redactor,
        isExcluded,
        turn,
        signal,
        onBytes: (bytes) => this.#tell('import', isDry ? 'reading' : 'importing', (done += bytes), total),
        onSessions: isDry ? () => {} : onSessions,
      },
      isDry,
    );
  }

  /** The folder of the export; another memory is exported to a folder of ours first. */
  async #withExport<T>(
    from: string,
    signal: AbortSignal,
    work: (folder: string, manifest: Manifest) => Promise<T>,
  ): Promise<T> {
    const info = await stat(from).catch(() => undefined);
    if (!info) throw portableError('not_found', 'There is nothing at this path.');
    if (info.isDirectory()) return work(from, importable(await readManifest(from)));
    if (path.basename(from) === manifestName) {
      const folder = path.dirname(from);
      return work(folder, importable(await readManifest(folder)));
    }
    const { dataDir, exportOther, clock, version } = this.#ports;
    if (!exportOther) throw new MemoryError('internal', 'Another memory cannot be read here.');
    const temporary = await mkdtemp(path.join(dataDir, importFolderPrefix));
    try {
      this.#tell('import', 'reading', 0, info.size);
      const folder = await exportOther({ file: from, folder: temporary, at: clock.now(), version }, signal);
      return await work(folder, await readManifest(folder));
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  }

  #tell(work: PortableProgress['work'], phase: PortablePhase, done: number, total: number): void {
    this.#ports.onProgress({ work, phase, done: Math.min(done, total), total });
  }

  async #once<T>(
    requestId: string | undefined,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const known = requestId === undefined ? undefined : this.#reports.get(requestId);
    if (known) return known as T;
    if (this.#running)
      throw new MemoryError('busy', 'Another export or import of memory is running.', { reason: 'portable' });
    const ending = AbortSignal.any([this.#ending.signal, ...(signal ? [signal] : [])]);
    const running = work(ending);
    this.#running = running;
    try {
      const report = await running;
      if (requestId !== undefined) {
        this.#reports.set(requestId, report as ExportReport);
        const [oldest] = this.#reports.keys();
        if (this.#reports.size > maxReports && oldest !== undefined) this.#reports.delete(oldest);
      }
      return report;
    } catch (error) {
      if (ending.aborted) throw new MemoryError('cancelled', 'It was cancelled.');
      throw error;
    } finally {
      this.#running = undefined;
      this.#ports.onProgress(undefined);
    }
  }
}

function importable(manifest: Manifest): Manifest {
  if (manifest.fileFormat === 'jsonl') return manifest;
  throw new MemoryError('invalid_input', 'Only an export as JSON Lines can be imported.', { reason: 'format' });
}

const bytesOf = ({ files }: Manifest): number => files.reduce((sum, { kind, bytes }) => sum + (kind ? bytes : 0), 0);

const countsOf = ({ added, changed, skipped }: ImportResult) => ({ added, changed, skipped });
