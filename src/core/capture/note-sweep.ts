/**
 * Keeps the notes as their files are. Read are: folders of trusted windows, the config folders, and the memory folders of
 * projects that are known here. Files of a folder that no trusted window has open now are only looked at: one that has
 * changed or gone takes its note with it, because what it said may no longer hold.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { isInside, normalizeFolder } from '../../protocol/paths';
import type { Clock } from '../lib/clock';
import { isJson } from '../lib/json';
import type { NameKey } from '../lib/keyed-name';
import { within } from '../lib/within';
import { literal, sliceRedacted } from '../observe/redact';
import type { Redactor } from '../observe/redact';
import { maxText } from '../observe/seal';
import type { SqlDriver } from '../store/sqlite/driver';
import { isProjectBuried } from '../store/tables/buried-roots';
import { erasedTest } from '../store/tables/erasures';
import { dropNotes, everythingForgottenAt, knownNotes, noteMark, notedProjects, putNote } from '../store/tables/notes';
import type { KnownNote, NotedProject } from '../store/tables/notes';
import { maxLookMs } from '../transcript/look';
import { readPlainText } from '../transcript/plain-file';
import type { ProjectFinder } from '../transcript/project';
import { maxNoteBytes, notesOfFolder, notesOfMemory, notesOfPerson } from './note-files';
import type { NoteFile } from './note-files';
import { readNoteText } from './note-text';

export interface NoteSweepPorts {
  driver: SqlDriver;
  clock: Clock;
  redactor: Redactor;
  names: NameKey;
  home: string;
  /** Called when notes came, changed or went. */
  onNotes: () => void;
}

export interface NoteFolders {
  configDirs: readonly string[];
  /** Trusted folders that are open and not excluded. */
  opened: readonly string[];
  isExcluded: (root: string, cwd: string) => boolean;
}

/** A file, and whose it is. */
interface Owned extends NoteFile {
  projectId: number | null;
  /** Automatic memory is turned on. */
  isOn: boolean;
}

/** They are few, but a sweep comes every few seconds. */
const againMs = 10_000;
const maxNotes = 3_000;
const maxSettingsBytes = 256 << 10;
const maxTitle = 200;

export class NoteSweep {
  #lookedAt = -Infinity;
  #known = '';

  constructor(
    private readonly ports: NoteSweepPorts,
    private readonly finder: ProjectFinder,
  ) {}

  /** @param isAsked a person asked for the import: files are looked at whenever that was last done */
  async look(folders: NoteFolders, isAsked: boolean, signal: AbortSignal): Promise<void> {
    const { driver, clock, onNotes } = this.ports;
    const known = JSON.stringify([folders.configDirs, folders.opened]);
    if (!isAsked && known === this.#known && clock.now() - this.#lookedAt < againMs) return;
    const { files, isWhole } = await this.#find(folders);
    signal.throwIfAborted();
    this.#lookedAt = clock.now();
    this.#known = known;
    const stored = new Map(knownNotes(driver).map((note) => [note.path, note]));
    const gone = await this.#gone([...stored.values()], files, folders, isWhole);
    signal.throwIfAborted();
    dropNotes(driver, gone);
    let count = gone.length;
    for (const file of files.values()) {
      if (isSame(stored.get(file.path), file)) continue;
      // oxlint-disable-next-line no-await-in-loop -- one after the other: only what was read last is in memory
      if (await this.#read(file)) count += 1;
      signal.throwIfAborted();
    }
    if (count > 0) onNotes();
  }

  /** Files that may be read now, by path. A disk that does not answer in time leaves the list incomplete. */
  async #find({
    configDirs,
    opened,
    isExcluded,
  }: NoteFolders): Promise<{ files: Map<string, Owned>; isWhole: boolean }> {
    const { driver, home } = this.ports;
    const projects = notedProjects(driver).filter(({ root }) => !isExcluded(root, root));
    const since = everythingForgottenAt(driver);
    const files = new Map<string, Owned>();
    let isWhole = true;
    const add = (found: readonly NoteFile[] | undefined, project: NotedProject | null, isOn = true) => {
      if (found === undefined) isWhole = false;
      for (const file of found ?? []) {
        const isForgotten =
          file.mtime <= since || (project !== null && isProjectBuried(driver, project.root, file.mtime));
        const folder = path.dirname(file.path);
        if (files.size >= maxNotes || isForgotten || isExcluded(folder, folder)) continue;
        if (!files.has(file.path)) files.set(file.path, { ...file, projectId: project?.id ?? null, isOn });
      }
    };
    for (const dir of configDirs) {
      /* oxlint-disable no-await-in-loop -- a few folders, one after the other */
      const { isOn, folder } = await readMemorySettings(dir, home);
      add(await within(maxLookMs, notesOfPerson(dir, home)), null);
      if (folder !== undefined) add(await within(maxLookMs, notesOfMemory(folder)), null, isOn);
      for (const [memory, project] of memoryFolders(dir, projects))
        add(await within(maxLookMs, notesOfMemory(memory)), project, isOn);
      /* oxlint-enable no-await-in-loop */
    }
    const byRoot = new Map(projects.map((project) => [project.root, project]));
    for (const root of opened) {
      // oxlint-disable-next-line no-await-in-loop -- as above
      const project = byRoot.get((await this.finder.find(root)).root);
      // oxlint-disable-next-line no-await-in-loop -- as above
      if (project) add(await within(maxLookMs, notesOfFolder(root)), project);
    }
    return { files, isWhole };
  }

