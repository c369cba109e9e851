/**
 * What giving does in the background, after changes: amendments are found, the briefs are written again, and prompts of
 * sessions that rest are judged.
 */
import type { SessionId } from '../../protocol/model';
import { traceOf } from '../lib/log';
import type { Log } from '../lib/log';
import type { Timers } from '../lib/timers';
import { projectsOfSessions } from '../store/tables/projects';
import { countUnjudged } from '../store/tables/shadows';
import { hasWaitingSummaries } from '../store/tables/tasks';
import { deleteBriefs, writeBriefs } from './brief-files';
import type { BriefFilePorts } from './brief-files';
import { findAmendmentsStep } from './find-amendments';
import { noteGivenByHooks } from './note-hooks';
import { beginShadow, restMs as sessionRestMs, shadowStep } from './shadow';

export interface GiveWorkPorts extends Omit<BriefFilePorts, 'index'> {
  log: Log;
  timers: Timers;
  /** The index in memory, up to date. */
  index: BriefFilePorts['index'];
  isImporting: () => boolean;
  /** More prompts were judged, or more is known to have been given. */
  onGiven: () => void;
}

/** After a change, so that a session that is going on is not looked through with every line. */
const restMs = 3000;

export class GiveWork {
  readonly #soon: () => void;
  /** A session rests later, without a change of its own. */
  readonly #againLater: () => void;
  #running: Promise<void> | undefined;
  #ending = new AbortController();
  #isWanted = false;
  #isClosed = false;
  /** Sessions that changed since the briefs were written; undefined for any. */
  #touched: Set<SessionId> | undefined;

  constructor(private readonly ports: GiveWorkPorts) {
    this.#soon = ports.timers.debounced(restMs, () => void this.run());
    this.#againLater = ports.timers.throttled(sessionRestMs, () => void this.run());
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

  /** Ends early for what is new, which is more urgent. */
  async #judge(signal: AbortSignal): Promise<void> {
    const { driver, onGiven } = this.ports;
    // A summary that is still to be made would be missed.
    if (hasWaitingSummaries(driver)) return this.#againLater();
    const run = beginShadow(this.ports);
    let judged = 0;
    while (!this.#isWanted && shadowStep(this.ports, run)) {
      judged += 1;
      await this.ports.turn();
      signal.throwIfAborted();
    }
    if (judged > 0) onGiven();
    if (countUnjudged(driver) > 0) this.#againLater();
  }

  async #work(): Promise<void> {
    const { signal } = this.#ending;
    try {
      while (this.#isWanted && !this.ports.isImporting()) {
        this.#isWanted = false;
        while (findAmendmentsStep(this.ports)) {
          await this.ports.turn();
          signal.throwIfAborted();
        }
        const touched = this.#touched;
        this.#touched = new Set();
        await writeBriefs(this.ports, touched && projectsOfSessions(this.ports.driver, [...touched]), signal);
        if (noteGivenByHooks(this.ports, touched)) this.ports.onGiven();
        await this.#judge(signal);
      }
    } catch (error) {
      // What was not written is written with the next change.
      this.#touched = undefined;
      if (!signal.aborted) this.ports.log.warn(`giving: ${traceOf(error)}`);
    }
  }
}
