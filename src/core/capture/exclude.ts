/** Globs over folders that must not be read. */
import picomatch from 'picomatch';
import { trimEndOf } from '../../protocol/text';

/**
 * Returns a test that is true when a glob matches the project's root or the working folder. A path without wildcards
 * matches the folder and all below it.
 */
export function excludes(globs: readonly string[]): (root: string, cwd: string) => boolean {
  const tests = globs
    .map((glob) => trimEndOf(glob.trim().replaceAll('\\', '/'), '/'))
    .filter((glob) => glob !== '')
    .flatMap((glob) => [picomatch(glob, { dot: true }), picomatch(`${glob}/**`, { dot: true })]);
  if (tests.length === 0) return () => false;
  return (root, cwd) =>
    [root, cwd].some((folder) => folder !== '' && tests.some((test) => test(folder.replaceAll('\\', '/'))));
}
