/**
 * The folder of an export while it is written. It has another name until all is in it, so that what was cut off is never
 * taken for an export; its manifest is written last.
 */
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { RecordKind } from '../../protocol/portable';
import type { ExportedFile, Manifest } from './manifest';
import { folderNameOf, manifestName, unfinishedFolder } from './names';
import { portableError } from './trouble';

/** Written at once. */
const bufferLetters = 512 * 1024;

export class ExportFolder {
  readonly files: ExportedFile[] = [];
  #open: { name: string; kind: RecordKind | undefined; handle: FileHandle; hash: Hash } | undefined;
  #waiting: string[] = [];
  #letters = 0;
  #records = 0;
  #bytes = 0;

  private constructor(
    private readonly target: string,
    private readonly part: string,
  ) {}

  /** @throws MemoryError `not_found` when the folder is not there */
  static async create(parent: string, at: number): Promise<ExportFolder> {
    if (!(await stat(parent).catch(() => undefined))?.isDirectory())
      throw portableError('not_found', 'The folder to export to is not there.');
    const name = folderNameOf(at);
    for (let number = 1; ; number++) {
      const target = path.join(parent, number === 1 ? name : `${name}-${number}`);
      // oxlint-disable-next-line no-await-in-loop -- the next name is tried when this one is taken
      if (await stat(target).catch(() => undefined)) continue;
      const part = target + unfinishedFolder;
      // oxlint-disable-next-line no-await-in-loop -- what an earlier export left, which was cut off
      await rm(part, { recursive: true, force: true });
      // oxlint-disable-next-line no-await-in-loop -- the last round
      await mkdir(part, { mode: 0o700 });
      return new ExportFolder(target, part);
    }
  }

  async begin(name: string, kind?: RecordKind): Promise<void> {
    const file = path.join(this.part, name);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    this.#open = { name, kind, handle: await open(file, 'wx', 0o600), hash: createHash('sha256') };
    this.#records = 0;
    this.#bytes = 0;
  }

  async write(text: string, records = 1): Promise<void> {
    this.#waiting.push(text);
    this.#letters += text.length;
    this.#records += records;
    if (this.#letters >= bufferLetters) await this.#flush();
  }

  async end(): Promise<ExportedFile> {
    const file = this.#open;
    if (!file) throw new Error('No file of the export is open.');
    await this.#flush();
    await file.handle.sync();
    await file.handle.close();
    this.#open = undefined;
    const written: ExportedFile = {
      name: file.name,
      ...(file.kind && { kind: file.kind }),
      records: this.#records,
      bytes: this.#bytes,
      sha256: file.hash.digest('hex'),
    };
    this.files.push(written);
    return written;
  }

  async #flush(): Promise<void> {
    if (!this.#open || this.#waiting.length === 0) return;
    const bytes = Buffer.from(this.#waiting.join(''), 'utf8');
    this.#waiting = [];
    this.#letters = 0;
    this.#open.hash.update(bytes);
    this.#bytes += bytes.length;
    await this.#open.handle.appendFile(bytes);
  }

  /** Gives the folder its name. Answers the path. */
  async finish(manifest: Omit<Manifest, 'files'>): Promise<string> {
    const text = `${JSON.stringify({ ...manifest, files: this.files }, null, 2)}\n`;
    await writeFile(path.join(this.part, manifestName), text, { mode: 0o600, flush: true });
    await rename(this.part, this.target);
    return this.target;
  }

  /** Leaves nothing. */
  async abandon(): Promise<void> {
    await this.#open?.handle.close().catch(() => {});
    this.#open = undefined;
    await rm(this.part, { recursive: true, force: true });
  }
}
