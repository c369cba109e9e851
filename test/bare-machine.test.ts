/**
 * The README's two commands, and the measuring ones, install the packages themselves, so nothing they load at their
 * start may be a package.
 */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

async function findPackagesLoadedBy(script: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [script],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  const seen = new Set<string>();
  const packages: string[] = [];
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const each of metafile.inputs[path]?.imports ?? []) {
      if (each.kind !== 'import-statement') continue;
      if (!each.external) visit(each.path);
      else if (!each.path.startsWith('node:')) packages.push(`${path}: ${each.path}`);
    }
  };
  visit(script);
  expect(seen).toContain('scripts/modules.mjs');
  return packages;
}

it.each(['test', 'start', 'eval', 'bench', 'torture', 'corpus'])(
  '%s starts before any package is installed',
  async (name) => {
    expect(await findPackagesLoadedBy(`scripts/${name}.mjs`)).toEqual([]);
  },
);
