/**
 * Where Claude Code keeps what it remembers itself. Looks only where the client looks: a few names in a few folders, with
 * limits, because a workspace can hold anything.
 */
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { NoteKind } from '../../protocol/note';
import { isInside, normalizeFolder } from '../../protocol/paths';
import { isNetworkPath, readPlainText } from '../transcript/plain-file';
import { importsOf } from './note-text';

/** A file that there is. */
export interface NoteFile {
  path: string;
  /** Where its text is read: the same, or what a link leads to. */
  real: string;
  kind: NoteKind;
  name: string;
  size: number;
  mtime: number;
}

/** A longer file is no note: the client itself warns from 40,000 letters on. */
export const maxNoteBytes = 512 << 10;
const maxFilesOfFolder = 300;
const maxFolders = 40;
const deepestRules = 4;
/** As the client: an import may import. */
const deepestImport = 4;
const maxImports = 30;

/** @param root a trusted folder: nothing outside of it is read, wherever links and imports lead */
export async function notesOfFolder(root: string): Promise<NoteFile[]> {
  if (!path.isAbsolute(root) || isNetworkPath(root)) return [];
  const realRoot = await realpath(root).catch(() => undefined);
  if (realRoot === undefined) return [];
  const mayRead = (real: string) => isBelow(realRoot, real);
  const named = (file: string) => path.relative(root, file).replaceAll('\\', '/');
  return withImports(
    await Promise.all([
      ...['CLAUDE.md', 'CLAUDE.local.md', path.join('.claude', 'CLAUDE.md')].map((name) =>
        describe(path.join(root, name), 'instructions', named, mayRead),
      ),
      ...(await markdownIn(path.join(root, '.claude', 'rules'), deepestRules)).map((file) =>
        describe(file, 'rule', named, mayRead),
      ),
    ]),
    named,
    mayRead,
  );
}

/** The person's own: `CLAUDE.md` and rules beside the settings, which people keep as links into a folder of theirs. */
export async function notesOfPerson(configDir: string, home: string): Promise<NoteFile[]> {
  const [dir, configs] = await Promise.all([realOf(home), realOf(configDir)]);
  const named = (file: string) => {
    const inside = isBelow(home, file) ? `~/${path.relative(home, file)}` : file;
    return inside.replaceAll('\\', '/');
  };
  const mayRead = (real: string) => isBelow(dir, real) || isBelow(configs, real);
  return withImports(
    await Promise.all([
      describe(path.join(configDir, 'CLAUDE.md'), 'instructions', named, () => true),
      ...(await markdownIn(path.join(configDir, 'rules'), deepestRules)).map((file) =>
        describe(file, 'rule', named, () => true),
      ),
    ]),
    named,
    mayRead,
    home,
  );
}

/** A folder of the client's automatic memory: its index, and one fact a file. */
export async function notesOfMemory(folder: string): Promise<NoteFile[]> {
  const found = await Promise.all(
    (await markdownIn(folder, 0)).map((file) =>
      describe(
        file,
        path.basename(file) === 'MEMORY.md' ? 'index' : 'fact',
        (each) => `memory/${path.basename(each)}`,
        () => true,
      ),
    ),
  );
  return found.filter((file) => file !== undefined);
}

type Name = (file: string) => string;

async function describe(
  file: string,
  kind: NoteKind,
  named: Name,
  mayRead: (real: string) => boolean,
): Promise<NoteFile | undefined> {
  try {
    const real = await realpath(file);
    const found = await stat(real);
    if (!found.isFile() || found.size === 0 || found.size > maxNoteBytes || !mayRead(real)) return undefined;
    return { path: file, real, kind, name: named(file), size: found.size, mtime: Math.floor(found.mtimeMs) };
  } catch {
    // Missing, or not for us: the next sweep looks again.
    return undefined;
  }
}

/** The files, and what their texts import: read each time, because an import may have come or gone. */
async function withImports(
  first: readonly (NoteFile | undefined)[],
  named: Name,
  mayRead: (real: string) => boolean,
  home?: string,
): Promise<NoteFile[]> {
  const all = first.filter((file) => file !== undefined);
  const seen = new Set(all.map(({ real }) => real));
  let round: readonly NoteFile[] = all.filter(({ kind }) => kind === 'instructions');
  for (let depth = 0; depth < deepestImport && round.length > 0; depth++) {
    /* oxlint-disable no-await-in-loop -- each round follows from the one before */
    const texts = await Promise.all(round.map(({ real }) => readPlainText(real, maxNoteBytes)));
    const wanted = round.flatMap((file, at) =>
      importsOf(texts[at] ?? '').flatMap((target) => {
        if (target.startsWith('~/')) return home === undefined ? [] : [path.join(home, target.slice(2))];
        return [path.resolve(path.dirname(file.path), target)];
      }),
    );
    const found = await Promise.all(
      [...new Set(wanted)]
        .filter((file) => !isNetworkPath(file))
        .slice(0, maxImports)
        .map((file) => describe(file, 'instructions', named, mayRead)),
    );
    const fresh = found.filter((file) => file !== undefined).filter(({ real }) => !seen.has(real));
    for (const file of fresh) seen.add(file.real);
    if (all.length + fresh.length > maxFilesOfFolder) break;
    all.push(...fresh);
    round = fresh;
    /* oxlint-enable no-await-in-loop */
  }
  return onePerFile(all);
}

/** `CLAUDE.md` is often a link to another of them. */
function onePerFile(files: readonly NoteFile[]): NoteFile[] {
  const seen = new Set<string>();
  return files.filter(({ real }) => !seen.has(real) && seen.add(real));
}

async function markdownIn(folder: string, deepest: number): Promise<string[]> {
  const files: string[] = [];
  let folders = [folder];
  for (let depth = 0; depth <= deepest && folders.length > 0; depth++) {
    const below: string[] = [];
    for (const each of folders.slice(0, maxFolders)) {
      // oxlint-disable-next-line no-await-in-loop -- a few folders, one after the other
      const entries = await readdir(each, { withFileTypes: true }).catch(() => []);
      for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
        if (entry.isDirectory()) below.push(path.join(each, entry.name));
        else if (entry.name.endsWith('.md') && files.length < maxFilesOfFolder) files.push(path.join(each, entry.name));
      }
    }
    folders = below;
  }
  return files;
}

const realOf = (folder: string): Promise<string> => realpath(folder).catch(() => folder);

const isBelow = (folder: string, file: string): boolean => isInside(normalizeFolder(folder), normalizeFolder(file));
