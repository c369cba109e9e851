import path from 'node:path';
import { installHooks, settingsFileOf, uninstallHooks } from '../../hook/install/install';
import type { HooksPlace } from '../../hook/install/install';
import { hookGroups } from '../../hook/install/launcher';
import { hooksStatus } from '../../hook/install/status';
import { findDataDir } from '../../keeper/pointer';
import { MemoryError } from '../../protocol/errors';
import { findConfigDir } from '../memory';
import { readOptionsAndWords } from '../options';
import { print, printJson } from '../output';

declare const __dirname: string;

/** Puts the hooks that give memory into the settings of Claude Code, takes them out, or says how they stand. */
export async function hooksCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = readOptionsAndWords(args, { 'config-dir': { type: 'string' } });
  const [action = 'status', ...rest] = positionals;
  if (rest.length > 0 || !['install', 'remove', 'status'].includes(action))
    throw new MemoryError('invalid_input', 'Say `hooks install`, `hooks remove` or `hooks status`.');
  const place = hooksPlace(await findDataDir(values['data-dir']), values['config-dir']);
  const { hasChanged } = await act(action, place);
  const status = await hooksStatus(place);
  if (values.json) return printJson({ ...status, hasChanged });
  print(`${status.state.replace('_', ' ')}${hasChanged ? '' : ', nothing was changed'}: ${status.settingsFile}\n`);
  if (action === 'install')
    for (const { hooks } of Object.values(hookGroups(place)))
      print(hooks.map(({ command }) => `  ${command}\n`).join(''));
}

export function hooksPlace(dataDir: string, configDir: string | undefined): HooksPlace {
  return {
    dataDir,
    programFile: path.join(__dirname, 'hook.cjs'),
    runtime: process.execPath,
    platform: process.platform,
    settingsFile: settingsFileOf(findConfigDir(configDir)),
  };
}

async function act(action: string, place: HooksPlace): Promise<{ hasChanged: boolean }> {
  if (action === 'install') return installHooks(place, Date.now());
  return action === 'remove' ? uninstallHooks(place) : { hasChanged: false };
}
