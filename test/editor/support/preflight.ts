import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { hostEntry } from '../../../scripts/vscode-host/server.mjs';
import { artefactDir, chromiumPath, vsixFile } from './places';

/** Reports missing programs once, before a hundred tests fail because of them. */
export function setup(): void {
  const missing = [
    [vsixFile, 'the packed extension: run `npm run build && npm run package`'],
    [hostEntry, 'the VS Code for the browser: run `npm test -- editor` once'],
    [chromiumPath, 'Chromium: install it or set CHROMIUM to its path'],
  ].filter(([path]) => !existsSync(path ?? ''));
  if (missing.length > 0) throw new Error(`The editor tests need ${missing.map(([, what]) => what).join('; ')}`);
  rmSync(artefactDir, { recursive: true, force: true });
  mkdirSync(artefactDir, { recursive: true });
}
