/**
 * Paths as transcripts name them. They may come from another system than the one that reads them, so the form of a path
 * says how it is read: a drive letter, a share or a backslash make a Windows path, everything else is read as POSIX.
 */

const drive = /^[a-zA-Z]:(?:[/\\]|$)/;

const isWindowsPath = (path: string): boolean =>
  drive.test(path) || path.startsWith('\\\\') || (!path.startsWith('/') && path.includes('\\'));

const isAbsolutePath = (path: string): boolean => path.startsWith('/') || path.startsWith('\\\\') || drive.test(path);

/** The names in a path, a drive included; what stands empty between two separators is left out. */
export const pathParts = (path: string): string[] =>
  path.split(isWindowsPath(path) ? /[/\\]/ : '/').filter((part) => part !== '');

/** The last name in a path; the path itself where there is none. */
export function fileName(path: string): string {
  const end = Math.max(path.lastIndexOf('/'), isWindowsPath(path) ? path.lastIndexOf('\\') : -1);
  // Completions ask this of every file there is: no list is made where the path ends in a name.
  return end < path.length - 1 ? path.slice(end + 1) : (pathParts(path).at(-1) ?? path);
}

/** One spelling for one folder: drive letters upper case, forward slashes behind a drive, no separator at the end. */
export function normalizeFolder(path: string): string {
  let folder = path;
  const letter = /^([a-zA-Z]):[/\\]?/.exec(folder);
  if (letter)
    folder = `${(letter[1] as string).toUpperCase()}:/${folder.slice(letter[0].length).replaceAll('\\', '/')}`;
  return folder.length > 1 && !/^[A-Z]:\/$/.test(folder) ? trimEndOf(folder, '/\\') : folder;
}

/**
 * The path from `folder` to what lies in it, with forward slashes; undefined for the folder itself and what is outside.
 * The root of a disk is no folder to be inside of: everything would be.
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

/** As a person names a file who works in `folder`; unchanged where it lies elsewhere. */
export const pathFrom = (folder: string, path: string): string => pathInside(folder, path) ?? path;

function resolved(parts: readonly string[]): string[] {
  const kept: string[] = [];
  for (const part of parts) {
    if (part === '..') kept.pop();
    else if (part !== '.') kept.push(part);
  }
  return kept;
}

/** `<repo>/.worktrees/<name>` and `<repo>/.claude/worktrees/<name>`: known by the place, for they are gone soon. */
const place = String.raw`(?:\.claude[/\\]worktrees|\.worktrees)`;
const worktree = new RegExp(String.raw`^(.+?)[/\\]${place}(?:[/\\]|$)`);
const worktreeStep = new RegExp(String.raw`(^|[/\\])${place}[/\\][^/\\]+[/\\]`);

/** The repository of a worktree; undefined for what is in none. */
export const repositoryOfWorktree = (path: string): string | undefined => worktree.exec(path)?.[1];

/** A worktree's file as the repository itself has it. */
export const withoutWorktree = (path: string): string => path.replace(worktreeStep, '$1');
