/** Opens the editor's settings at ours. */
import { commands, env } from 'vscode';

/**
 * Opens the settings found by `query`: the id of one, or `@ext:` and our id. In a remote window (WSL, SSH, container,
 * browser) they stand in the tab of the remote machine; the tab of the user, which opens otherwise, says "No Settings
 * Found" for those of the machine.
 */
export async function openSettings(query: string): Promise<void> {
  if (env.remoteName === undefined) await commands.executeCommand('workbench.action.openSettings', query);
  else await commands.executeCommand('workbench.action.openRemoteSettings', { query });
}
