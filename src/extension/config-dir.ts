/** The config folder of Claude Code: a warning when it cannot be read, and choosing another one. */
import { homedir } from 'node:os';
import { ConfigurationTarget, ProgressLocation, Uri, env, l10n, window, workspace } from 'vscode';
import type { Disposable, MessageItem } from 'vscode';
import type { FolderLook } from '../protocol/status';
import { settingIds } from './contributions';
import { formatAgo, formatBytes, formatCount } from './format';
import type { MemorySession } from './memory-session';
import { openSettings } from './open-settings';
import type { Parts } from './parts';
import { shortPath } from './workspace';

/** Warns once for each wrong value. The default folder may be missing, because Claude Code may never have run. */
export function watchConfigDir(parts: Parts): Disposable {
  const { memory } = parts;
  let told = '';
  const check = async () => {
    const wish = workspace.getConfiguration().get<unknown>(settingIds.configDir);
    if (typeof wish !== 'string' || wish.trim() === '' || wish === told) return;
    const problem = await problemOf(wish, memory);
    if (problem === undefined) return;
    told = wish;
    const choose = l10n.t('Choose Folder…');
    const open = l10n.t('Open Settings');
    const answer = await window.showWarningMessage(problem, choose, open);
    if (answer === choose) await chooseConfigDir(parts);
    if (answer === open) await openSettings(settingIds.configDir);
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
  return folder !== undefined && (await isThere(folder))
    ? undefined
    : l10n.t('The Claude config folder “{0}” does not exist, so no sessions are found there.', wish);
}

const isThere = (folder: string): Promise<boolean> =>
  Promise.resolve(workspace.fs.stat(Uri.file(folder))).then(
    () => true,
    () => false,
  );

/**
 * Lets the person choose a folder on the machine where the extension runs, and shows what is in it before it is taken.
 * Works in remote windows, where the dialog shows the remote machine and the setting is written there.
 */
export async function chooseConfigDir({ memory }: Parts): Promise<void> {
  const [current] = memory.configDirs;
  const start = current !== undefined && (await isThere(current)) ? current : homedir();
  for (;;) {
    // Each round is another choice of the person.
    const look = await pickAndLook(memory, start); // oxlint-disable-line no-await-in-loop
    if (!look) return;
    const answer = await offer(look, memory); // oxlint-disable-line no-await-in-loop
    if (answer === 'stop') return;
    if (answer === 'take') break;
  }
}

async function pickAndLook(memory: MemorySession, start: string): Promise<FolderLook | undefined> {
  const [folder] =
    (await window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      defaultUri: Uri.file(start),
      title: l10n.t('Config Folder of Claude Code'),
      openLabel: l10n.t('Look Into Folder'),
    })) ?? [];
  if (!folder) return undefined;
  if (folder.scheme !== 'file') {
    void window.showErrorMessage(l10n.t('This folder is not on a disk: {0}', folder.toString(true)));
    return undefined;
  }
  const client = await memory.client();
  return window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Looking for sessions…'), cancellable: true },
    async (_, token) => {
      const stopped = new AbortController();
      token.onCancellationRequested(() => stopped.abort());
      return client.lookIntoFolder(folder.fsPath, stopped.signal).catch((error: unknown) => {
        if (stopped.signal.aborted) return undefined;
        throw error;
      });
    },
  );
}

/** Shows what the folder has. `again`: another folder is to be chosen. */
async function offer(look: FolderLook, memory: MemorySession): Promise<'take' | 'again' | 'stop'> {
  const take: MessageItem = { title: l10n.t('Use This Folder') };
  const again: MessageItem = { title: l10n.t('Choose Another…') };
  const isEmpty = look.sessions === 0;
  const answer = await window.showInformationMessage(
    isEmpty ? l10n.t('No sessions in this folder') : l10n.t('Use this folder?'),
    { modal: true, detail: describeLook(look) },
    // A folder without sessions can be right for somebody who has yet to start, so it is offered too, but second.
    ...(isEmpty ? [again, take] : [take, again]),
  );
  if (answer !== take) return answer === again ? 'again' : 'stop';
  const isDefault = memory.configDirs.length === 1 && memory.configDirs[0] === look.configDir;
  if (!isDefault) await writeConfigDir(look.configDir);
  const client = await memory.client();
  client.importNow().catch(() => {});
  window.setStatusBarMessage(l10n.t('$(check) Sessions are read from {0}', shortPath(look.configDir)), 5_000);
  return 'take';
}

function describeLook({ configDir, sessions, projects, bytes, newestAt }: FolderLook): string {
  if (sessions === 0)
    return l10n.t(
      '{0} has no transcripts. Claude Code keeps them in “projects” below its config folder, which is ~/.claude unless CLAUDE_CONFIG_DIR says otherwise.',
      configDir,
    );
  const found = l10n.t(
    'Sessions: {0}, project folders: {1}, {2}',
    formatCount(sessions, env.language),
    formatCount(projects, env.language),
    formatBytes(bytes, env.language),
  );
  const newest =
    newestAt === null ? '' : `\n${l10n.t('The newest: {0}', formatAgo(newestAt, Date.now(), env.language))}`;
  return `${configDir}\n\n${found}${newest}\n\n${l10n.t('What is in memory already stays.')}`;
}

/** In a remote window the editor writes a setting of the machine into the settings of the remote machine. */
async function writeConfigDir(folder: string): Promise<void> {
  await workspace.getConfiguration().update(settingIds.configDir, shortPath(folder), ConfigurationTarget.Global);
}
