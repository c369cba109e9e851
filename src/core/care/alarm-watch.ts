/** Looks once a minute whether there is something to tell. */
import nodeFs from 'node:fs/promises';
import type { MemoryStatus } from '../../protocol/status';
import type { Clock } from '../lib/clock';
import { dayMs } from '../lib/clock';
import { listManifests } from '../store/backup/files';
import type { SqlDriver } from '../store/sqlite/driver';
import { counts } from '../store/tables/counts';
import { countFuture } from '../store/tables/health';
import { latestSources } from '../store/tables/sources';
import { countDeadSince } from '../store/tables/tasks';
import { findAlarms } from './alarms';
import { freeBytes } from './gather';
import { readCareState } from './state';

export interface AlarmPorts {
  driver: SqlDriver;
  dataDir: string;
  clock: Clock;
  /** True while new lines should be read as they come: not paused, not importing. */
  isFollowing: () => boolean;
  onChange: () => void;
}

/** Transcripts that may be growing now are among the latest. */
const looked = 20;
/** Following takes a second. A file that is being written to just now is not judged. */
const unreadMs = 10 * 60_000;

export class AlarmWatch {
  readonly #ports: AlarmPorts;
  readonly #startedAt: number;
  #current: MemoryStatus['warnings'] = [];

  constructor(ports: AlarmPorts) {
    this.#ports = ports;
    this.#startedAt = ports.clock.now();
  }

  get current(): MemoryStatus['warnings'] {
    return this.#current;
  }

  async look(): Promise<void> {
    const { driver, dataDir, clock, isFollowing, onChange } = this.#ports;
    const now = clock.now();
    const state = readCareState(dataDir);
    const newest = listManifests(dataDir).find(({ kind }) => kind !== 'written');
    const found = findAlarms({
      now,
      startedAt: this.#startedAt,
      sessions: counts(driver).sessions,
      diskFree: await freeBytes(dataDir),
      backedUpAt: newest ? Math.max(state.lastFullAt, newest.at) : 0,
      backupFailures: state.failures ?? 0,
      secondFailedSince: state.second?.failedSince,
      latestNoteAt: Math.max(state.lastFullAt, state.lastWrittenAt, newest?.at ?? 0),
      deadTasks: countDeadSince(driver, now - dayMs),
      future: countFuture(driver, now),
      unread: isFollowing() ? await this.#countUnread(now) : 0,
    });
    if (JSON.stringify(found) === JSON.stringify(this.#current)) return;
    this.#current = found;
    onChange();
  }

  async #countUnread(now: number): Promise<number> {
    let unread = 0;
    for (const { path, size } of latestSources(this.#ports.driver, looked)) {
      const found = await nodeFs.stat(path).catch(() => undefined);
      if (found && found.size > size && now - found.mtimeMs > unreadMs) unread++;
    }
    return unread;
  }
}
