/**
 * Gives Claude Code the memory as one plugin: hooks, MCP server and skill come and go together, and can be turned off in
 * Claude Code. What was set up one by one before is taken out, because both would do the same twice.
 */
import path from 'node:path';
import { l10n, window } from 'vscode';
import { uninstallHooks } from '../../hook/install/install';
import { isNotThere, removeArguments } from '../../hook/install/mcp-command';
import {
  addPluginArguments,
  isPluginGone,
  isPluginThere,
  marketplaceFolder,
  removePlugin,
  removePluginArguments,
  writePlugin,
} from '../../hook/install/plugin';
import { hooksStatus } from '../../hook/install/status';
import { confirm } from '../care/confirm';
import type { Parts } from '../parts';
import { placesOf } from './hooks';
import { isLauncherWritten, launcherProgram, writeLauncher } from './mcp-launcher';
import { check, commandLines, programFor, run } from './run-claude';

export async function addPlugin(parts: Parts): Promise<void> {
  const { extension, memory } = parts;
  const hadServer = await isLauncherWritten(memory.dataDir);
  const commands = [...(hadServer ? [removeArguments()] : []), ...addPluginArguments(memory.dataDir)];
  const program = await programFor(...commands);
  if (program === undefined) return;
  const isSure = await confirm(
    l10n.t('Add the memory to Claude Code as a plugin?'),
    `${l10n.t(
      'The plugin stands in {0}. New sessions are told what was done last, prompts get what is known about them, and Claude can search. Hooks of ours in its settings are taken out. This is run:',
      marketplaceFolder(memory.dataDir),
    )}\n\n${commandLines(commands)}`,
    l10n.t('Run'),
  );
  if (!isSure) return;
  const folder = extension.extensionUri.fsPath;
  const launcher = await writeLauncher({ dataDir: memory.dataDir, extensionDir: extension.extensionPath });
  await writePlugin({
    dataDir: memory.dataDir,
    programFile: path.join(folder, 'dist', 'hook.cjs'),
    runtime: process.execPath,
    platform: process.platform,
    extensionsFolder: path.dirname(folder),
    version: String(extension.extension.packageJSON.version),
    server: await launcherProgram(launcher, []),
  });
  for (const args of commands) {
    // oxlint-disable-next-line no-await-in-loop -- each stands on the one before
    const end = await run(program, args);
    if (!isPluginThere(end.text) && !isNotThere(end.text)) check(end);
  }
  for (const place of placesOf(parts)) {
    // oxlint-disable-next-line no-await-in-loop -- they share a launcher
    if ((await hooksStatus(place)).events.length > 0) await uninstallHooks(place);
  }
  await window.showInformationMessage(
    l10n.t('Claude Code has the memory as a plugin, from its next session on. “/plugin” in Claude Code shows it.'),
  );
}

export async function removeFromPlugins({ memory }: Parts): Promise<void> {
  const commands = removePluginArguments();
  const program = await programFor(...commands);
  if (program === undefined) return;
  const isSure = await confirm(
    l10n.t('Remove the plugin from Claude Code?'),
    `${l10n.t('This is run:')}\n\n${commandLines(commands)}`,
    l10n.t('Run'),
  );
  if (!isSure) return;
  for (const args of commands) {
    // oxlint-disable-next-line no-await-in-loop -- in this order
    const end = await run(program, args);
    if (!isPluginGone(end.text)) check(end);
  }
  await removePlugin(memory.dataDir);
  await window.showInformationMessage(l10n.t('Claude Code has no plugin of this memory any more.'));
}
