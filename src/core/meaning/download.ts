/**
 * Downloads the files of a model. Each goes into a part file, which a later run continues, and gets its name only when
 * its SHA-256 is the pinned one. The caller must have the person's consent to use the network.
 */
import { createHash } from 'node:crypto';
import nodeFs, { createReadStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { MemoryError } from '../../protocol/errors';
import { isHubAllowed, isThisMachine } from '../../protocol/hub-address';
import { trimEndOf } from '../../protocol/text';
import { flushFile, renameDurably, sizeOfFile } from '../lib/durable';
import { hubAddress } from './models';
import type { ModelFile, ModelSpec } from './models';

export interface DownloadPorts {
  fetch: typeof fetch;
  /** Free bytes on the disk of a folder; undefined when unknown. */
  freeBytes: (folder: string) => Promise<number | undefined>;
  /** A connection without data for this long is given up. Milliseconds, one minute when absent. */
  stallMs?: number;
}

export interface DownloadTask {
  spec: ModelSpec;
  /** Folder for the files. */
  folder: string;
  hub?: string | undefined;
  signal: AbortSignal;
  /** Called with every chunk: bytes of the model on disk. */
  onBytes: (done: number) => void;
}

const partSuffix = '.part';
const maxRedirects = 5;
/** Space that must remain free on the disk. */
const spareBytes = 50_000_000;

const placeOf = (folder: string, file: ModelFile): string => path.join(folder, ...file.path.split('/'));
const isWhole = (folder: string, file: ModelFile): boolean => sizeOfFile(placeOf(folder, file)) === file.bytes;

/** True when all files exist: a file gets its name only after its content was checked. */
export const isDownloaded = (folder: string, { files }: ModelSpec): boolean =>
  files.every((file) => isWhole(folder, file));

/** Bytes on disk, of complete and incomplete files. */
export const bytesHere = (folder: string, { files }: ModelSpec): number =>
  files.reduce(
    (sum, file) =>
      sum + (isWhole(folder, file) ? file.bytes : Math.min(sizeOfFile(placeOf(folder, file) + partSuffix), file.bytes)),
    0,
  );

/**
 * @throws MemoryError `network` with a reason, `locked` with reason `disk_full`, `cancelled`. What was downloaded so
 * far stays.
 */
export async function downloadModel(ports: DownloadPorts, task: DownloadTask): Promise<void> {
  const { spec, folder, signal } = task;
  const base = `${checkHub(task.hub)}/${spec.repository}/resolve/${spec.revision}`;
  const missing = spec.files.filter((file) => !isWhole(folder, file));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await demandRoom(ports, folder, spec.files.reduce((sum, { bytes }) => sum + bytes, 0) - bytesHere(folder, spec));
  for (const file of missing) {
    if (signal.aborted) throw cancelled();
    await new FileDownload(ports, task, file, `${base}/${file.path}`).run();
  }
}

/** Checks the address of a hub: https, or this machine. @throws MemoryError `invalid_input` */
export function checkHub(hub: string | undefined): string {
  const address = (hub ?? '').trim() === '' ? hubAddress : String(hub).trim();
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !isHubAllowed(url))
    throw new MemoryError('invalid_input', `Not an address that begins with https: ${address}`);
  return trimEndOf(address, '/');
}

/** A remote hub must not redirect to this machine, or it could send requests to local services. */
const mayFollow = (hub: URL, to: URL): boolean => isHubAllowed(to) && (!isThisMachine(to) || isThisMachine(hub));

async function demandRoom({ freeBytes }: DownloadPorts, folder: string, bytes: number): Promise<void> {
  const free = await freeBytes(folder);
  if (free !== undefined && free < bytes + spareBytes)
    throw new MemoryError('locked', 'The disk is too full for the model.', {
      reason: 'disk_full',
      needed: bytes,
      free,
    });
}

const failed = (reason: string, message: string): MemoryError => new MemoryError('network', message, { reason });
const cancelled = (): MemoryError => new MemoryError('cancelled', 'The operation was cancelled.');
const wrongBytes = (file: string): MemoryError =>
  failed('hub_wrong_bytes', `${file} is not the pinned file; it was deleted.`);