  async #gone(
    stored: readonly KnownNote[],
    files: ReadonlyMap<string, Owned>,
    { isExcluded, opened }: NoteFolders,
    isWhole: boolean,
  ): Promise<number[]> {
    const isThere = await Promise.all(
      stored.map(async (note) => {
        if (files.has(note.path)) return true;
        const folder = path.dirname(note.path);
        if (isExcluded(folder, folder)) return false;
        // Of an open folder every file was found, so this one is none any more, or nothing names it.
        const isOpen = opened.some((root) => isInside(normalizeFolder(root), note.path));
        if (isOpen && isWhole) return false;
        const found = await within(
          maxLookMs,
          stat(note.path).catch(() => null),
        );
        if (found === undefined) return true;
        return found !== null && found.size === note.size && Math.floor(found.mtimeMs) === note.mtime;
      }),
    );
    const projects = notedProjects(this.ports.driver).filter(({ root }) => !isExcluded(root, root));
    const known = new Set(projects.map(({ id }) => id));
    return stored
      .filter(({ projectId }, at) => isThere[at] === false || (projectId !== null && !known.has(projectId)))
      .map(({ no }) => no);
  }

  /** False when the file has nothing to keep. */
  async #read(file: Owned): Promise<boolean> {
    const { driver, redactor, names } = this.ports;
    const text = await within(maxLookMs, readPlainText(file.real, maxNoteBytes));
    if (text === undefined || text.includes('\0')) return false;
    const { name, description, hasPaths, heading } = readNoteText(text);
    const title = file.kind === 'fact' ? description || name || heading || file.name : file.name;
    const { texts } = await redactor.redact([file.path, file.name, title, text]);
    const [sealedPath, sealedName, sealedTitle, body] = texts;
    // A file whose name holds a secret could not be opened again.
    if (sealedPath !== file.path || !sealedName || !body) return false;
    const kept = sliceRedacted(body, 0, maxText);
    if (erasedTest(driver)?.(noteMark(names, file.path, kept)) === true) return false;
    putNote(driver, {
      path: sealedPath,
      projectId: file.projectId,
      kind: file.kind,
      name: sealedName,
      title: sealedTitle ? sliceRedacted(sealedTitle, 0, maxTitle) : literal('note'),
      body: kept,
      isSent: file.kind === 'fact' ? false : file.kind === 'index' ? file.isOn : !(file.kind === 'rule' && hasPaths),
      size: file.size,
      mtime: file.mtime,
    });
    return true;
  }
}

const isSame = (known: KnownNote | undefined, file: Owned): boolean =>
  known?.size === file.size &&
  known.mtime === file.mtime &&
  known.projectId === file.projectId &&
  // Whether an index is sent depends on a setting.
  !(file.kind === 'index' && known.isSent !== file.isOn);

/**
 * The memory folders of projects: beside the transcripts of their sessions, and by the name that the client makes of a
 * root, because sessions of worktrees share that of their repository.
 */
function memoryFolders(configDir: string, projects: readonly NotedProject[]): Map<string, NotedProject> {
  const all = path.join(configDir, 'projects');
  const found = new Map<string, NotedProject>();
  for (const project of projects) {
    const beside = project.folders
      .map((folder) => path.resolve(folder))
      .filter((folder) => path.dirname(folder) === all);
    for (const folder of [...beside, path.join(all, project.root.replace(/[^A-Za-z0-9]/g, '-'))])
      found.set(path.join(folder, 'memory'), project);
  }
  return found;
}

/** `autoMemoryEnabled` and `autoMemoryDirectory` of the person's settings. */
async function readMemorySettings(configDir: string, home: string): Promise<{ isOn: boolean; folder?: string }> {
  const text = await readPlainText(path.join(configDir, 'settings.json'), maxSettingsBytes);
  const settings: unknown = isJson(text) ? JSON.parse(text) : {};
  const { autoMemoryEnabled: enabled, autoMemoryDirectory: folder } =
    typeof settings === 'object' && settings !== null ? (settings as Record<string, unknown>) : {};
  const at = typeof folder === 'string' ? folder.replace(/^~(?=[/\\])/, () => home) : '';
  return { isOn: enabled !== false, ...(path.isAbsolute(at) && { folder: path.normalize(at) }) };
}
