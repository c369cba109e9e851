/**
 * A disk that records all calls in order, so that a power loss at any moment can be simulated later.
 *
 * The rules are stricter than those of any file system. Data written to a file since its last sync may be there,
 * missing, or torn at sectors of 512 bytes, each write independently. A name created, deleted or renamed since the last
 * sync of its folder may be as before. Synced data and names are there.
 */
import nodeFs from 'node:fs';
import path from 'node:path';
import type { FileCalls } from '../../../src/core/store/sqlite/file-calls';
import type { Random } from '../random';

type Node = number;
export type DiskEvent =
  | { kind: 'write'; node: Node; at: number; bytes: Buffer }
  | { kind: 'truncate'; node: Node; size: number }
  | { kind: 'sync'; node: Node }
  | { kind: 'create'; name: string; node: Node }
  | { kind: 'unlink'; name: string }
  | { kind: 'rename'; name: string; to: string }
  | { kind: 'syncFolder' }
  | { kind: 'acknowledged'; n: number };

const sectorBytes = 512;

/** Records while the real calls run. Only files in `folder` count. */
export class FrailDisk {
  readonly events: DiskEvent[] = [];
  readonly #names = new Map<string, Node>();
  readonly #handles = new Map<number, Node>();
  #nodes = 0;

  constructor(readonly folder: string) {
    for (const [name, bytes] of readFolder(folder)) {
      const node = this.#create(name);
      this.events.push({ kind: 'write', node, at: 0, bytes }, { kind: 'sync', node });
    }
    this.events.push({ kind: 'syncFolder' });
  }

  acknowledge(n: number): void {
    this.events.push({ kind: 'acknowledged', n });
  }

