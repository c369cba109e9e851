/**
 * Finds transcripts that have grown. Files that grew lately are checked twice a second, all files every few seconds.
 * Comparing sizes misses no event (file watchers do), works on every file system and keeps no handle open.
 */
import { stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { examineConfigDirs } from '../transcript/config-folder';
import type { ConfigFolder } from '../transcript/config-folder';
import { SeenPlaces, describeSource, discoverTranscripts } from '../transcript/discover';
import type { LinkCounts, SourceFile } from '../transcript/discover';

export interface WatchPorts {
  configDirs(): readonly string[];
  /** Size and time of each file at its last reading. */
  known(): Map<string, { size: number; mtime: number; isGone: boolean }>;
  now(): number;
}

export interface Sweep {
  changed: SourceFile[];
  /** Known files that no longer exist, although their config folder does. */
  gone: string[];
  total: number;
  links: LinkCounts;
  folders: ConfigFolder[];
}

/**
 * A session may continue after days, so files that grew within this time are checked often, the newest of them first.
 */
const recentMs = 14 * 24 * 3_600_000;
/** A new session is likely in a folder where something grew within this time. */
const activeMs = 24 * 3_600_000;
const maxRecent = 128;
const maxFolders = 32;

export class TranscriptWatch {
  readonly #recent = new Map<string, SourceFile>();
  /** Folders where new sessions are likely, with their modification times: a new file changes that time. */
  #folders = new Map<string, number>();

  constructor(readonly ports: WatchPorts) {}

  /** Checks all files. */
  async sweep(signal?: AbortSignal): Promise<Sweep> {
    const known = this.ports.known();
    const seen = new Set<string>();
    const places = new SeenPlaces();
    const changed: SourceFile[] = [];
    const readRoots: string[] = [];
    const active = new Map<string, number>();
    for (const configDir of this.ports.configDirs()) {
      let found = 0;
      active.set(join(configDir, 'projects'), Infinity);
      for await (const source of discoverTranscripts(configDir, signal, places)) {
        found++;
        if (seen.has(source.path)) continue;
        seen.add(source.path);
        if (isChanged(source, known.get(source.path))) changed.push(source);
        if (source.mtime > this.ports.now() - recentMs) this.#follow(source);
        const folder = dirname(source.path);
        if (source.mtime > this.ports.now() - activeMs)
          active.set(folder, Math.max(active.get(folder) ?? 0, source.mtime));
      }
      // An empty folder may be one that is not mounted, so files count as gone only where others were found.
      if (found > 0) readRoots.push(configDir);
    }
    const gone = [...known]
      .filter(
        ([path, { isGone }]) =>
          !isGone && !seen.has(path) && readRoots.some((root) => path.startsWith(join(root, 'projects') + sep)),
      )
      .map(([path]) => path);
    await this.#watchFolders(active);
    const folders = await examineConfigDirs(this.ports.configDirs());
    return { changed, gone, total: seen.size, links: places.links, folders };
  }

  /** Checks the files that grew lately, and whether new ones appeared beside them. */
  async glance(): Promise<{ changed: SourceFile[]; hasNewFile: boolean }> {
    const changed: SourceFile[] = [];
    let hasNewFile = false;
    // Config folders may have been removed from the settings since.
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
    // Files seen before keep their old size here, so that the next glance sees their growth.
    if (!this.#recent.has(source.path)) this.#recent.set(source.path, source);
    if (this.#recent.size <= maxRecent) return;
    const [oldest] = [...this.#recent].sort(([, a], [, b]) => a.mtime - b.mtime);
    if (oldest) this.#recent.delete(oldest[0]);
  }
}

/** Modification time of a folder; 0 when it does not exist, so that its creation is a change too. */
async function timeOf(folder: string): Promise<number> {
  return stat(folder).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

function isChanged(source: SourceFile, known: { size: number; mtime: number; isGone: boolean } | undefined): boolean {
  return !known || known.isGone || known.size !== source.size || known.mtime !== source.mtime;
}