class FileDownload {
  readonly #part: string;
  readonly #silence = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly ports: DownloadPorts,
    readonly task: DownloadTask,
    readonly file: ModelFile,
    readonly url: string,
  ) {
    this.#part = placeOf(task.folder, file) + partSuffix;
  }

  async run(): Promise<void> {
    const { file, task } = this;
    const place = placeOf(task.folder, file);
    await mkdir(path.dirname(place), { recursive: true, mode: 0o700 });
    if (sizeOfFile(this.#part) > file.bytes) await this.#startOver();
    try {
      if (sizeOfFile(this.#part) < file.bytes) await this.#receive();
    } finally {
      clearTimeout(this.#timer);
    }
    if ((await sha256Of(this.#part)) !== file.sha256) {
      await this.#startOver();
      throw wrongBytes(file.path);
    }
    flushFile(this.#part);
    renameDurably(this.#part, place);
  }

  #startOver(): Promise<void> {
    return rm(this.#part, { force: true });
  }

  async #receive(): Promise<void> {
    const offset = sizeOfFile(this.#part);
    let response = await this.#ask(offset);
    // The server does not accept the part file as a beginning of its file.
    const isUnfit = response.status === 416 || (response.status === 206 && !beginsAt(response, offset));
    if (isUnfit && offset > 0) {
      await response.body?.cancel().catch(() => {});
      await this.#startOver();
      response = await this.#ask(0);
    }
    if (response.status !== 200 && response.status !== 206) throw refusalOf(response.status, this.file.path);
    await this.#write(response);
  }

  /** Follows redirects itself, because none may lead away from https, or to this machine unless the hub is on it. */
  async #ask(offset: number): Promise<Response> {
    let url = this.url;
    for (let step = 0; step <= maxRedirects; step++) {
      this.#listen();
      const headers = { 'accept-encoding': 'identity', ...(offset > 0 && { range: `bytes=${offset}-` }) };
      const response = await this.ports
        .fetch(url, { headers, signal: this.#signal, redirect: 'manual' })
        .catch((error: unknown) => {
          throw this.#explain(error, 'hub_offline');
        });
      const target = [301, 302, 303, 307, 308].includes(response.status) ? response.headers.get('location') : null;
      if (target === null) return response;
      await response.body?.cancel().catch(() => {});
      if (!URL.canParse(target, url) || !mayFollow(new URL(this.url), new URL(target, url))) break;
      url = new URL(target, url).href;
    }
    throw failed('hub_refused', 'The address of the models leads nowhere.');
  }

  /** A full response replaces the part file, a partial one continues it. */
  async #write(response: Response): Promise<void> {
    const { file, task } = this;
    const before = bytesHere(task.folder, { ...task.spec, files: task.spec.files.filter((each) => each !== file) });
    const handle = await open(this.#part, response.status === 206 ? 'a' : 'w', 0o600);
    try {
      let size = (await handle.stat()).size;
      for await (const piece of this.#pieces(response)) {
        size += piece.length;
        if (size > file.bytes) break;
        await handle.writeFile(piece);
        task.onBytes(before + size);
      }
      if (size < file.bytes) throw failed('hub_cut', `The line was cut after ${size} of ${file.bytes} bytes.`);
      if (size === file.bytes) return;
    } finally {
      await handle.close();
    }
    await this.#startOver();
    throw wrongBytes(file.path);
  }

  async *#pieces(response: Response): AsyncGenerator<Uint8Array> {
    const reader = response.body?.getReader();
    if (!reader) return;
    try {
      for (;;) {
        this.#listen();
        const { done, value } = await reader.read().catch((error: unknown) => {
          throw this.#explain(error, 'hub_cut');
        });
        if (done) return;
        yield value as Uint8Array;
      }
    } finally {
      await reader.cancel().catch(() => {});
    }
  }

  get #signal(): AbortSignal {
    return AbortSignal.any([this.task.signal, this.#silence.signal]);
  }

  /** Restarts the time limit for the server. */
  #listen(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#silence.abort(), this.ports.stallMs ?? 60_000);
  }

  #explain(error: unknown, reason: string): MemoryError {
    if (this.task.signal.aborted) return cancelled();
    if (this.#silence.signal.aborted) return failed('hub_cut', 'The other side said nothing any more.');
    return failed(reason, error instanceof Error ? error.message : String(error));
  }
}

const beginsAt = ({ headers }: Response, offset: number): boolean =>
  headers.get('content-range')?.startsWith(`bytes ${offset}-`) === true;

function refusalOf(status: number, file: string): MemoryError {
  const isGone = status === 404 || status === 410;
  return failed(isGone ? 'hub_missing' : 'hub_refused', `${file}: the other side answered ${status}.`);
}

/** SHA-256 of a file, read in chunks. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(piece as Uint8Array);
  return hash.digest('hex');
}

/** Deletes all versions of a model from the disk. */
export async function removeModel(modelsFolder: string, id: string): Promise<void> {
  const names = nodeFs.existsSync(modelsFolder) ? nodeFs.readdirSync(modelsFolder) : [];
  for (const name of names)
    if (name.startsWith(`${id}@`)) await rm(path.join(modelsFolder, name), { recursive: true, force: true });
}
