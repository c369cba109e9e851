/** Bundles our code with a planted fault, to show that a test harness sees damage, and to get an older version. */
import { copyFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { build as bundle } from 'esbuild';

/**
 * A text of a source file and its replacement. A text that does not occur is an error, because the control would test
 * nothing.
 */
export interface Patch {
  file: string;
  from: string;
  to: string;
}

/** Bundles `entry` into `outfile` for Node with all patches applied. */
export async function bundlePatched(entry: string, outfile: string, patches: readonly Patch[] = []): Promise<void> {
  const files = [...new Set(patches.map(({ file }) => path.resolve(file)))];
  await bundle({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    outfile,
    logLevel: 'error',
    alias: { '@secretlint/profiler': path.resolve('src/core/observe/secretlint-profiler.ts') },
    plugins: [
      {
        name: 'patch',
        setup: (build) =>
          build.onLoad({ filter: /\.ts$/ }, async ({ path: file }) =>
            files.includes(file) ? { contents: await patchedText(file, patches), loader: 'ts' } : undefined,
          ),
      },
    ],
  });
}

/** Bundles the patched keeper next to the files it loads. */
export async function bundleKeeper(folder: string, name: string, patches: readonly Patch[]): Promise<string> {
  const file = path.join(folder, `${name}.cjs`);
  await bundlePatched('src/keeper/keeper.worker.ts', file, patches);
  await bundlePatched('src/keeper/anthropic.ts', path.join(folder, 'distil.cjs'));
  await copyFile('node_modules/sql.js/dist/sql-wasm.wasm', path.join(folder, 'sql-wasm.wasm'));
  return file;
}

async function patchedText(file: string, patches: readonly Patch[]): Promise<string> {
  let text = await readFile(file, 'utf8');
  for (const { from, to } of patches.filter((each) => path.resolve(each.file) === file)) {
    if (text.split(from).length !== 2)
      throw new Error(`The text to patch stands ${text.split(from).length - 1} times in ${file}: ${from}`);
    text = text.replace(from, () => to);
  }
  return text;
}
