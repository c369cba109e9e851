/** Label and action of each remedy of the diagnosis. The only place that maps remedies to the editor. */
import { UIKind, Uri, commands, env, l10n } from 'vscode';
import type { Remedy } from '../../protocol/care';
import { commandIds } from '../contributions';
import { formatBytes } from '../format';
import type { Parts } from '../parts';
import { restrictProcessing } from '../portable/restrict';
import { backUpNow, repairMemory, restore, restoreSomeBackup } from './backups';
import { importNow } from './import';
import { scanAgain } from './redaction';
import { chooseSecondFolder } from './second-folder';

interface Act {
  label: () => string;
  /** Returns what was done as text; empty when there is nothing to say. */
  run(parts: Parts): Promise<string>;
}

const acts: Readonly<Record<Remedy, Act>> = {
  back_up: { label: () => l10n.t('Back Up Now'), run: backUpNow },
  restore_backup: { label: () => l10n.t('Restore Backup…'), run: restoreSomeBackup },
  choose_second_folder: { label: () => l10n.t('Second Backup Folder…'), run: chooseSecondFolder },
  undo_restore: { label: () => l10n.t('Undo Restore'), run: (parts) => restore(parts, { kind: 'undo_restore' }) },
  repair: { label: () => l10n.t('Repair'), run: repairMemory },
  rebuild_index: {
    label: () => l10n.t('Rebuild Index'),
    async run({ memory }) {
      await (await memory.client()).rebuildIndex();
      return l10n.t('The search index was made anew.');
    },
  },
  compact: {
    label: () => l10n.t('Compact'),
    async run({ memory }) {
      const { bytesBefore, bytesAfter } = await (await memory.client()).compact();
      return l10n.t('Given back to the disk: {0}', formatBytes(Math.max(bytesBefore - bytesAfter, 0), env.language));
    },
  },
  import_now: {
    label: () => l10n.t('Import Now'),
    async run(parts) {
      await importNow(parts);
      return parts.memory.capture?.phase === 'cancelled' ? '' : l10n.t('Transcripts have been read.');
    },
  },
  choose_folder: { label: () => l10n.t('Choose Folder…'), run: () => execute(commandIds.chooseConfigDir) },
  resume_capture: {
    label: () => l10n.t('Resume Capture'),
    async run({ memory }) {
      await (await memory.client()).setPaused(false);
      return l10n.t('Capture goes on.');
    },
  },
  show_log: { label: () => l10n.t('Show Log'), run: () => execute(commandIds.showLog) },
  open_settings: { label: () => l10n.t('Open Settings'), run: () => execute(commandIds.openSettings) },
  open_folder: { label: () => l10n.t('Open Folder'), run: ({ memory }) => openFolder(memory.dataDir) },
  restrict: { label: () => l10n.t('Restrict Processing…'), run: restrictProcessing },
  set_class: { label: () => l10n.t('Set Class…'), run: () => execute(commandIds.setClass) },
  export_memory: { label: () => l10n.t('Export Memory…'), run: () => execute(commandIds.exportMemory) },
  import_memory: { label: () => l10n.t('Import Memory…'), run: () => execute(commandIds.importMemory) },
  erase_matching: { label: () => l10n.t('Erase What Matches…'), run: () => execute(commandIds.eraseMatching) },
  erase_range: { label: () => l10n.t('Erase a Time Range…'), run: () => execute(commandIds.eraseRange) },
  show_forgotten: { label: () => l10n.t('Forgotten Sessions…'), run: () => execute(commandIds.showForgotten) },
  show_receipts: { label: () => l10n.t('Receipts…'), run: () => execute(commandIds.showReceipts) },
  show_audit: { label: () => l10n.t('Audit Log…'), run: () => execute(commandIds.showAudit) },
  scan_again: { label: () => l10n.t('Scan Memory Again…'), run: scanAgain },
  choose_model: { label: () => l10n.t('Search by Meaning…'), run: () => execute(commandIds.searchByMeaning) },
  install_hooks: { label: () => l10n.t('Give Memory to Claude Code…'), run: () => execute(commandIds.giveMemory) },
  remove_hooks: { label: () => l10n.t('Stop Giving Memory'), run: () => execute(commandIds.stopGiving) },
  reload_window: { label: () => l10n.t('Reload Window'), run: () => execute('workbench.action.reloadWindow') },
};

/** The labels of all buttons, in the editor's language. */
export function remedyLabels(): Record<Remedy, string> {
  return Object.fromEntries(Object.entries(acts).map(([remedy, { label }]) => [remedy, label()])) as Record<
    Remedy,
    string
  >;
}

export function applyRemedy(parts: Parts, remedy: Remedy): Promise<string> {
  return acts[remedy].run(parts);
}

async function execute(command: string, ...args: unknown[]): Promise<string> {
  await commands.executeCommand(command, ...args);
  return '';
}

/** In a browser or on a remote machine no file manager can show the folder, so its path is copied. */
async function openFolder(folder: string): Promise<string> {
  if (env.uiKind === UIKind.Desktop && env.remoteName === undefined) return execute('revealFileInOS', Uri.file(folder));
  await env.clipboard.writeText(folder);
  return l10n.t('The folder cannot be shown from here. Its path was copied: {0}', folder);
}
