/**
 * Backups in a second folder: on another disk, or one that is synchronised. It may be away for days, and a disk of a
 * network may not answer at all; so nothing waits for it, except an erasure, and that only for a moment.
 */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { asMemoryError } from '../../../protocol/errors';
import type { Clock } from '../../lib/clock';
import { traceOf } from '../../lib/log';
import type { Log } from '../../lib/log';
import { hashOf, listManifests } from '../../store/backup/files';
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

/** An erasure waits this long for the second folder. */
const patienceMs = 20_000;

export class SecondFolder {
  readonly #ports: SecondFolderPorts;
  readonly #stop = new AbortController();
  #running: Promise<boolean> | undefined;

  constructor(ports: SecondFolderPorts) {
    this.#ports = ports;
  }

  /** Where the backups of this memory are; undefined when no folder is chosen or nothing was copied to it yet. */
  get place(): string | undefined {
    const { second } = readCareState(this.#ports.dataDir);
    return second && second.lastAt > 0 && second.folder === this.#ports.folder()
      ? path.join(second.folder, second.name)
      : undefined;
  }

  /** True when the second folder has just what is here, or there is none. */
  get isSame(): boolean {
    const { dataDir, folder } = this.#ports;
    const { second } = readCareState(dataDir);
    return folder() === '' || (second?.folder === folder() && second.content === contentOf(dataDir));
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
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), patienceMs);
    });
    // A copy that is under way may have begun before the erasure, and miss files that are gone now.
    const done = this.sync().then(() => this.isSame || this.sync());
    const isDone = await Promise.race([done, late]);
    clearTimeout(timer);
    return isDone;
  }

  /** Cancels a copy; it is not waited for, because its disk may not answer. */
  close(): void {
    this.#stop.abort();
  }

  async #copy(isAsked: boolean): Promise<boolean> {
    const { dataDir, clock, log, run, folder } = this.#ports;
    const chosen = folder();
    if (chosen === '' || this.#stop.signal.aborted) return chosen === '';
    const { second } = readCareState(dataDir);
    const known: SecondState =
      second?.folder === chosen
        ? second
        : { folder: chosen, name: nameOf(this.#ports.machineName), lastAt: 0, content: '' };
    // Written first, so that a kill does not leave a folder of another name each time.
    if (known !== second) changeCareState(dataDir, () => ({ second: known }));
    const content = contentOf(dataDir);
    try {
      const { copied, removed, bytes } = await run(
        'copyOut',
        { dataDir, folder: chosen, name: known.name, mayCreate: isAsked || known.lastAt === 0 },
        this.#stop.signal,
      );
      const { folder: is, name } = known;
      changeCareState(dataDir, () => ({ second: { folder: is, name, content, lastAt: clock.now() } }));
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
