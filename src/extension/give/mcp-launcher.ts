/**
 * The file that Claude Code starts. The folder of the extension has another name after each update, so the file stands
 * in the data folder, which stays, and leads to the server of the version that is installed.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findProgram } from '../../hook/install/claude-program';
import { mcpLauncherName } from '../../protocol/data-folder';
import { serverName } from '../../protocol/own-server';
import type { ServerProgram } from '../../protocol/own-server';

export interface LauncherPlace {
  dataDir: string;
  /** Folder of the installed extension. */
  extensionDir: string;
}

const launcherFile = (dataDir: string): string => path.join(dataDir, mcpLauncherName);

export const serverFile = (extensionDir: string): string => path.join(extensionDir, 'dist', 'mcp.cjs');

const launcherText = ({ dataDir, extensionDir }: LauncherPlace): string => `
// Written by Claude-Mem, and again after each update. Claude Code starts it: see "claude mcp get ${serverName}".
process.env.CLAUDE_MEM_DATA_DIR ||= ${JSON.stringify(dataDir)};
require(${JSON.stringify(serverFile(extensionDir))})
  .serve(process.argv.slice(2))
  .catch((error) => {
    console.error(error.message);
    process.exitCode = 2;
  });
`;

/** Returns its path. */
export async function writeLauncher(place: LauncherPlace): Promise<string> {
  const file = launcherFile(place.dataDir);
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, launcherText(place), { mode: 0o600 });
  await rename(draft, file);
  return file;
}

/** True where Claude Code was told of it before. */
export const isLauncherWritten = (dataDir: string): Promise<boolean> =>
  readFile(launcherFile(dataDir), 'utf8').then(
    () => true,
    () => false,
  );

/** After an update: only where Claude Code was told of it before. */
export async function renewLauncher(place: LauncherPlace): Promise<void> {
  const text = await readFile(launcherFile(place.dataDir), 'utf8').catch(() => undefined);
  if (text !== undefined && text !== launcherText(place)) await writeLauncher(place);
}

/**
 * What runs it. The desktop editor is Node too, at a place that stays; the Node of a remote editor is in a folder that
 * goes with its version, so one on the PATH is taken instead.
 */
export async function launcherProgram(
  launcher: string,
  args: readonly string[],
  isDesktop = process.versions['electron'] !== undefined,
): Promise<ServerProgram> {
  if (isDesktop) return { command: process.execPath, args: [launcher, ...args], env: { ELECTRON_RUN_AS_NODE: '1' } };
  return { command: (await findProgram('node')) ?? process.execPath, args: [launcher, ...args], env: {} };
}
