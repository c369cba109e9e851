// Writes dist/ThirdPartyNotices.txt: the licence of every package whose code is inside a bundle or copied beside it.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

/** Licences allowed in an MIT extension. Any other stops the build, so that a person can decide. */
export const shippable = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'CC-BY-4.0',
  'Unlicense',
  'BlueOak-1.0.0',
  '(MPL-2.0 OR Apache-2.0)',
  'Python-2.0',
]);

/** Copied to dist/ unchanged, so they are in no metafile. */
const copied = ['node_modules/sql.js', 'node_modules/@vscode/codicons', 'node_modules/onnxruntime-web'];

/** Folders of all packages whose files are in a bundle. */
export function packagesOf(metafiles) {
  const folders = new Set(copied);
  for (const { inputs } of metafiles) {
    for (const path of Object.keys(inputs)) {
      const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
      if (folder) folders.add(folder);
    }
  }
  return [...folders].toSorted();
}

/** Writes the notices and returns the number of packages. */
export function writeNotices() {
  const metaDir = join(root, 'dist/meta');
  const metafiles = readdirSync(metaDir).map((name) => JSON.parse(readFileSync(join(metaDir, name), 'utf8')));
  const entries = packagesOf(metafiles).map(describe);
  const head = 'Claude-Mem contains software of others. Their licences follow.\n';
  writeFileSync(join(root, 'dist/ThirdPartyNotices.txt'), [head, ...entries].join(`\n${'-'.repeat(80)}\n\n`));
  return entries.length;
}

function describe(folder) {
  const path = join(root, folder);
  const { name, version, license, author, homepage } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  if (!shippable.has(license))
    throw new Error(
      `${name} ${version} has the licence ${license}; add it to scripts/notices.mjs if it may be shipped.`,
    );
  const holder = typeof author === 'string' ? author : author?.name;
  const texts = readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|copying|notice)/i.test(entry.name))
    .map((entry) => readFileSync(join(path, entry.name), 'utf8').trim());
  return [
    `${name} ${version} (${license})`,
    homepage,
    texts.length > 0 ? texts.join('\n\n') : `Copyright ${holder ?? 'the authors'}. Licensed under ${license}.`,
    '',
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}
