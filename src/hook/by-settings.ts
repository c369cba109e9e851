/** A plugin and the settings may both have our hooks. The client runs both at once, so one of them stays silent. */
import { homedir } from 'node:os';
import path from 'node:path';
import { readNote } from './install/note';

/** True for a hook of the plugin where the settings of the same client have the hooks too. */
export async function isGivenBySettings(
  dataDir: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  if (!env['CLAUDE_PLUGIN_ROOT']) return false;
  const settingsFile = path.join(env['CLAUDE_CONFIG_DIR'] || path.join(homedir(), '.claude'), 'settings.json');
  const { installations } = await readNote(dataDir);
  return installations.some((each) => each.settingsFile === settingsFile);
}
