/**
 * The archive as memory uses it: on or off, complete, without what was forgotten, and the way back to the client's
 * folder.
 */
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
import { readAgain, readingPlaces } from '../store/tables/sources';
import { isFree, placeOfTranscript, writeTranscriptBack } from './write-back';

export interface ArchivePorts {
  /** Of the memory. */
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

  /** Where lines go, when they go anywhere. */
  get target(): SqlDriver | undefined {
    return this.#isOn ? this.#ports.archive : undefined;
  }

  get #isOn(): boolean {
    return getConfiguration<boolean>(this.#ports.driver, settingKey) ?? true;
  }

  /** Turned off, it takes nothing more; what is there stays until it is deleted. */
  setOn(isOn: boolean): void {
    if (isOn === this.#isOn) return;
    setConfiguration(this.#ports.driver, settingKey, isOn, this.#ports.clock.now());
    this.requestMissing();
  }

  /** Has every transcript read again that memory knows further than the archive. */
  requestMissing(): void {
    const { driver } = this.#ports;
    if (!this.target) return;
    const offsets = offsetsOfArchive(this.target);
    readAgain(
      driver,
      readingPlaces(driver).flatMap(({ path, offset }) => ((offsets.get(path) ?? 0) < offset ? path : [])),
    );
  }

  /** Excludes have changed: files with lines left out for them are archived anew when they are read again. */
  requestExcluded(): void {
    if (this.target) beginExcludedAnew(this.target);
  }

  /** Takes out what memory has been told to forget; again at every start, in case the last one ended in between. */
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
   * Writes a session's transcripts back under `projects/`. Overwrites nothing.
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
    // All places first: a session that cannot come back whole leaves nothing behind.
    const places = files.map((file) => ({ file, place: placeOfTranscript(file.path, configDirs) }));
    for (const { file, place } of places) await isFree(place, () => readArchivedFile(archive, file.id));
    const written: RestoredTranscript['files'] = [];
    for (const { file, place } of places)
      written.push({
        path: place.path,
        bytes: file.bytes,
        outcome: await writeTranscriptBack(place, () => readArchivedFile(archive, file.id)),
      });
    return {
      sessionId,
      cwd,
      files: written,
      redactions: files.reduce((sum, { redactions }) => sum + redactions, 0),
      leftOutBytes: files.reduce(
        (sum, { leftOut }) => sum + Object.values(leftOut).reduce((all, bytes) => all + bytes, 0),
        0,
      ),
    };
  }
}
