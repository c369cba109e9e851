// Coverage of the product by the unit layer, per folder. For information; it has no limits.
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { cacheDir, root } from './run.mjs';

/** File to which vitest.config.ts writes the sums per file. */
const summaryFile = join(cacheDir, 'coverage/coverage-summary.json');

export function printCoverage() {
  if (!existsSync(summaryFile)) {
    console.log('No coverage was written.');
    return;
  }
  const rows = sumByFolder(JSON.parse(readFileSync(summaryFile, 'utf8')));
  console.log('\nCoverage by the unit layer        lines         branches');
  for (const [folder, { lines, branches }] of rows)
    console.log(`${folder.padEnd(28)}${share(lines)}  ${share(branches)}`);
}

/** Folder → sums. Code that runs in other processes is not counted. */
function sumByFolder(summary) {
  const folders = new Map();
  for (const [file, { lines, branches }] of Object.entries(summary)) {
    const names = file === 'total' ? ['all'] : [folderOf(file)];
    for (const name of names) {
      const sum = folders.get(name) ?? { lines: { covered: 0, total: 0 }, branches: { covered: 0, total: 0 } };
      for (const [into, from] of [
        [sum.lines, lines],
        [sum.branches, branches],
      ]) {
        into.covered += from.covered;
        into.total += from.total;
      }
      folders.set(name, sum);
    }
  }
  return [...folders].toSorted(([a], [b]) => (a === 'all') - (b === 'all') || a.localeCompare(b));
}

/** `src/core/index` for everything below it, `src/cli` outside of the core. */
function folderOf(file) {
  const parts = relative(root, file).split(sep);
  const depth = parts[1] === 'core' ? 3 : 2;
  return parts.slice(0, Math.min(depth, parts.length - 1)).join('/');
}

function share({ covered, total }) {
  const percent = total === 0 ? '–' : ((100 * covered) / total).toFixed(1);
  return `${percent.padStart(5)} % of ${String(total).padStart(5)}`;
}
