/**
 * Roots of forgotten projects are kept as keyed marks: a folder can be compared with a mark, but the name of what a
 * person wanted gone stands nowhere.
 */
import { isKeyedMark, isMarkOf, makeKeyedMark } from '../../lib/keyed-mark';
import type { SqlDriver } from '../sqlite/driver';
import { getConfiguration, saltKey } from './configuration';

/** The mark of a root; a mark stays as it is. */
export const markOf = (driver: SqlDriver, root: string): string =>
  isKeyedMark(root) ? root : makeKeyedMark(getConfiguration<string>(driver, saltKey) ?? '', root);

/** Replaces roots that an earlier version left in plain text. */
export function markPlainRoots(driver: SqlDriver): void {
  const plain = driver
    .all<{ target: string; at: number }>("SELECT target, at FROM tombstones WHERE kind = 'project'")
    .filter(({ target }) => !isKeyedMark(target));
  if (plain.length === 0) return;
  driver.transaction(() => {
    for (const { target, at } of plain) {
      driver.run("DELETE FROM tombstones WHERE kind = 'project' AND target = ?", [target]);
      driver.run("INSERT OR REPLACE INTO tombstones (kind, target, at) VALUES ('project', ?, ?)", [
        markOf(driver, target),
        at,
      ]);
    }
  });
}

/** True when the project was forgotten at `since` or later. */
export function isProjectBuried(driver: SqlDriver, root: string, since: number): boolean {
  return driver
    .all<{ target: string }>("SELECT target FROM tombstones WHERE kind = 'project' AND at >= ?", [since])
    .some(({ target }) => isMarkOf(target, root));
}
