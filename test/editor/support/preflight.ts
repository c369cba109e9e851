import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { hostEntry } from '../../../scripts/vscode-host/server.mjs';
import { installOnce, prepareBuiltins } from './installed';
import { artefactDir, browserCacheDir, chromiumPath, vsixFile } from './places';

declare module 'vitest' {
  interface ProvidedContext {
    editorPort: number;
  }
}

/** Reports missing programs once, before a hundred tests fail because of them. */
export async function setup(project: TestProject): Promise<void> {
  const missing = [
    [vsixFile, 'the packed extension: run `npm run build && npm run package`'],
    [hostEntry, 'the VS Code for the browser: run `npm test -- editor` once'],
    [chromiumPath, 'Chromium: install it or set CHROMIUM to its path'],
  ].filter(([path]) => !existsSync(path ?? ''));
  if (missing.length > 0) throw new Error(`The editor tests need ${missing.map(([, what]) => what).join('; ')}`);
  for (const dir of [artefactDir, browserCacheDir]) rmSync(dir, { recursive: true, force: true });
  mkdirSync(artefactDir, { recursive: true });
  prepareBuiltins();
  await installOnce();
  project.provide('editorPort', await findFreePort());
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
