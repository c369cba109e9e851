/** Globs over folders that memory must not read. */
import picomatch from 'picomatch';

/**
 * True for a project whose root or working folder one of the globs names. A plain path means the folder and all below.
 */
export function excludes(globs: readonly string[]): (root: string, cwd: string) => boolean {
  const tests = globs
    .map((glob) => glob.trim().replaceAll('\\', '/').replace(/\/+$/, ''))
    .filter((glob) => glob !== '')
    .flatMap((glob) => [picomatch(glob, { dot: true }), picomatch(`${glob}/**`, { dot: true })]);
  if (tests.length === 0) return () => false;
  return (root, cwd) =>
    [root, cwd].some((folder) => folder !== '' && tests.some((test) => test(folder.replaceAll('\\', '/'))));
}
