/**
 * What Claude Code starts: a small script in the data folder, because the folder of the extension has another name after
 * each update. It runs the program beside it with what can run it, and whatever is missing, it says nothing and ends well:
 * an error of a hook is shown to the person at each prompt.
 */
import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hooksFolder as hooksName } from '../../protocol/data-folder';
import type { HookGroups } from '../settings/hook-entries';

export interface LauncherPlace {
  dataDir: string;
  /** The bundled program of this version. */
  programFile: string;
  /** What can run it: the editor itself, or Node. */
  runtime: string;
  platform: NodeJS.Platform;
}

const hooksFolder = (dataDir: string): string => path.join(dataDir, hooksName);
const programName = 'hook.cjs';
const scriptName = 'claude-mem-hook';

const launcherFile = ({ dataDir, platform }: Pick<LauncherPlace, 'dataDir' | 'platform'>): string =>
  path.join(hooksFolder(dataDir), platform === 'win32' ? `${scriptName}.cmd` : scriptName);

/** Seconds after which the client ends a hook that hangs. Ours end by themselves long before. */
const timeouts = { SessionStart: 10, UserPromptSubmit: 5 } as const;

/** Our entries for the settings: shell form, which every client knows, with whole paths. */
export function hookGroups(place: Pick<LauncherPlace, 'dataDir' | 'platform'>): HookGroups {
  const group = (word: string, timeout: number) => ({
    hooks: [{ type: 'command' as const, command: commandOf(place, word), timeout }],
  });
  return {
    SessionStart: group('session-start', timeouts.SessionStart),
    UserPromptSubmit: group('prompt', timeouts.UserPromptSubmit),
  };
}

function commandOf(place: Pick<LauncherPlace, 'dataDir' | 'platform'>, word: string): string {
  const file = launcherFile(place);
  // Run by Git Bash there, for which a backslash is no separator.
  if (place.platform === 'win32') return `"${file.replaceAll('\\', '/')}" ${word}`;
  const quoted = `"${file.replace(/["$`\\]/g, '\\$&')}"`;
  // Also quiet when the whole folder is gone, where files of the folder may not be run, and where no PATH leads to a shell.
  return `test ! -r ${quoted} || /bin/sh ${quoted} ${word}`;
}

/**
 * Writes launcher and program where they are not as they should be.
 * @returns true when something was written
 */
export async function placeLauncher(place: LauncherPlace): Promise<boolean> {
  const program = await readFile(place.programFile);
  await mkdir(hooksFolder(place.dataDir), { recursive: true, mode: 0o700 });
  const files: [name: string, content: Buffer, mode: number][] = [
    [path.join(hooksFolder(place.dataDir), programName), program, 0o600],
    [launcherFile(place), Buffer.from(launcherText(place)), 0o700],
  ];
  let hasWritten = false;
  for (const [file, content, mode] of files) hasWritten = (await writeChanged(file, content, mode)) || hasWritten;
  return hasWritten;
}

export async function removeLauncher({ dataDir }: Pick<LauncherPlace, 'dataDir'>): Promise<void> {
  for (const name of [programName, scriptName, `${scriptName}.cmd`])
    await rm(path.join(hooksFolder(dataDir), name), { force: true });
}

/** True when the files that our entries start are there. */
export async function hasLauncher(place: Pick<LauncherPlace, 'dataDir' | 'platform'>): Promise<boolean> {
  const files = [launcherFile(place), path.join(hooksFolder(place.dataDir), programName)];
  const found = await Promise.all(
    files.map((file) =>
      readFile(file).then(
        (content) => content.length > 0,
        () => false,
      ),
    ),
  );
  return found.every(Boolean);
}

/** The first settings before ours came, kept where Claude Code does not look. */
export const backupFile = (dataDir: string, settingsFile: string): string =>
  path.join(
    hooksFolder(dataDir),
    `settings-before-${createHash('sha256').update(settingsFile).digest('hex').slice(0, 12)}.json`,
  );

export const noteFile = (dataDir: string): string => path.join(hooksFolder(dataDir), 'installed.json');

/** In one step: a session that starts meanwhile gets the old file or the new one. */
export async function writeWhole(file: string, content: Buffer | string, mode: number): Promise<void> {
  const next = `${file}.${process.pid}.tmp`;
  await writeFile(next, content, { mode });
  await chmod(next, mode);
  await rename(next, file);
}

async function writeChanged(file: string, content: Buffer, mode: number): Promise<boolean> {
  const found = await readFile(file).catch(() => undefined);
  if (found?.equals(content)) return false;
  await writeWhole(file, content, mode);
  return true;
}

function launcherText({ runtime, platform }: LauncherPlace): string {
  return platform === 'win32' ? batchText(runtime) : shellText(runtime);
}

// Options of Node from the person's environment are for the person's programs, and could end ours.
const shellText = (runtime: string): string => `#!/bin/sh
# Gives the memory of Claude-Mem to Claude Code. Taken away by "Stop Giving Memory to Claude Code".
program="\${0%/*}/${programName}"
runtime='${runtime.replaceAll("'", String.raw`'\''`)}'
[ -r "$program" ] || exit 0
unset NODE_OPTIONS
if [ -x "$runtime" ]; then
  ELECTRON_RUN_AS_NODE=1 "$runtime" "$program" "$@" 2>/dev/null && exit 0
fi
if command -v node >/dev/null 2>&1; then
  node "$program" "$@" 2>/dev/null
fi
exit 0
`;

/** A batch file is read in the code page of the console, so letters beyond ASCII need another one. */
function batchText(runtime: string): string {
  const program = runtime.replaceAll('%', '%%');
  return [
    '@echo off',
    'rem Gives the memory of Claude-Mem to Claude Code. Taken away by "Stop Giving Memory to Claude Code".',
    'setlocal',
    ...(/[^\0-\u007F]/.test(runtime) ? ['chcp 65001 >nul 2>nul'] : []),
    `if not exist "%~dp0${programName}" exit /b 0`,
    'set NODE_OPTIONS=',
    'set ELECTRON_RUN_AS_NODE=1',
    `if not exist "${program}" goto node`,
    `"${program}" "%~dp0${programName}" %* 2>nul && exit /b 0`,
    ':node',
    'where node >nul 2>nul || exit /b 0',
    `node "%~dp0${programName}" %* 2>nul`,
    'exit /b 0',
    '',
  ].join('\r\n');
}
