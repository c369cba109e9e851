/**
 * Backups in a second folder: on another disk, or one that is synchronised. It may be away for days, and a disk of a
 * network may not answer at all; so nothing waits for it, except an erasure, and that only for a moment.
 */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { asMemoryError } from '../../../protocol/errors';
import type { ByteMarks } from '../../lib/byte-finder';
import type { Clock } from '../../lib/clock';
import { traceOf } from '../../lib/log';
import type { Log } from '../../lib/log';
import { within } from '../../lib/within';
import { hashOf, listManifests } from '../../store/backup/files';
import type { ScanResult } from '../scan-files';
import { changeCareState, readCareState } from '../state';
import type { RunCareTask } from '../tasks';

export interface SecondFolderPorts {
  dataDir: string;
  clock: Clock;
  log: Log;
  run: RunCareTask;
  /** The folder a person chose; empty when there is none. */
  folder: () => string;
  /** Name of this computer, by which a person tells folders of several apart. */
  machineName: string;
}

export interface SecondState {
  /** The folder that was chosen when this was written. */
  folder: string;
  /** Of the folder in it that belongs to this memory. */
  name: string;
  /** When both were last the same, in epoch milliseconds; 0: never. */
  lastAt: number;
  /** Since when it has failed; absent when it has not. */
  failedSince?: number;
  reason?: string;
  /** Hash of what is in both, so that nothing is done when nothing has changed. */
  content: string;
}

/** An erasure waits this long for the second folder to be written, and to be searched. */
const patienceMs = 20_000;
const scanPatienceMs = 300_000;
/** Folders whose name is kept. */
const maxNames = 20;

export class SecondFolder {
  readonly #ports: SecondFolderPorts;
  readonly #stop = new AbortController();
  #running: Promise<boolean> | undefined;

  constructor(ports: SecondFolderPorts) {
    this.#ports = ports;
  }

  get isChosen(): boolean {
    return this.#ports.folder() !== '';
  }

  /** Where the backups of this memory are; undefined when no folder is chosen or nothing was copied to it yet. */
  get place(): string | undefined {
    const { second } = readCareState(this.#ports.dataDir);
    return second && second.lastAt > 0 && second.folder === this.#ports.folder()
      ? path.join(second.folder, second.name)
      : undefined;
  }

  /** True when the second folder has what is here, and nothing that must go; or when there is none. */
  get isSame(): boolean {
    const { dataDir, folder } = this.#ports;
    const { second, secondDrops } = readCareState(dataDir);
    const isUpToDate = second?.folder === folder() && !secondDrops && second.content === contentOf(dataDir);
    return folder() === '' || isUpToDate;
  }

  /**
   * Copies what is new and removes what has gone. False when the folder could not be reached; the next call tries again.
   * @param isAsked by a person, who may have taken away what was there
   */
  sync(isAsked = false): Promise<boolean> {
    if (this.isSame && !isAsked) return Promise.resolve(true);
    this.#running ??= this.#copy(isAsked).finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** As `sync`, but answers false when it takes long. */
  async syncSoon(): Promise<boolean> {
    // A copy that is under way may have begun before the erasure, and miss files that are gone now.
    const done = this.sync().then(() => this.isSame || this.sync());
    return (await within(patienceMs, done)) ?? false;
  }

  /** Looks for pieces of erased texts in the second folder; undefined when it cannot be reached, or does not answer. */
  async scan(marks: ByteMarks, signal: AbortSignal): Promise<ScanResult | undefined> {
    const { place, isSame } = this;
    if (place === undefined || !isSame) return undefined;
    const end = new AbortController();
    const scanned = this.#ports
      .run('scanFiles', { dataDir: place, marks }, AbortSignal.any([signal, this.#stop.signal, end.signal]))
      .catch(() => undefined);
    const result = await within(scanPatienceMs, scanned);
    end.abort();
    signal.throwIfAborted();
    return result;
  }

  /** Cancels a copy; it is not waited for, because its disk may not answer. */
  close(): void {
    this.#stop.abort();
  }

  /** Written before anything is copied, so that a kill does not leave a folder of another name each time. */
  #knownOf(folder: string): SecondState {
    const { dataDir, machineName } = this.#ports;
    const { second, secondNames = {} } = readCareState(dataDir);
    if (second?.folder === folder) return second;
    const name = secondNames[folder] ?? nameOf(machineName);
    const known: SecondState = { folder, name, lastAt: 0, content: '' };
    const names = Object.entries({ ...secondNames, [folder]: name }).slice(-maxNames);
    changeCareState(dataDir, () => ({ second: known, secondNames: Object.fromEntries(names), secondDrops: undefined }));
    return known;
  }

  async #copy(isAsked: boolean): Promise<boolean> {
    const { dataDir, clock, log, run, folder } = this.#ports;
    const chosen = folder();
    if (chosen === '' || this.#stop.signal.aborted) return chosen === '';
    const known = this.#knownOf(chosen);
    const content = contentOf(dataDir);
    const { secondDrops } = readCareState(dataDir);
    const isNew = known.lastAt === 0;
    // What was forgotten while another folder was used may still stand in one that is chosen again.
    const isChosenAgain = isNew && listManifests(dataDir).length > 0;
    const drops = { names: [], ...secondDrops, hasOthers: isChosenAgain || secondDrops?.hasOthers === true };
    try {
      const { copied, removed, bytes } = await run(
        'copyOut',
        { dataDir, folder: chosen, name: known.name, mayCreate: isAsked || isNew, drops },
        this.#stop.signal,
      );
      const { folder: is, name } = known;
      changeCareState(dataDir, (state) => ({
        second: { folder: is, name, content, lastAt: clock.now() },
        ...(state.secondDrops?.no === secondDrops?.no && { secondDrops: undefined }),
      }));
      log.info(`care: second folder: ${copied} backups copied, ${removed} removed, ${bytes} bytes`);
      return true;
    } catch (error) {
      const { code, message } = asMemoryError(error);
      if (code === 'cancelled') return false;
      log.warn(`care: second folder: ${code === 'internal' ? traceOf(error) : code}`);
      const reason = (error as NodeJS.ErrnoException).code ?? (code === 'internal' ? code : message);
      changeCareState(dataDir, () => ({ second: { ...known, failedSince: known.failedSince ?? clock.now(), reason } }));
      return false;
    }
  }
}

const contentOf = (dataDir: string): string =>
  hashOf(
    listManifests(dataDir)
      .map(({ name, sha256 }) => `${name} ${sha256}`)
      .join('\n'),
  );

/** Two memories, and two computers that share a synchronised folder, never write into the same one. */
const nameOf = (machineName: string): string =>
  `claude-mem-${machineName.replaceAll(/[^\w-]+/g, '-').slice(0, 40)}-${randomBytes(4).toString('hex')}`;
