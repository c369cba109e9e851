/**
 * Paths in transcripts. They may come from another operating system, so their form decides how they are read: a drive
 * letter, a share or a backslash makes a Windows path, everything else is POSIX.
 */
import { trimEndOf } from './text';

const drive = /^[a-zA-Z]:(?:[/\\]|$)/;

const isWindowsPath = (path: string): boolean =>
  drive.test(path) || path.startsWith('\\\\') || (!path.startsWith('/') && path.includes('\\'));

const isAbsolutePath = (path: string): boolean => path.startsWith('/') || path.startsWith('\\\\') || drive.test(path);

/** The names in a path, including a drive, without empty ones between two separators. */
export const pathParts = (path: string): string[] =>
  path.split(isWindowsPath(path) ? /[/\\]/ : '/').filter((part) => part !== '');

/** The last name in a path; the path itself when it has none. */
export function fileName(path: string): string {
  const end = Math.max(path.lastIndexOf('/'), isWindowsPath(path) ? path.lastIndexOf('\\') : -1);
  // Called for every known file while completing a query, so no list is made in the usual case.
  return end < path.length - 1 ? path.slice(end + 1) : (pathParts(path).at(-1) ?? path);
}

/** One spelling per folder: drive letters in upper case, forward slashes after a drive, no separator at the end. */
export function normalizeFolder(path: string): string {
  let folder = path;
  const letter = /^([a-zA-Z]):[/\\]?/.exec(folder);
  if (letter)
    folder = `${(letter[1] as string).toUpperCase()}:/${folder.slice(letter[0].length).replaceAll('\\', '/')}`;
  return folder.length > 1 && !/^[A-Z]:\/$/.test(folder) ? trimEndOf(folder, '/\\') : folder;
}

/**
 * The path relative to `folder` with forward slashes; undefined for the folder itself and for paths outside. The root
 * of a disk is not accepted, because every path is below it.
 */
export function pathInside(folder: string, path: string): string | undefined {
  if (!isAbsolutePath(folder) || !isAbsolutePath(path) || isWindowsPath(folder) !== isWindowsPath(path))
    return undefined;
  const isWindows = isWindowsPath(folder);
  const above = resolved(pathParts(folder));
  const parts = resolved(pathParts(path));
  if (above.length <= (drive.test(folder) ? 1 : 0) || parts.length <= above.length) return undefined;
  const fold = (part: string | undefined) => (isWindows ? part?.toLowerCase() : part);
  return above.every((part, at) => fold(part) === fold(parts[at])) ? parts.slice(above.length).join('/') : undefined;
}

export const isInside = (folder: string, path: string): boolean => pathInside(folder, path) !== undefined;

/** The path relative to `folder`; unchanged when it is outside. */
export const pathFrom = (folder: string, path: string): string => pathInside(folder, path) ?? path;

/** True when these are the last names of a path, wherever its worktree is, in whichever separators both are written. */
export function endsWithPath(path: string, end: string): boolean {
  const names = (each: string) =>
    withoutWorktree(each.normalize('NFC'))
      .split(/[/\\]/)
      .filter((name) => name !== '' && name !== '.');
  const wanted = names(end);
  const last = names(path).slice(-wanted.length);
  return wanted.length > 0 && wanted.every((name, at) => name === last[at]);
}

function resolved(parts: readonly string[]): string[] {
  const kept: string[] = [];
  for (const part of parts) {
    if (part === '..') kept.pop();
    else if (part !== '.') kept.push(part);
  }
  return kept;
}

/**
 * `<repo>/.worktrees/<name>` and `<repo>/.claude/worktrees/<name>`, recognised by their paths, because worktrees are
 * often deleted.
 */
const place = String.raw`(?:\.claude[/\\]worktrees|\.worktrees)`;
const worktree = new RegExp(String.raw`^(.+?)[/\\]${place}(?:[/\\]|$)`);
const worktreeStep = new RegExp(String.raw`(^|[/\\])${place}[/\\][^/\\]+[/\\]`);

/** The repository of a worktree; undefined for a path outside of worktrees. */
export const repositoryOfWorktree = (path: string): string | undefined => worktree.exec(path)?.[1];

/** The path of a worktree's file in the main worktree. */
export const withoutWorktree = (path: string): string => path.replace(worktreeStep, '$1');
