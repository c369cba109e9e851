/**
 * Which transcripts have grown. Two rhythms: files that grew lately are looked at twice a second, all of them every few
 * seconds. Looking at sizes misses nothing a watcher would lose, works on every file system, and needs no handle open.
 */
import { stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { describeSource, discoverTranscripts } from '../transcript/discover';
import type { SourceFile } from '../transcript/discover';

export interface WatchPorts {
  configDirs(): readonly string[];
  /** What is known of a file: size and time at its last reading. */
  known(): Map<string, { size: number; mtime: number; isGone: boolean }>;
  now(): number;
}

export interface Sweep {
  changed: SourceFile[];
  /** Known files that are no longer there, under folders that are. */
  gone: string[];
  total: number;
}

/** A session may go on after days: files that grew within this time are watched closely, the newest of them. */
const recentMs = 14 * 24 * 3_600_000;
/** Where something grew within a day a new session is likely. */
const activeMs = 24 * 3_600_000;
const maxRecent = 128;
const maxFolders = 32;

export class TranscriptWatch {
  readonly #recent = new Map<string, SourceFile>();
  /** Folders where a new session is likely to begin, with their times: a new file changes the time. */
  #folders = new Map<string, number>();

  constructor(readonly ports: WatchPorts) {}

  /** Looks at everything. */
  async sweep(signal?: AbortSignal): Promise<Sweep> {
    const known = this.ports.known();
    const seen = new Set<string>();
    const changed: SourceFile[] = [];
    const readRoots: string[] = [];
    const active = new Map<string, number>();
    for (const configDir of this.ports.configDirs()) {
      let found = 0;
      active.set(join(configDir, 'projects'), Infinity);
      for await (const source of discoverTranscripts(configDir, signal)) {
        found++;
        if (seen.has(source.path)) continue;
        seen.add(source.path);
        if (isChanged(source, known.get(source.path))) changed.push(source);
        if (source.mtime > this.ports.now() - recentMs) this.#follow(source);
        const folder = dirname(source.path);
        if (source.mtime > this.ports.now() - activeMs)
          active.set(folder, Math.max(active.get(folder) ?? 0, source.mtime));
      }
      // An empty answer may be a folder that is not mounted: only a folder with files can have lost one.
      if (found > 0) readRoots.push(configDir);
    }
    const gone = [...known]
      .filter(
        ([path, { isGone }]) =>
          !isGone && !seen.has(path) && readRoots.some((root) => path.startsWith(join(root, 'projects') + sep)),
      )
      .map(([path]) => path);
    await this.#watchFolders(active);
    return { changed, gone, total: seen.size };
  }

  /** Looks at the files that grew lately, and whether a new one has appeared beside them. */
  async glance(): Promise<{ changed: SourceFile[]; hasNewFile: boolean }> {
    const changed: SourceFile[] = [];
    let hasNewFile = false;
    // A folder that is no longer wished for is no longer looked at.
    const roots = this.ports.configDirs().map((dir) => join(dir, 'projects') + sep);
    for (const path of this.#recent.keys()) if (!roots.some((root) => path.startsWith(root))) this.#recent.delete(path);
    const looks = [...this.#recent].map(async ([path, last]) => {
      const found = await stat(path).catch(() => undefined);
      if (!found) this.#recent.delete(path);
      if (!found || (found.size === last.size && Math.floor(found.mtimeMs) === last.mtime)) return;
      const source = await describeSource(path);
      if (!source) return;
      this.#recent.set(path, source);
      changed.push(source);
    });
    const folders = [...this.#folders].map(async ([folder, last]) => {
      if ((await timeOf(folder)) !== last) hasNewFile = true;
    });
    await Promise.all([...looks, ...folders]);
    return { changed, hasNewFile };
  }

  async #watchFolders(active: ReadonlyMap<string, number>): Promise<void> {
    const newest = [...active].sort(([, a], [, b]) => b - a).slice(0, maxFolders);
    this.#folders = new Map(await Promise.all(newest.map(async ([folder]) => [folder, await timeOf(folder)] as const)));
  }

  #follow(source: SourceFile): void {
    // A first look must not hide growth from the next glance.
    if (!this.#recent.has(source.path)) this.#recent.set(source.path, source);
    if (this.#recent.size <= maxRecent) return;
    const [oldest] = [...this.#recent].sort(([, a], [, b]) => a.mtime - b.mtime);
    if (oldest) this.#recent.delete(oldest[0]);
  }
}

/** Time of a folder, 0 when it is not there: its appearing is a change too. */
async function timeOf(folder: string): Promise<number> {
  return stat(folder).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

function isChanged(source: SourceFile, known: { size: number; mtime: number; isGone: boolean } | undefined): boolean {
  return !known || known.isGone || known.size !== source.size || known.mtime !== source.mtime;
}
