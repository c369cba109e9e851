/**
 * `dist/uninstall.cjs`: run by the editor when the extension is gone. Takes out the hooks that this editor put in, the
 * plugin and the MCP server, because their programs go with the extension.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readPointers } from '../keeper/pointer';
import { mcpLauncherName } from '../protocol/data-folder';
import { findProgram, runProgram } from './install/claude-program';
import { uninstallHooks } from './install/install';
import { removeArguments } from './install/mcp-command';
import { readNote } from './install/note';
import { removePlugin, removePluginArguments } from './install/plugin';
import { hooksStatus } from './install/status';

declare const __dirname: string;

async function main(extensionsFolder: string): Promise<void> {
  for (const { dataDir } of await readPointers()) {
    const note = await readNote(dataDir);
    // Another editor, or a program, has put them in.
    const isOurs = note.extensionsFolder === extensionsFolder;
    for (const { settingsFile } of isOurs ? note.installations : []) {
      const { state } = await hooksStatus({ dataDir, settingsFile, platform: process.platform });
      // Those that are there start the launcher of another data folder.
      if (state !== 'older') await uninstallHooks({ dataDir, settingsFile }).catch(() => {});
    }
    if (isOurs && note.hasPlugin) {
      await tellClaude(removePluginArguments());
      await removePlugin(dataDir).catch(() => {});
    }
    if (await startsFrom(dataDir, extensionsFolder)) await tellClaude([removeArguments()]);
  }
}

/** True when Claude Code was told of a server whose program is in this editor's folder. */
async function startsFrom(dataDir: string, extensionsFolder: string): Promise<boolean> {
  const text = await readFile(path.join(dataDir, mcpLauncherName), 'utf8').catch(() => '');
  return text.includes(JSON.stringify(`${extensionsFolder}${path.sep}`).slice(1, -1));
}

/** Without its program nothing can be told; then Claude Code says once that a server of this name does not start. */
async function tellClaude(commands: readonly (readonly string[])[]): Promise<void> {
  const program = await findProgram('claude');
  for (const args of program === undefined ? [] : commands) await runProgram(program!, args);
}

main(path.resolve(__dirname, '..', '..')).catch(() => {});
