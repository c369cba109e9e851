/** Commands about the memory itself: import, pause, backups, and everything that deletes. */
import { l10n } from 'vscode';
import { MemoryError } from '../../protocol/errors';
import { showAudit } from '../care/audit';
import { backUpNow, repairMemory, restoreSomeBackup } from '../care/backups';
import { setClassOf, setSomeClass } from '../care/classes';
import { eraseMatching, eraseRange, eraseRow, eraseTurn } from '../care/erase';
import { previewExcludes } from '../care/excludes';
import { deleteArchive, deleteEverything, forgetProject } from '../care/forget';
import { showForgotten } from '../care/forgotten';
import { importNow } from '../care/import';
import { joinProjects, undoJoin } from '../care/joins';
import { showReceipts } from '../care/receipts';
import { scanAgain } from '../care/redaction';
import { chooseSecondFolder } from '../care/second-folder';
import { chooseConfigDir } from '../config-dir';
import { pickProject } from '../pick/session';
import { exportMemory } from '../portable/export';
import { importMemory } from '../portable/import';
import { restrictProcessing } from '../portable/restrict';
import { clickedKey, clickedPlace, clickedTarget } from './clicked';
import type { Run } from './command';

export const careCommands = {
  importNow,
  chooseConfigDir,
  cancelImport: async ({ memory }) => (await memory.client()).cancelImport(),
  pauseCapture: async ({ memory }) => (await memory.client()).setPaused(true),
  resumeCapture: async ({ memory }) => (await memory.client()).setPaused(false),
  backUpNow: async (parts) => void (await backUpNow(parts)),
  restoreBackup: async (parts) => void (await restoreSomeBackup(parts)),
  chooseSecondFolder: async (parts) => void (await chooseSecondFolder(parts)),
  repairMemory: async (parts) => void (await repairMemory(parts)),
  scanAgain: async (parts) => void (await scanAgain(parts)),
  exportMemory,
  importMemory,
  setClass: setSomeClass,
  setClassItem: (parts, clicked) => setClassOf(parts, { key: clickedTarget(clicked) }),
  restrictProcessing: async (parts) => void (await restrictProcessing(parts)),
  previewExcludes,
  joinProjects,
  undoJoin,
  forgetProject: async (parts) => {
    const project = await pickProject(parts, l10n.t('Forget Project'));
    if (project) await forgetProject(parts, project);
  },
  showForgotten,
  eraseMatching: (parts) => eraseMatching(parts),
  eraseRange: (parts) => eraseRange(parts),
  eraseRowItem: (parts, clicked) => eraseRow(parts, clickedKey(clicked)),
  eraseTurnItem: (parts, clicked) => {
    const { sessionId, turn } = clickedPlace(clicked);
    if (turn === undefined) throw new MemoryError('invalid_input', 'turn');
    return eraseTurn(parts, sessionId, turn);
  },
  showReceipts,
  showAudit,
  deleteArchive,
  deleteAllMemory: deleteEverything,
} satisfies Record<string, Run>;