  #create(name: string): Node {
    const node = this.#nodes++;
    this.#names.set(name, node);
    this.events.push({ kind: 'create', name, node });
    return node;
  }

  readonly calls: FileCalls = {
    ...nodeFs,
    openSync: ((target: string, flags: number, mode?: number) => {
      const name = path.relative(this.folder, target);
      const isNew = name !== '' && !this.#names.has(name);
      const handle = nodeFs.openSync(target, flags, mode);
      if (name !== '') this.#handles.set(handle, isNew ? this.#create(name) : (this.#names.get(name) as Node));
      if (!isNew && typeof flags === 'number' && (flags & nodeFs.constants.O_TRUNC) !== 0)
        this.events.push({ kind: 'truncate', node: this.#names.get(name) as Node, size: 0 });
      return handle;
    }) as typeof nodeFs.openSync,
    closeSync: (handle) => {
      this.#handles.delete(handle);
      nodeFs.closeSync(handle);
    },
    writeSync: ((handle: number, bytes: Uint8Array, offset: number, length: number, at: number) => {
      const written = nodeFs.writeSync(handle, bytes, offset, length, at);
      this.events.push({
        kind: 'write',
        node: this.#nodeOf(handle),
        at,
        bytes: Buffer.from(bytes.subarray(offset, offset + written)),
      });
      return written;
    }) as typeof nodeFs.writeSync,
    ftruncateSync: (handle, size) => {
      nodeFs.ftruncateSync(handle, size);
      this.events.push({ kind: 'truncate', node: this.#nodeOf(handle), size: size ?? 0 });
    },
    // The real sync is skipped: it would only take time.
    fsyncSync: (handle) => this.#sync(handle),
    fdatasyncSync: (handle) => this.#sync(handle),
    unlinkSync: (target) => {
      nodeFs.unlinkSync(target);
      const name = path.relative(this.folder, String(target));
      this.#names.delete(name);
      this.events.push({ kind: 'unlink', name });
    },
    renameSync: (from, target) => {
      nodeFs.renameSync(from, target);
      const [name, to] = [path.relative(this.folder, String(from)), path.relative(this.folder, String(target))];
      this.#names.set(to, this.#names.get(name) as Node);
      this.#names.delete(name);
      this.events.push({ kind: 'rename', name, to });
    },
  };

  #nodeOf(handle: number): Node {
    const node = this.#handles.get(handle);
    if (node === undefined) throw new Error('a write to a file that was not opened here');
    return node;
  }

  #sync(handle: number): void {
    const node = this.#handles.get(handle);
    this.events.push(node === undefined ? { kind: 'syncFolder' } : { kind: 'sync', node });
  }
}

/** What is durable and what is pending after some of the events. */
export class Platters {
  acknowledged = 0;
  readonly #safe = new Map<Node, Buffer>();
  readonly #underWay = new Map<Node, DiskEvent[]>();
  readonly #names = new Map<string, Node>();
  #namesUnderWay: DiskEvent[] = [];

  take(event: DiskEvent): void {
    switch (event.kind) {
      case 'write':
      case 'truncate': {
        const waiting = this.#underWay.get(event.node);
        if (waiting) waiting.push(event);
        else this.#underWay.set(event.node, [event]);
        break;
      }
      case 'sync':
        this.#safe.set(
          event.node,
          (this.#underWay.get(event.node) ?? []).reduce<Buffer>(apply, this.#safe.get(event.node) ?? Buffer.alloc(0)),
        );
        this.#underWay.delete(event.node);
        break;
      case 'create':
      case 'unlink':
      case 'rename':
        this.#namesUnderWay.push(event);
        break;
      case 'syncFolder':
        for (const each of this.#namesUnderWay) applyName(this.#names, each);
        this.#namesUnderWay = [];
        break;
      default:
        this.acknowledged = event.n;
    }
  }

  /** The files after a power loss, by name. */
  afterPowerLoss(random: Random): Map<string, Buffer> {
    const names = new Map(this.#names);
    // Half of the time like a journalling file system: all changes of names after some point are lost.
    const kept = random.once(2) ? random.below(this.#namesUnderWay.length + 1) : undefined;
    this.#namesUnderWay.forEach((event, index) => {
      if (kept === undefined ? random.once(2) : index < kept) applyName(names, event);
    });
    return new Map(
      [...names].map(([name, node]) => [
        name,
        (this.#underWay.get(node) ?? []).reduce<Buffer>(
          (bytes, event) => applyPerhaps(bytes, event, random),
          Buffer.from(this.#safe.get(node) ?? []),
        ),
      ]),
    );
  }
}

function applyName(names: Map<string, Node>, event: DiskEvent): void {
  if (event.kind === 'create') names.set(event.name, event.node);
  else if (event.kind === 'unlink') names.delete(event.name);
  else if (event.kind === 'rename' && names.has(event.name)) {
    names.set(event.to, names.get(event.name) as Node);
    names.delete(event.name);
  }
}

function resized(bytes: Buffer, size: number): Buffer {
  const result = Buffer.alloc(size);
  bytes.copy(result, 0, 0, Math.min(size, bytes.length));
  return result;
}

const grown = (bytes: Buffer, size: number): Buffer => (size > bytes.length ? resized(bytes, size) : bytes);

/** Changes the bytes in place when they are long enough. */
function apply(bytes: Buffer, event: DiskEvent): Buffer {
  if (event.kind === 'truncate') return resized(bytes, event.size);
  if (event.kind !== 'write') return bytes;
  const result = grown(bytes, event.at + event.bytes.length);
  event.bytes.copy(result, event.at);
  return result;
}

function applyPerhaps(bytes: Buffer, event: DiskEvent, random: Random): Buffer {
  const fate = random.below(3);
  if (fate === 0) return bytes;
  if (fate === 1 || event.kind !== 'write') return apply(bytes, event);
  const result = grown(bytes, event.at + event.bytes.length);
  for (let at = 0; at < event.bytes.length; at += sectorBytes)
    if (random.once(2)) event.bytes.copy(result, event.at + at, at, at + sectorBytes);
  return result;
}

const readFolder = (folder: string): Map<string, Buffer> =>
  new Map(
    nodeFs
      .readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => [name, nodeFs.readFileSync(path.join(folder, name))]),
  );

export function fillFolder(folder: string, files: Map<string, Buffer>): void {
  nodeFs.rmSync(folder, { recursive: true, force: true });
  nodeFs.mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of files) nodeFs.writeFileSync(path.join(folder, name), bytes);
}
