/**
 * The archive of the memory: turning it on and off, completing it, erasing forgotten sessions from it, and restoring
 * transcripts to the client's folder.
 */
import { dirname } from 'node:path';
import { MemoryError } from '../../protocol/errors';
import type { SessionId } from '../../protocol/model';
import type { ArchiveStatus, RestoredTranscript } from '../../protocol/status';
import type { Clock } from '../lib/clock';
import {
  archiveTotals,
  archivedFiles,
  beginExcludedAnew,
  eraseArchive,
  forgetArchived,
  offsetsOfArchive,
  readArchivedFile,
} from '../store/archive/archive';
import type { SqlDriver } from '../store/sqlite/driver';
import { getConfiguration, setConfiguration } from '../store/tables/configuration';
import { buriedOf } from '../store/tables/forget';
import { getSource, readAgain, readingPlaces } from '../store/tables/sources';
import { ageOfRestored, cleanupDaysOf } from './file-age';
import { isFree, placeOfTranscript, writeTranscriptBack } from './write-back';

export interface ArchivePorts {
  /** Database of the memory. */
  driver: SqlDriver;
  /** Undefined when the archive could not be opened. */
  archive: SqlDriver | undefined;
  clock: Clock;
}

const settingKey = 'archive.isOn';

export class TranscriptArchive {
  readonly #ports: ArchivePorts;

  constructor(ports: ArchivePorts) {
    this.#ports = ports;
  }

  /** The archive that lines are written to; undefined when it is off or could not be opened. */
  get target(): SqlDriver | undefined {
    return this.#isOn ? this.#ports.archive : undefined;
  }

  get #isOn(): boolean {
    return getConfiguration<boolean>(this.#ports.driver, settingKey) ?? true;
  }

  /** Turned off, the archive takes no further lines; its content stays until it is deleted. */
  setOn(isOn: boolean): void {
    if (isOn === this.#isOn) return;
    setConfiguration(this.#ports.driver, settingKey, isOn, this.#ports.clock.now());
    this.requestMissing();
  }

  /** Makes the next sweep read all transcripts of which the archive has less than the memory. */
  requestMissing(): void {
    const { driver } = this.#ports;
    if (!this.target) return;
    const offsets = offsetsOfArchive(this.target);
    readAgain(
      driver,
      readingPlaces(driver).flatMap(({ path, offset }) => ((offsets.get(path) ?? 0) < offset ? path : [])),
    );
  }

  /** After the excludes have changed: files with excluded lines are archived anew at their next reading. */
  requestExcluded(): void {
    if (this.target) beginExcludedAnew(this.target);
  }

  /**
   * Erases forgotten sessions from the archive. Repeated at every start, because the last keeper may have died in
   * between.
   */
  forgetBuried(): void {
    const { driver, archive } = this.#ports;
    if (archive) forgetArchived(archive, buriedOf(driver));
  }

  erase(): void {
    if (this.#ports.archive) eraseArchive(this.#ports.archive);
  }

  status(): ArchiveStatus {
    const { archive } = this.#ports;
    if (!archive)
      return { isOn: this.#isOn, isBroken: true, files: 0, sessions: 0, plainBytes: 0, bytes: 0, redactions: 0 };
    return { isOn: this.#isOn, isBroken: false, ...archiveTotals(archive), bytes: archive.sizeBytes() };
  }

  /**
   * Writes a session's transcripts back under `projects/` without overwriting anything.
   * @throws MemoryError `not_found` when the session is not archived, `invalid_input` when another file is in its
   * place.
   */
  async restore(sessionId: SessionId, configDirs: readonly string[], cwd: string): Promise<RestoredTranscript> {
    const { archive } = this.#ports;
    const files = archive ? archivedFiles(archive, sessionId) : [];
    if (!archive || !files.some(({ kind }) => kind === 'main'))
      throw new MemoryError('not_found', 'The transcript of this session is not in the archive.', {
        reason: 'not_archived',
      });
    // All places are checked first, so that a session which cannot be restored whole leaves no files behind.
    const places = files.map((file) => ({ file, place: placeOfTranscript(file.path, configDirs) }));
    for (const { file, place } of places) await isFree(place, () => readArchivedFile(archive, file.id));
    const written: RestoredTranscript['files'] = [];
    const cleanupDays = await cleanupDaysOf(dirname(places[0]!.place.root));
    for (const { file, place } of places) {
      const { mtime, time } = ageOfRestored(
        getSource(this.#ports.driver, file.path)?.mtime,
        this.#ports.clock.now(),
        cleanupDays,
      );
      const outcome = await writeTranscriptBack(place, () => readArchivedFile(archive, file.id), mtime);
      written.push({ path: place.path, bytes: file.bytes, outcome, ...(outcome === 'written' && { time }) });
    }
    return {
      sessionId,
      cwd,
      files: written,
      cleanupDays,
      redactions: files.reduce((sum, { redactions }) => sum + redactions, 0),
      leftOutBytes: files.reduce(
        (sum, { leftOut }) => sum + Object.values(leftOut).reduce((all, bytes) => all + bytes, 0),
        0,
      ),
    };
  }
}
