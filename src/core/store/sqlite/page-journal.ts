/**
 * The fallback when files cannot be used page by page (the self-test failed). The whole database lives in memory, every
 * commit appends its dirty pages to a journal with a checksum, and a checkpoint writes them into the file. It
 * implements the file calls below SQLite, so the SQL above is the same. A masked header and a write-ahead log of the
 * disk layer are read at the start and removed by the first checkpoint.
 *
 * Traps: a file's name must survive a power loss before its content is relied on, so the folder is synced after each
 * creation and removal. And a journal that was emptied begins anew at once, even when the flush afterwards fails.
 *
 * Frame: magic u32, number u32, database pages u32, n u32, n page numbers u32, n pages, crc32 u32 (little endian).
 */
import nodeFs from 'node:fs';
import { crc32 } from 'node:zlib';
import { maskedJournalSuffix, pageJournalSuffix, walSuffix } from '../../../protocol/data-folder';
import type { FileCalls } from './file-calls';
import { isMaskedHeader, plainMagic } from './header';
import { readWal } from './wal-frames';
import { isThere, readWhole, removeFile, syncFolder, writeWhole } from './whole-file';

const pageSize = 4096;
const magic = 0x504a_4c31;
const headerBytes = 16;
const checkpointBytes = 64 << 20;
/** Logs of the disk layer: once the file is newer than they are, they must not be read again. */
export const logSuffixes = [walSuffix, maskedJournalSuffix] as const;
const imageHandle = -7;
/** Offsets of the two header bytes that name the journal mode. */
const formatBytes = [18, 19] as const;
const rollbackFormat = 1;

/** SQLite identifies files by device and inode, so each image gets its own number. */
let images = 0;

/** Marks an image: the driver checkpoints it by this call instead of by SQLite. */
export interface ImageCalls {
  isImage: true;
  checkpoint(): void;
}

export class PageJournal {
  readonly #file: string;
  readonly #journalFile: string;
  readonly #disk: FileCalls;
  readonly #platform: NodeJS.Platform;
  readonly #journal: number;
  #image: Buffer;
  #size: number;
  /** Pages written since the last commit, and since the last checkpoint. */
  readonly #dirty = new Set<number>();
  readonly #sinceCheckpoint = new Set<number>();
  #journalAt = 0;
  #number = 0;

