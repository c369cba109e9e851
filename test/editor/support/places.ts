import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromiumNames } from '../../../scripts/system-packages.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
export const vsixFile = join(root, 'dist/claude-mem.vsix');
/** Screenshots, and console and server logs of failed tests. Not in git. */
export const artefactDir = join(root, 'test/artefacts');
export const browserCacheDir = join(root, '.cache/editor-browser');
/** The extension as the editor installed it; copied into each profile. */
export const installedDir = join(root, '.cache/editor-installed');
/** Extensions of VS Code's own that most tests start with. */
export const builtinsDir = join(root, '.cache/editor-builtins');
export const extensionId = 'claude-mem-vscode.claude-mem';

export const chromiumPath = process.env.CHROMIUM ?? findOnPath(...chromiumNames);

function findOnPath(...names: string[]): string {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path)) ?? '';
}
