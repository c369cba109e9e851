/** What a person is told without asking: what would cost memory if nobody saw it. The most serious first. */
import type { MemoryStatus } from '../../protocol/status';
import { dayMs, hourMs } from '../lib/clock';

type Alarm = MemoryStatus['warnings'][number];

export interface AlarmFacts {
  /** Epoch milliseconds, as all times here. */
  now: number;
  /** When this keeper began: what was due while no editor was open is made up for first. */
  startedAt: number;
  sessions: number;
  /** Bytes; undefined when unknown. */
  diskFree: number | undefined;
  /** When the memory was last found to be backed up whole, be it that nothing was new; 0: never. */
  backedUpAt: number;
  /** Failures of the backup since the last one that was made. */
  backupFailures: number;
  /** Since when the second backup folder cannot be written; undefined when it can, or there is none. */
  secondFailedSince: number | undefined;
  /** The latest time that anything of care was noted with. */
  latestNoteAt: number;
  /** Pieces of background work that were given up within a day. */
  deadTasks: number;
  /** Sessions dated in the future. */
  future: number;
  /** Transcripts that grew some time ago and were not read since, though they should have been. */
  unread: number;
}

const lowBytes = 1_000_000_000;
/** Clocks of computers that talk to each other differ by less. */
const clockSlackMs = 10 * 60_000;

export function findAlarms(facts: AlarmFacts): Alarm[] {
  const { now, startedAt, sessions, diskFree, backedUpAt, backupFailures, latestNoteAt, deadTasks, future, unread } =
    facts;
  const { secondFailedSince = now } = facts;
  const alarms: Alarm[] = [];
  const tell = (isSo: boolean, code: string, message: string) => void (isSo && alarms.push({ code, message }));
  const isClockBack = latestNoteAt - now > clockSlackMs;
  tell(
    diskFree !== undefined && diskFree < lowBytes,
    'disk_low',
    'Less than 1 GB is free on the disk of the memory. A backup may not fit.',
  );
  tell(unread > 0, 'capture_silent', 'Transcripts grow and are not read. Nothing new comes into memory.');
  tell(backupFailures >= 2, 'backup_failing', 'The backup failed several times in a row.');
  tell(
    // By a clock that was set back nothing is old.
    sessions > 0 && !isClockBack && now - startedAt > hourMs && now - backedUpAt > dayMs,
    'backup_old',
    'The memory has not been backed up for more than a day.',
  );
  tell(
    !isClockBack && now - secondFailedSince > dayMs,
    'second_folder_away',
    'The second backup folder has not been reached for more than a day.',
  );
  tell(isClockBack, 'clock_back', 'The clock of this computer is behind the time of what was noted before it.');
  tell(deadTasks > 0, 'tasks_died', 'Work in the background was given up after several tries. The queue says why.');
  tell(future > 0, 'future_sessions', 'Sessions are dated in the future: a clock was wrong.');
  return alarms;
}
