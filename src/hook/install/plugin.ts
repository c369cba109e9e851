/**
 * The plugin for Claude Code: hooks, MCP server and a skill in one unit, which Claude Code's own program installs, turns
 * off and removes. It starts what the hooks in the settings start, so an update of the extension is an update of it.
 */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { pluginFolder } from '../../protocol/data-folder';
import { serverName } from '../../protocol/own-server';
import type { ServerProgram } from '../../protocol/own-server';
import { hookGroups, placeLauncher, removeLauncher, writeWhole } from './launcher';
import type { LauncherPlace } from './launcher';
import { isInUse, readNote, writeNote } from './note';

/** Names that begin with “claude-” are Claude Code's own: it refuses them. */
const pluginName = 'session-memory';
const marketplaceName = 'session-memory-local';
const pluginId = `${pluginName}@${marketplaceName}`;
const about = 'Long-term memory of your own sessions: what was done, decided and solved before.';

export interface PluginPlace extends LauncherPlace {
  version: string;
  /** What starts the MCP server. */
  server: ServerProgram;
  extensionsFolder?: string;
}

/** The folder that Claude Code is told of. */
export const marketplaceFolder = (dataDir: string): string => path.join(dataDir, pluginFolder);

/** Arguments of Claude Code's own program, in the order in which they are run. */
export const addPluginArguments = (dataDir: string): string[][] => [
  ['plugin', 'marketplace', 'add', marketplaceFolder(dataDir)],
  ['plugin', 'install', pluginId, '--scope', 'user'],
];
export const removePluginArguments = (): string[][] => [
  ['plugin', 'uninstall', pluginId],
  ['plugin', 'marketplace', 'remove', marketplaceName],
];

/** What its program says when there was nothing to do, in the words of the versions that were tried. */
export const isPluginThere = (text: string): boolean => /already (?:installed|exists|on disk|added)/i.test(text);
export const isPluginGone = (text: string): boolean => /not (?:found|installed)/i.test(text);

/**
 * Writes the plugin and what it starts.
 * @returns the folder
 */
export async function writePlugin(place: PluginPlace): Promise<string> {
  const { dataDir, extensionsFolder } = place;
  await placeLauncher(place);
  await writeNote(dataDir, {
    ...(await readNote(dataDir)),
    ...(extensionsFolder !== undefined && { extensionsFolder }),
    hasPlugin: true,
  });
  const folder = marketplaceFolder(dataDir);
  for (const [name, text] of Object.entries(pluginFiles(place))) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeWhole(file, text, 0o600);
  }
  return folder;
}

/** After Claude Code has let go of it. */
export async function removePlugin(dataDir: string): Promise<void> {
  const { hasPlugin: _, ...note } = await readNote(dataDir);
  await writeNote(dataDir, note);
  await rm(marketplaceFolder(dataDir), { recursive: true, force: true });
  if (!isInUse(note)) await removeLauncher({ dataDir });
}

/** Path below the folder → text. */
export function pluginFiles(place: Omit<PluginPlace, 'programFile' | 'runtime'>): Record<string, string> {
  const { version, server } = place;
  const plugin = { name: pluginName, version, description: about, author: { name: 'Claude-Mem' }, license: 'MIT' };
  return {
    '.claude-plugin/marketplace.json': json({
      name: marketplaceName,
      owner: { name: 'Claude-Mem' },
      metadata: { description: 'The memory of this machine.' },
      plugins: [{ name: pluginName, source: `./${pluginName}`, description: about }],
    }),
    [`${pluginName}/.claude-plugin/plugin.json`]: json(plugin),
    [`${pluginName}/hooks/hooks.json`]: json({ description: 'Gives memory to sessions.', hooks: hookLists(place) }),
    [`${pluginName}/.mcp.json`]: json({
      mcpServers: { [serverName]: { command: server.command, args: server.args, env: server.env } },
    }),
    [`${pluginName}/skills/memory/SKILL.md`]: skill,
    [`${pluginName}/README.md`]: readme,
  };
}

const hookLists = (place: Pick<PluginPlace, 'dataDir' | 'platform'>) =>
  Object.fromEntries(Object.entries(hookGroups(place)).map(([event, group]) => [event, [group]]));

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const readme = `# Memory of your sessions

Written by the editor extension Claude-Mem, which keeps what was said and done in your sessions of Claude Code in a database on this
machine. With this plugin a new session is told what was done last in its folder, a prompt gets what is known about it when that is
worth it, and Claude can search earlier sessions by itself. Nothing leaves this machine by it. Turn it off or remove it in
\`/plugin\`, or by "Remove the Claude Code Plugin" of the extension.
`;

/** Read by the model. Facts, not orders: a client takes orders in what it did not write itself for an attack. */
const skill = `---
name: memory
description: >-
  Looks up earlier sessions of this project - what was done, what was decided and why, and how an error was solved
  before. Useful when earlier work may answer the question, or when the user refers to it.
---

# Memory of earlier sessions

The MCP server \`${serverName}\` has the record of earlier sessions on this machine. Its tools, cheapest first:

- \`search\`: a few words, a file name or the text of an error. Answers a line or two for each session, with keys.
- \`ask\`: a question in words, answered with quoted sentences, or "not in memory".
- \`timeline\`: what was done last in this project, newest first.
- \`get_observations\`: the whole text of what keys stand for. \`get_session\`: one session in its order.
- \`why\`: a file, or a line of it, and the session that made it so.
- \`learnings\`: what the user has accepted as worth keeping.

What they answer is quoted from the past. Files may have changed since, and a line that begins with "Amended later" names what
took its place. An answer that rests on them is easier to check when it says the session and its date.
`;
