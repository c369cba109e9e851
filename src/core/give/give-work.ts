/** What giving does in the background, after changes: amendments are found, then the briefs are written again. */
import type { SessionId } from '../../protocol/model';
import { traceOf } from '../lib/log';
import type { Log } from '../lib/log';
import type { Timers } from '../lib/timers';
import { breathe } from '../lib/turns';
import { projectsOfSessions } from '../store/tables/projects';
import { deleteBriefs, writeBriefs } from './brief-files';
import type { BriefFilePorts } from './brief-files';
import { findAmendmentsStep } from './find-amendments';

export interface GiveWorkPorts extends Omit<BriefFilePorts, 'index'> {
  log: Log;
  timers: Timers;
  /** The index in memory, up to date. */
  index: BriefFilePorts['index'];
  isImporting: () => boolean;
}

/** After a change, so that a session that is going on is not looked through with every line. */
const restMs = 3000;

export class GiveWork {
  readonly #soon: () => void;
  #running: Promise<void> | undefined;
  #ending = new AbortController();
  #isWanted = false;
  #isClosed = false;
  /** Sessions that changed since the briefs were written; undefined for any. */
  #touched: Set<SessionId> | undefined;

  constructor(private readonly ports: GiveWorkPorts) {
    this.#soon = ports.timers.debounced(restMs, () => void this.run());
  }

  /** Something changed: briefs of these sessions' projects, or all without a list, are made again when it rests. */
  note(sessions?: readonly SessionId[]): void {
    if (sessions === undefined) this.#touched = undefined;
    else for (const id of sessions) this.#touched?.add(id);
    this.#soon();
  }

  /** Does all there is to do now. Called again meanwhile, it does it once more afterwards. */
  run(): Promise<void> {
    this.#isWanted = true;
    this.#running ??= this.#work().finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** Ends what is running and deletes the briefs, because something is being forgotten. */
  async erase(): Promise<void> {
    await this.#stop();
    deleteBriefs(this.ports.dataDir);
    this.#touched = undefined;
    if (this.#isClosed) return;
    this.#ending = new AbortController();
    this.note();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#stop();
  }

  async #stop(): Promise<void> {
    this.#isWanted = false;
    this.#ending.abort();
    await this.#running;
  }

  async #work(): Promise<void> {
    const { signal } = this.#ending;
    try {
      while (this.#isWanted && !this.ports.isImporting()) {
        this.#isWanted = false;
        while (findAmendmentsStep(this.ports)) {
          await breathe();
          signal.throwIfAborted();
        }
        const changed = this.#touched && projectsOfSessions(this.ports.driver, [...this.#touched]);
        this.#touched = new Set();
        await writeBriefs(this.ports, changed, signal);
      }
    } catch (error) {
      // What was not written is written with the next change.
      this.#touched = undefined;
      if (!signal.aborted) this.ports.log.warn(`giving: ${traceOf(error)}`);
    }
  }
}
