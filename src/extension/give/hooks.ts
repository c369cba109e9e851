/** Gives memory to Claude Code by hooks: shows what will be written and where, writes it, and takes it back. */
import path from 'node:path';
import { Uri, l10n, window, workspace } from 'vscode';
import { judgeHooks } from '../../hook/install/hook-rules';
import { installHooks, refreshLauncher, settingsFileOf, uninstallHooks } from '../../hook/install/install';
import type { HooksPlace } from '../../hook/install/install';
import { hookGroups } from '../../hook/install/launcher';
import { hooksStatus } from '../../hook/install/status';
import type { Finding } from '../../protocol/care';
import { MemoryError } from '../../protocol/errors';
import { confirm } from '../care/confirm';
import { logError } from '../log';
import type { Parts } from '../parts';

/** Every config folder that is read is one of a Claude Code that can be given memory. */
export function placesOf({ memory, extension }: Parts): HooksPlace[] {
  const folder = extension.extensionUri.fsPath;
  return memory.configDirs.map((configDir) => ({
    dataDir: memory.dataDir,
    programFile: path.join(folder, 'dist', 'hook.cjs'),
    runtime: process.execPath,
    platform: process.platform,
    settingsFile: settingsFileOf(configDir),
    extensionsFolder: path.dirname(folder),
  }));
}

export async function giveMemory(parts: Parts): Promise<void> {
  for (const place of placesOf(parts)) {
    /* oxlint-disable no-await-in-loop -- a person is asked about each */
    const { state } = await hooksStatus(place);
    if (state === 'installed') {
      void window.showInformationMessage(l10n.t('Claude Code is given memory already.'));
      continue;
    }
    if (!(await isWanted(place))) return;
    await openBroken(place, () => installHooks(place, Date.now()));
    const open = l10n.t('Open Settings File');
    void window
      .showInformationMessage(
        l10n.t('New sessions of Claude Code are given memory now. A session that is open may need a restart.'),
        open,
      )
      .then((chosen) => (chosen === open ? openFile(place.settingsFile) : undefined));
    /* oxlint-enable no-await-in-loop */
  }
}

export async function stopGiving(parts: Parts): Promise<void> {
  let hasChanged = false;
  for (const place of placesOf(parts))
    // oxlint-disable-next-line no-await-in-loop -- they share a launcher
    hasChanged = (await openBroken(place, () => uninstallHooks(place))).hasChanged || hasChanged;
  void window.showInformationMessage(
    hasChanged
      ? l10n.t('Claude Code is given no memory by hooks any more. Its settings are as they were without them.')
      : l10n.t('Claude Code was given no memory by hooks.'),
  );
}

/** What an update of the extension brought is put beside the launcher, where there is one. */
export async function refreshHooks(parts: Parts): Promise<void> {
  const [place] = placesOf(parts);
  try {
    if (place && (await refreshLauncher(place))) parts.log.info('hooks: the launcher was brought up to date');
  } catch (error) {
    logError(parts.log, 'bringing the hooks up to date', error);
  }
}

/** The worst of all config folders. */
export async function examineHooks(parts: Parts): Promise<Finding | undefined> {
  const ranks = ['warning', 'note', 'ok'];
  const findings = await Promise.all(placesOf(parts).map(async (place) => judgeHooks(await hooksStatus(place))));
  return findings.toSorted((one, other) => ranks.indexOf(one.level) - ranks.indexOf(other.level))[0];
}

function isWanted(place: HooksPlace): Promise<boolean> {
  const entries = Object.entries(hookGroups(place)).map(
    ([event, { hooks }]) => `${event}:\n${hooks.map(({ command }) => command).join('\n')}`,
  );
  return confirm(
    l10n.t('Give memory to Claude Code?'),
    `${l10n.t(
      'Two hooks are added to {0}. Everything else in it stays as it is, and a copy is kept in {1}.',
      place.settingsFile,
      place.dataDir,
    )}\n\n${entries.join('\n\n')}\n\n${l10n.t(
      'A new session is told what was done last in its folder, and a prompt what is known about it, when it is worth it. Stop Giving Memory to Claude Code takes the hooks out again.',
    )}`,
    l10n.t('Add Hooks'),
  );
}

/** The place of the fault is shown, because the person must mend it. */
async function openBroken<T>(place: HooksPlace, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (MemoryError.is(error) && error.data?.['reason'] === 'broken_settings') await openFile(place.settingsFile);
    throw error;
  }
}

const openFile = async (file: string): Promise<void> =>
  void (await window.showTextDocument(await workspace.openTextDocument(Uri.file(file))));
