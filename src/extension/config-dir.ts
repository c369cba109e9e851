/** Warns when the configured folder of transcripts cannot be read. */
import { Uri, commands, l10n, window, workspace } from 'vscode';
import type { Disposable } from 'vscode';
import { settingIds } from './contributions';
import type { MemorySession } from './memory-session';

/** Warns once for each wrong value. The default folder may be missing, because Claude Code may never have run. */
export function watchConfigDir(memory: MemorySession): Disposable {
  let told = '';
  const check = async () => {
    const wish = workspace.getConfiguration().get<unknown>(settingIds.configDir);
    if (typeof wish !== 'string' || wish.trim() === '' || wish === told) return;
    const problem = await problemOf(wish, memory);
    if (problem === undefined) return;
    told = wish;
    const open = l10n.t('Open Settings');
    if ((await window.showWarningMessage(problem, open)) === open)
      await commands.executeCommand('workbench.action.openSettings', settingIds.configDir);
  };
  void check();
  return memory.onWindowChanged(() => void check());
}

async function problemOf(wish: string, memory: MemorySession): Promise<string | undefined> {
  if (memory.settings.configDir === '')
    return l10n.t(
      'The Claude config folder “{0}” is not used: write an absolute path, or one that starts with ~.',
      wish,
    );
  const [folder] = memory.configDirs;
  const isThere =
    folder !== undefined &&
    (await workspace.fs.stat(Uri.file(folder)).then(
      () => true,
      () => false,
    ));
  return isThere
    ? undefined
    : l10n.t('The Claude config folder “{0}” does not exist, so no sessions are found there.', wish);
}
