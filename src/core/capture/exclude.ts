/**
 * Patterns for folders that must not be read. People write them in many ways, and one that matches nothing is a privacy
 * that is believed and not there. So a pattern is read generously: when in doubt, it excludes.
 */
import picomatch from 'picomatch';
import { trimEndOf } from '../../protocol/text';

/** What a pattern means depends on the machine. */
export interface PatternSurroundings {
  home: string;
  /** Upper and lower case are the same in file names. */
  foldsCase: boolean;
}

export interface ExcludePattern {
  /** What the pattern was read as: a whole path, or `**` and the part below it. */
  readAs: string;
  matches(folder: string): boolean;
}

/** Returns a test that is true when a pattern matches the project's root or the working folder. */
export function excludes(
  patterns: readonly string[],
  surroundings: PatternSurroundings,
): (root: string, cwd: string) => boolean {
  const all = patterns.flatMap((pattern) => readPattern(pattern, surroundings) ?? []);
  if (all.length === 0) return () => false;
  return (root, cwd) => [root, cwd].some((folder) => folder !== '' && all.some((pattern) => pattern.matches(folder)));
}

/**
 * A path is the folder and all below it; a name or a part of a path matches at any depth. Undefined when nothing is
 * left to match.
 */
export function readPattern(typed: string, surroundings: PatternSurroundings): ExcludePattern | undefined {
  const { home } = surroundings;
  const path = withoutEnd(asPath(expandHome(typed, home)));
  const below = path.replace(/^(?:\.\/)+/, '');
  if (below === '' || below === '.') return typed.trim().startsWith('/') ? everything() : undefined;
  const readAs = isAbsolute(below) || below.startsWith('**') ? below : `**/${below}`;
  const isFolded = surroundings.foldsCase || isWindowsPath(readAs);
  const wanted = fold(readAs, isFolded);
  const tests = [wanted, withLiteralSigns(wanted)].flatMap((glob) => [
    picomatch(glob, { dot: true, nonegate: true }),
    picomatch(`${glob}/**`, { dot: true, nonegate: true }),
  ]);
  return {
    readAs,
    matches(folder) {
      // A drive letter has no case on any system.
      const plain = withoutEnd(asPath(folder));
      const name = fold(plain, isFolded || isWindowsPath(plain));
      const asked = isFolded || !isWindowsPath(plain) ? wanted : fold(wanted, true);
      return isAtOrBelow(name, asked) || tests.some((test) => test(name));
    },
  };
}

const everything = (): ExcludePattern => ({ readAs: '/', matches: () => true });

/** `~`, and the other names of the home folder that people write. */
function expandHome(typed: string, home: string): string {
  const text = typed.trim().replace(/^(["'])(.*)\1$/, '$2');
  return text.replace(
    /^(?:~|\$HOME|\$\{(?:HOME|userHome|env:HOME|env:USERPROFILE)\}|%USERPROFILE%|\$env:USERPROFILE)(?=$|[\\/])/i,
    () => home,
  );
}

/** One form for the paths of all systems: slashes, no long-path prefix, composed letters. */
function asPath(text: string): string {
  const plain = /^file:\/\//i.test(text) ? fromFileUri(text) : text;
  const path = plain
    .normalize('NFC')
    .replaceAll('\\', '/')
    .replace(/^\/\/[?.]\/(?:UNC\/)?(?=.)/i, (prefix) => (/UNC/i.test(prefix) ? '//' : ''))
    .replace(/^\/(?=[A-Za-z]:(?:\/|$))/, '');
  // Two slashes at the start name a server.
  return (
    path.slice(0, 1) +
    path
      .slice(1)
      .replace(/\/+/g, '/')
      .replaceAll(/\/\.(?=\/|$)/g, '')
  );
}

function fromFileUri(uri: string): string {
  try {
    return decodeURIComponent(uri.replace(/^file:\/\//i, ''));
  } catch {
    return uri;
  }
}

/** Without slashes at the end, and without `/**`, which is always added. */
function withoutEnd(path: string): string {
  let end = trimEndOf(path, '/');
  while (end.endsWith('/**')) end = trimEndOf(end.slice(0, -3), '/');
  return end;
}

const isWindowsPath = (path: string): boolean => /^(?:[A-Za-z]:(?:\/|$)|\/\/[^/])/.test(path);
const isAbsolute = (path: string): boolean => path.startsWith('/') || isWindowsPath(path);
const fold = (path: string, isFolded: boolean): string => (isFolded ? path.toLowerCase() : path);

/** Only `*` and `?` are wildcards; brackets, braces and the like stand for themselves, as in `[client] site`. */
const withLiteralSigns = (glob: string): string => glob.replaceAll(/[[\](){}!+@|$^.]/g, '\\$&');

/** For names with signs that globs know. */
function isAtOrBelow(folder: string, wanted: string): boolean {
  if (!wanted.startsWith('**/')) return `${folder}/`.startsWith(`${wanted}/`);
  return `/${folder}/`.includes(`/${wanted.slice(3)}/`);
}