  constructor(file: string, platform: NodeJS.Platform, disk: FileCalls = nodeFs) {
    this.#file = file;
    this.#journalFile = file + pageJournalSuffix;
    this.#disk = disk;
    this.#platform = platform;
    const image = readWhole(disk, file) ?? Buffer.alloc(0);
    this.#image = Buffer.alloc(Math.max(1 << 20, Math.ceil(image.length * 1.125)));
    image.copy(this.#image);
    this.#size = image.length;
    this.#takeInLog();
    const journal = readWhole(disk, this.#journalFile);
    if (journal) this.#replay(journal);
    this.#makePlain();
    this.#journal = disk.openSync(this.#journalFile, nodeFs.constants.O_RDWR | nodeFs.constants.O_CREAT, 0o600);
    try {
      syncFolder(disk, this.#journalFile, platform);
      // Bytes behind the last whole frame are left from a crash or an earlier journal. A new frame must never be
      // followed by them.
      if (journal && journal.length > this.#journalAt) this.#cutJournal(this.#journalAt);
    } catch (error) {
      disk.closeSync(this.#journal);
      throw error;
    }
  }

  /** File calls on the image, for DiskFiles. `fdatasync` of the image commits. */
  calls(): FileCalls & ImageCalls {
    const isImage = (target: unknown) => target === this.#file;
    const missing = () => Object.assign(new Error('No such file'), { code: 'ENOENT' });
    const ino = ++images;
    const stat = () => ({
      dev: 1,
      ino,
      mode: 0o100_600,
      nlink: 1,
      size: this.#size,
      atimeMs: 0,
      mtimeMs: 0,
      ctimeMs: 0,
    });
    const commit = () => this.#commit();
    return {
      isImage: true,
      checkpoint: () => this.checkpoint(),
      openSync: (target: unknown) => {
        if (isImage(target)) return imageHandle;
        throw missing();
      },
      closeSync: () => {},
      fsyncSync: commit,
      fdatasyncSync: commit,
      fstatSync: stat,
      statSync: (target: unknown) => {
        if (isImage(target)) return stat();
        throw missing();
      },
      accessSync: (target: unknown) => {
        if (!isImage(target)) throw missing();
      },
      unlinkSync: () => {},
      ftruncateSync: (_: number, size: number) => {
        if (size < this.#size) this.#size = size;
        else this.#grow(size);
      },
      readSync: (_: number, target: Uint8Array, offset: number, length: number, position: number) => {
        const count = Math.max(0, Math.min(length, this.#size - position));
        target.set(this.#image.subarray(position, position + count), offset);
        return count;
      },
      writeSync: (_: number, source: Uint8Array, offset: number, length: number, position: number) => {
        this.#grow(position + length);
        this.#image.set(source.subarray(offset, offset + length), position);
        for (let page = Math.floor(position / pageSize); page * pageSize < position + length; page++)
          this.#dirty.add(page);
        return length;
      },
    } as unknown as FileCalls & ImageCalls;
  }

  /**
   * Checkpoints and removes the journal. When that fails the journal stays, with all pages that are not in the file.
   */
  close(): void {
    try {
      this.checkpoint();
      removeFile(this.#disk, this.#journalFile);
    } finally {
      this.#disk.closeSync(this.#journal);
    }
  }

  /** Closes the handles and leaves the files as they are. */
  abandon(): void {
    this.#disk.closeSync(this.#journal);
  }

  #commit(): void {
    const pages = [...this.#dirty].filter((page) => (page + 1) * pageSize <= this.#size);
    if (pages.length === 0) return;
    const bodyBytes = headerBytes + pages.length * (4 + pageSize);
    const frame = Buffer.allocUnsafe(bodyBytes + 4);
    [magic, this.#number, this.#size / pageSize, pages.length].forEach((value, index) =>
      frame.writeUInt32LE(value >>> 0, index * 4),
    );
    pages.forEach((page, index) => {
      frame.writeUInt32LE(page, headerBytes + 4 * index);
      this.#image.copy(
        frame,
        headerBytes + 4 * pages.length + index * pageSize,
        page * pageSize,
        (page + 1) * pageSize,
      );
      this.#sinceCheckpoint.add(page);
    });
    frame.writeUInt32LE(crc32(frame.subarray(0, bodyBytes)), bodyBytes);
    writeWhole(this.#disk, this.#journal, frame, this.#journalAt);
    this.#disk.fdatasyncSync(this.#journal);
    this.#journalAt += frame.length;
    this.#number = (this.#number + 1) >>> 0;
    this.#dirty.clear();
    if (this.#journalAt > checkpointBytes) this.checkpoint();
  }

  /** Writes the pages into the file, then empties the journal. Safe to repeat after a crash in between. */
  checkpoint(): void {
    this.#commit();
    const isNew = !isThere(this.#disk, this.#file);
    const handle = this.#disk.openSync(this.#file, nodeFs.constants.O_RDWR | nodeFs.constants.O_CREAT, 0o600);
    try {
      for (const page of [...this.#sinceCheckpoint].sort((a, b) => a - b)) {
        if ((page + 1) * pageSize <= this.#size)
          writeWhole(this.#disk, handle, this.#image.subarray(page * pageSize, (page + 1) * pageSize), page * pageSize);
      }
      this.#disk.ftruncateSync(handle, this.#size);
      this.#disk.fdatasyncSync(handle);
    } finally {
      this.#disk.closeSync(handle);
    }
    // Before the journal is emptied: from now on the logs are older than the file and must not be read again.
    const isRemoved = logSuffixes.map((suffix) => removeFile(this.#disk, this.#file + suffix)).includes(true);
    if (isNew || isRemoved) syncFolder(this.#disk, this.#file, this.#platform);
    this.#sinceCheckpoint.clear();
    this.#cutJournal(0);
  }

  #cutJournal(size: number): void {
    this.#disk.ftruncateSync(this.#journal, size);
    this.#journalAt = size;
    this.#disk.fdatasyncSync(this.#journal);
  }

  /** Reads pages that the disk layer committed to its log but had not checkpointed. */
  #takeInLog(): void {
    const log = this.#file + walSuffix;
    const bytes = readWhole(this.#disk, log);
    const found = bytes && readWal(bytes, pageSize);
    if (!found) return;
    for (const [page, content] of found.pages) {
      this.#grow(page * pageSize);
      content.copy(this.#image, (page - 1) * pageSize);
      this.#sinceCheckpoint.add(page - 1);
    }
    this.#size = found.pageCount * pageSize;
  }

  /** Gives the image SQLite's own header, in a mode without a log. */
  #makePlain(): void {
    if (this.#size < pageSize) return;
    const isPlain = this.#image.toString('latin1', 0, plainMagic.length) === plainMagic;
    if (isPlain && formatBytes.every((at) => this.#image[at] === rollbackFormat)) return;
    if (!isPlain && !isMaskedHeader(this.#image)) return;
    this.#image.write(plainMagic, 0, 'latin1');
    for (const at of formatBytes) this.#image[at] = rollbackFormat;
    this.#sinceCheckpoint.add(0);
  }

  #replay(journal: Buffer): void {
    let at = 0;
    let last: number | undefined;
    while (at + headerBytes <= journal.length && journal.readUInt32LE(at) === magic) {
      const number = journal.readUInt32LE(at + 4);
      const count = journal.readUInt32LE(at + 12);
      const body = headerBytes + count * (4 + pageSize);
      if (at + body + 4 > journal.length) break;
      // A gap in the numbers means frames of an earlier journal, which are in the file already.
      if (last !== undefined && number !== (last + 1) >>> 0) break;
      if (crc32(journal.subarray(at, at + body)) !== journal.readUInt32LE(at + body)) break;
      for (let index = 0; index < count; index++) {
        const page = journal.readUInt32LE(at + headerBytes + 4 * index);
        this.#grow((page + 1) * pageSize);
        journal.copy(
          this.#image,
          page * pageSize,
          at + headerBytes + 4 * count + index * pageSize,
          at + headerBytes + 4 * count + (index + 1) * pageSize,
        );
        this.#sinceCheckpoint.add(page);
      }
      this.#size = journal.readUInt32LE(at + 8) * pageSize;
      last = number;
      at += body + 4;
    }
    this.#journalAt = at;
    this.#number = last === undefined ? 0 : (last + 1) >>> 0;
  }

  #grow(size: number): void {
    if (size > this.#image.length) {
      const bigger = Buffer.alloc(Math.ceil(size * 1.25));
      this.#image.copy(bigger, 0, 0, this.#size);
      this.#image = bigger;
    }
    if (size > this.#size) {
      this.#image.fill(0, this.#size, size);
      this.#size = size;
    }
  }
}
