// Packs dist/ into dist/claude-mem.vsix and checks its content. `npm run package`
import { execFile } from 'node:child_process';
import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writeNotices } from './notices.mjs';
import { root, runTool } from './run.mjs';
import { writeSbom } from './sbom.mjs';

export const vsixFile = join(root, 'dist/claude-mem.vsix');
const maxBytes = 8 * 1024 * 1024;
const vsce = '@vscode/vsce/vsce';

/** Files allowed in the package; anything else may be a source, a test or a transcript. */
const mayContain = [
  /^dist\/[\w.-]+\.(cjs|js|wasm)$/,
  /^dist\/webview\/[\w.-]+\.(js|css|ttf)$/,
  /^dist\/ThirdPartyNotices\.txt$/,
  /^docs\/images\/[\w-]+\.png$/,
  /^media\/[\w./-]+\.(png|svg|md)$/,
  /^l10n\/bundle\.l10n(\.[\w-]+)?\.json$/,
  /^l10n\/webview-words\.json$/,
  /^package(\.nls(\.[\w-]+)?)?\.json$/,
  /^(README(\.[\w-]+)?|CHANGELOG|LICENSE)(\.md|\.txt)?$/i,
];
const mustContain = [
  'package.json',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
  'dist/extension.cjs',
  'dist/keeper.cjs',
  'dist/care.cjs',
  'dist/redact.cjs',
  'dist/sql-wasm.wasm',
  'dist/embed.cjs',
  'dist/distil.cjs',
  'dist/ort-wasm-simd-threaded.wasm',
  'dist/cli.js',
  'dist/hook.cjs',
  'dist/uninstall.cjs',
  'dist/mcp.cjs',
  'dist/webview/main.js',
  'dist/webview/reader.js',
  'dist/webview/doctor.js',
  'dist/webview/codicon.css',
  'dist/webview/codicon.ttf',
  'dist/ThirdPartyNotices.txt',
];

/** Complaints about a list of packed files; empty when it is right. */
export function judgeContents(files) {
  const same = (wanted) => (file) => file.toLowerCase() === wanted.toLowerCase();
  return [
    ...files
      .filter((file) => !mayContain.some((pattern) => pattern.test(file)))
      .map((file) => `must not be packed: ${file}`),
    ...mustContain.filter((wanted) => !files.some(same(wanted))).map((file) => `missing from the package: ${file}`),
  ];
}

/** Packs, and lists the parts of others beside it; returns the complaints of each check by name. */
export async function packVsix({ isQuiet = false } = {}) {
  if (!existsSync(join(root, 'dist/extension.cjs')))
    return [['packed', ['dist/ is not built: run `npm run build` first']]];
  rmSync(vsixFile, { force: true });
  const packages = writeNotices();
  // Pictures are packed and their links stay relative, because the manifest names no repository.
  const code = await runTool(
    vsce,
    ['package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '-o', vsixFile],
    { isQuiet },
  );
  if (code !== 0) return [['packed', [`vsce ended with ${code}`]]];
  const bytes = statSync(vsixFile).size;
  const list = await promisify(execFile)(
    process.execPath,
    [join(root, 'node_modules', vsce), 'ls', '--no-dependencies'],
    { cwd: root },
  ).catch(() => undefined);
  const files = (list?.stdout ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const megabytes = (bytes / 1024 / 1024).toFixed(2);
  if (!isQuiet)
    console.log(`${files.length} files, ${megabytes} MB of 8; ThirdPartyNotices.txt names ${packages} packages.`);
  return [
    ['packed', []],
    ['size', bytes > maxBytes ? [`the package has ${megabytes} MB, more than 8`] : []],
    ['contents', list ? judgeContents(files) : ['vsce ls failed']],
    ['list of its parts', await writeSbom()],
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const complaints = (await packVsix()).flatMap(([, list]) => list);
  for (const complaint of complaints) console.error(complaint);
  process.exitCode = complaints.length > 0 ? 1 : 0;
}
