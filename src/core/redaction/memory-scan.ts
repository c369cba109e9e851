/**
 * *Scan memory again*: today's rules of redaction for everything stored before. Texts of the memory and lines of the
 * archive are gone through in slices; then the index is merged and free pages are overwritten, as after forgetting, and
 * backups are replaced by one made afterwards.
 */
import { MemoryError } from '../../protocol/errors';
import type { ScanPreview, ScanProgress, ScanReport } from '../../protocol/redaction';
import type { Care } from '../care/care';
import type { Clock } from '../lib/clock';
import type { Log } from '../lib/log';
import type { Turn } from '../lib/turns';
import type { Redactor } from '../observe/redact';
import { sizeOfArchive, sweepArchive } from '../store/archive/rescan';
import { listAside } from '../store/backup/aside';
import { listManifests } from '../store/backup/files';
import type { SqlDriver } from '../store/sqlite/driver';
import { sweepOut } from '../store/tables/forget';
import { countTexts } from '../store/tables/stored-texts';
import type { RuleBook } from './rule-book';
import { ScanCounts, scanArchive, scanTexts } from './scan-texts';

export interface MemoryScanPorts {
  driver: SqlDriver;
  /** Undefined when the archive could not be opened. */
  archive: SqlDriver | undefined;
  dataDir: string;
  clock: Clock;
  log: Log;
  redactor: Redactor;
  rules: RuleBook;
  care: Pick<Care, 'replaceCopies'>;
  turn: Turn;
  /** Waits for what is being read at this moment. */
  settle: () => Promise<void>;
  /** Runs `work` while nothing is read, and reports that everything changed. */
  alone: (work: () => void | Promise<void>) => Promise<void>;
  onProgress: (progress: ScanProgress | undefined) => void;
}

export class MemoryScan {
  readonly #ports: MemoryScanPorts;
  readonly #ending = new AbortController();
  #running: Promise<ScanReport> | undefined;

  constructor(ports: MemoryScanPorts) {
    this.#ports = ports;
  }

  /** True while a scan runs. */
  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  preview(): ScanPreview {
    const { driver, archive, dataDir } = this.#ports;
    const { parts, bytes } = archive ? sizeOfArchive(archive) : { parts: 0, bytes: 0 };
    return {
      rows: countTexts(driver),
      archiveBlocks: parts,
      archiveBytes: bytes,
      backups: listManifests(dataDir).length,
      aside: listAside(dataDir).length,
    };
  }

  /** @throws MemoryError `busy` while another scan runs, `cancelled` */
  async run(requestId: string, signal?: AbortSignal): Promise<ScanReport> {
    const known = this.#ports.rules.reportOf(requestId);
    if (known) return known;
    if (this.#running) throw new MemoryError('busy', 'Another scan of the memory is running.', { reason: 'scan' });
    this.#running = this.#run(requestId, AbortSignal.any([this.#ending.signal, ...(signal ? [signal] : [])]));
    try {
      return await this.#running;
    } catch (error) {
      if (signal?.aborted || this.#ending.signal.aborted) throw new MemoryError('cancelled', 'The scan was cancelled.');
      throw error;
    } finally {
      this.#running = undefined;
      this.#ports.onProgress(undefined);
    }
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#running?.catch(() => {});
  }

  async #run(requestId: string, signal: AbortSignal): Promise<ScanReport> {
    const { driver, archive, clock, log, redactor, rules, care, turn, settle, alone, onProgress } = this.#ports;
    const { rows, archiveBlocks } = this.preview();
    const counts = new ScanCounts();
    const note = { startedAt: clock.now(), counts: counts.kinds, changed: 0 };
    rules.noteScan(note);
    const step = (phase: ScanProgress['phase'], total: number) => {
      let done = 0;
      onProgress({ phase, done, total });
      return {
        redactor,
        turn,
        signal,
        onSlice: (count: number) => onProgress({ phase, done: Math.min((done += count), total), total }),
      };
    };
    // What is being read at this moment may have passed older rules.
    await settle();
    await scanTexts(driver, counts, step('texts', rows));
    if (archive) await scanArchive(archive, counts, step('archive', archiveBlocks));
    step('erasing', 0);
    await alone(() => {
      sweepOut(driver);
      if (archive) sweepArchive(archive);
    });
    signal.throwIfAborted();
    step('backups', 0);
    const backupsReplaced = await care.replaceCopies(signal);
    const report = {
      ...note,
      counts: counts.kinds,
      changed: counts.changed,
      endedAt: clock.now(),
      rows,
      backupsReplaced,
    };
    rules.noteReport(requestId, report);
    log.info(`scan: ${rows} rows, ${archiveBlocks} blocks, ${counts.changed} changed`);
    return report;
  }
}
