// Keeps node_modules equal to package-lock.json.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runNpm } from './run.mjs';
import { telling } from './telling.mjs';

/** True when node_modules has every package of the lock file in its version, according to npm's hidden lock file. */
export function areModulesFresh(folder = root) {
  const hidden = join(folder, 'node_modules/.package-lock.json');
  if (!existsSync(hidden)) return false;
  const wanted = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages;
  const found = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  // Optional packages are for other platforms.
  return Object.entries(wanted).every(
    ([path, { version, optional, link }]) => path === '' || optional || link || found[path]?.version === version,
  );
}

/** Installs missing or outdated packages; returns whether node_modules is usable now. */
export async function ensureModules() {
  if (areModulesFresh()) return true;
  return (await telling('Installing dependencies (npm ci)', () => runNpm(['ci']))) === 0;
}
