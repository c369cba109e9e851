/** The second backup folder, and backups that lie in any folder: of this computer, another disk, or another computer. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationTarget, l10n, window, workspace } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { readBackupList } from '../../keeper/next-open';
import type { BackupInfo } from '../../protocol/care';
import { backupFolder } from '../../protocol/data-folder';
import { settingIds } from '../contributions';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { tell, withNotice } from './notice';

/** Writes the setting; the keeper copies what there is. Returns what was done as text; empty when it was cancelled. */
export async function chooseSecondFolder({ memory }: Parts): Promise<string> {
  const before = memory.settings.secondBackupFolder;
  const choose = {
    label: l10n.t('$(folder) Choose a folder…'),
    detail: l10n.t('On another disk, or one that is synchronised. Backups are copied there, read back and compared.'),
    isStop: false,
  };
  const stop = {
    label: l10n.t('$(close) Stop using {0}', before),
    detail: l10n.t('What is in it stays, and what you forget stays in it too: delete it yourself.'),
    isStop: true,
  };
  const chosen = await lasting(() =>
    window.showQuickPick<QuickPickItem & { isStop: boolean }>(before === '' ? [choose] : [choose, stop], {
      title: l10n.t('Second Backup Folder'),
    }),
  );
  if (!chosen) return '';
  const folder = chosen.isStop ? '' : await openFolder(l10n.t('Back Up Here Too'));
  if (folder === undefined) return '';
  await workspace.getConfiguration().update(settingIds.secondBackupFolder, folder, ConfigurationTarget.Global);
  return tell(
    folder === ''
      ? l10n.t('There is no second backup folder any more.')
      : l10n.t('Backups are copied to {0} too.', folder),
  );
}

/** A backup with the folder it lies in, laid out as a data folder. */
export interface PlacedBackup extends BackupInfo {
  from: string;
  /** Name of that folder, which names the computer. */
  place: string;
}

/** Asks for a folder and lists the backups in it, newest first. Undefined when it was cancelled. */
export async function findBackupsElsewhere(): Promise<PlacedBackup[] | undefined> {
  const folder = await openFolder(l10n.t('Look for Backups'));
  if (folder === undefined) return undefined;
  return withNotice(l10n.t('Looking for backups…'), () => listBackupsIn(folder));
}

/** The folder may be a data folder, its folder of backups, or hold folders of several computers. */
async function listBackupsIn(folder: string): Promise<PlacedBackup[]> {
  const inside = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const places = [
    folder,
    ...inside.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name)),
    ...(folder.endsWith(backupFolder) ? [join(folder, '..')] : []),
  ];
  const lists = await Promise.all(
    places.map(async (from) =>
      (await readBackupList(from)).map((backup) => ({ ...backup, from, place: from.split(/[\\/]/).at(-1) ?? from })),
    ),
  );
  return lists.flat().toSorted((one, other) => other.at - one.at);
}

async function openFolder(openLabel: string): Promise<string | undefined> {
  const [folder] =
    (await window.showOpenDialog({
      title: openLabel,
      openLabel,
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  return folder?.fsPath;
}
