/** Commands about the memory itself: import, pause, backups, and everything that deletes. */
import { l10n } from 'vscode';
import { backUpNow, repairMemory, restoreSomeBackup } from '../care/backups';
import { previewExcludes } from '../care/excludes';
import { deleteArchive, deleteEverything, forgetProject } from '../care/forget';
import { showForgotten } from '../care/forgotten';
import { importNow } from '../care/import';
import { joinProjects, undoJoin } from '../care/joins';
import { scanAgain } from '../care/redaction';
import { chooseConfigDir } from '../config-dir';
import { pickProject } from '../pick/session';
import { exportMemory } from '../portable/export';
import { importMemory } from '../portable/import';
import { restrictProcessing } from '../portable/restrict';
import type { Run } from './command';

export const careCommands = {
  importNow,
  chooseConfigDir,
  cancelImport: async ({ memory }) => (await memory.client()).cancelImport(),
  pauseCapture: async ({ memory }) => (await memory.client()).setPaused(true),
  resumeCapture: async ({ memory }) => (await memory.client()).setPaused(false),
  backUpNow: async (parts) => void (await backUpNow(parts)),
  restoreBackup: async (parts) => void (await restoreSomeBackup(parts)),
  repairMemory: async (parts) => void (await repairMemory(parts)),
  scanAgain: async (parts) => void (await scanAgain(parts)),
  exportMemory,
  importMemory,
  restrictProcessing: async (parts) => void (await restrictProcessing(parts)),
  previewExcludes,
  joinProjects,
  undoJoin,
  forgetProject: async (parts) => {
    const project = await pickProject(parts, l10n.t('Forget Project'));
    if (project) await forgetProject(parts, project);
  },
  showForgotten,
  deleteArchive,
  deleteAllMemory: deleteEverything,
} satisfies Record<string, Run>;
