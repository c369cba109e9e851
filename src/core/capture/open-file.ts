/**
 * Begins to read a transcript from where reading stopped: what the store and the archive say of it, and its first batch.
 */
import type { KeyedName, NameKey } from '../lib/keyed-name';
import type { Redacted } from '../lib/redacted';
import type { Redactor } from '../observe/redact';
import { archivePlace } from '../store/archive/archive';
import type { SqlDriver } from '../store/sqlite/driver';
import { getSource } from '../store/tables/sources';
import type { SourceRecord } from '../store/tables/sources';
import type { SourceFile } from '../transcript/discover';
import type { SkipReason } from '../transcript/schema';
import { emptyCursor, readNewLines } from '../transcript/tail';
import type { Batch } from '../transcript/tail';
import { newThread } from '../transcript/thread';
import type { ThreadState } from '../transcript/thread';
import { ArchiveRun } from './archive-run';
import type { LineGuard, Stretch } from './line-guard';
import { ReadAhead } from './read-ahead';
import type { SealedProject, SealedProjects } from './sealed-projects';

export interface IngestPorts {
  driver: SqlDriver;
  /** Archive for the lines; undefined when the archive is off. */
  archive: SqlDriver | undefined;
  redactor: Redactor;
  names: NameKey;
  projects: SealedProjects;
  /** True when the project's folder must not be read. */
  isExcluded: (root: string, cwd: string) => boolean;
  maxLineBytes: number;
  guard: LineGuard;
  /** Much is read: lines are redacted in another thread, if there is one. */
  isBulk: boolean;
}

/** State of a file between two readings. */
export interface FileState {
  thread: ThreadState;
  /** Time of the first line: a tombstone of a project applies to sessions that began before it. */
  startedAt: number;
  originId: Redacted | '';
  /** That of the first folder. */
  project?: SealedProject | undefined;
  skipAll?: SkipReason;
  /** Lines were skipped because of an exclude, so the file is read again when the excludes change. */
  hasExcluded: boolean;
  /** Titles whose line may still follow in this file. */
  leaves: KeyedName[];
}

/** A file of which the first batch is being read. */
export interface OpenedFile {
  /** What the store said of it. */
  stored: SourceRecord | undefined;
  /** What of that goes on; undefined when the file is read from its beginning. */
  known: SourceRecord | undefined;
  archive: ArchiveRun | undefined;
  suspect: Stretch | undefined;
  batches: ReadAhead<Batch & { isRestart: boolean }>;
}

/**
 * Begins to read a file, so that its lines can be redacted in another thread while the file before it is stored.
 * @throws when it cannot be read
 */
export async function openFile(source: SourceFile, ports: IngestPorts, signal?: AbortSignal): Promise<OpenedFile> {
  const { driver, redactor, guard, maxLineBytes } = ports;
  const stored = getSource(driver, source.path);
  const archive = ports.archive && (await ArchiveRun.begin(ports.archive, redactor, source));
  // The archive lacks lines that were read while it was off. The file is read from its beginning; rows that are stored
  // already do not change.
  const isBehind =
    stored !== undefined &&
    archive !== undefined &&
    archive.offset < stored.cursor.offset &&
    !readState(stored.state).skipAll;
  const known = isBehind ? undefined : stored;
  const suspect = guard.suspectIn(source.path, known?.cursor.offset ?? 0);
  const options = {
    maxLineBytes,
    prove: redactor.prove,
    isLineByLine: suspect !== undefined,
    ...(signal && { signal }),
  };
  const batches = leaveOutStuck(guard, source.path, readNewLines(source.path, known?.cursor ?? emptyCursor, options));
  return {
    stored,
    known,
    archive,
    suspect,
    batches: new ReadAhead(batches, ({ lines }) => {
      if (archive && ports.isBulk && !suspect) redactor.begin(lines.flatMap(({ raw }) => raw ?? []));
    }),
  };
}

/** Whether nothing that `openFile` looked at has changed since. */
export function isStill(opened: OpenedFile, source: SourceFile, ports: IngestPorts): boolean {
  const place = ports.archive && archivePlace(ports.archive, source.path);
  return (
    JSON.stringify(getSource(ports.driver, source.path)) === JSON.stringify(opened.stored) &&
    ports.archive === opened.archive?.driver &&
    (place?.offset ?? 0) === (opened.archive?.archived ?? 0)
  );
}

/** Lines at which a keeper was stuck are counted by their bytes and not looked at. */
async function* leaveOutStuck<Read extends Batch>(
  guard: LineGuard,
  file: string,
  batches: AsyncGenerator<Read>,
): AsyncGenerator<Read> {
  for await (const batch of batches) {
    let offset = batch.cursor.offset - batch.lines.reduce((sum, line) => sum + line.bytes, 0);
    const lines = batch.lines.map((line) => {
      const isStuck = guard.isPassedOver({ path: file, offset, bytes: line.bytes });
      offset += line.bytes;
      return isStuck ? { text: undefined, raw: undefined, head: '', bytes: line.bytes, nuls: 0, isStuck } : line;
    });
    yield { ...batch, lines };
  }
}

export function readState(json: string | undefined): FileState {
  const state = (json === undefined ? {} : JSON.parse(json)) as Partial<FileState>;
  return {
    thread: { ...newThread, ...state.thread },
    startedAt: state.startedAt ?? 0,
    originId: state.originId ?? '',
    leaves: state.leaves ?? [],
    hasExcluded: state.hasExcluded ?? false,
    ...(state.project && { project: state.project }),
    ...(state.skipAll && { skipAll: state.skipAll }),
  };
}
