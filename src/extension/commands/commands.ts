/** All commands, and the only place where their errors become messages. */
import { Disposable, commands } from 'vscode';
import { logError } from '../log';
import { showProblem } from '../messages';
import type { Parts } from '../parts';
import { removeKey, setKey } from './api-key';
import { backUpMemoryNow } from './back-up-now';
import { cancelImport } from './cancel-import';
import type { Command } from './command';
import { copyItem, copyMemoryAsContext } from './copy-context';
import { deleteAllMemory } from './delete-all-memory';
import { deleteArchivedTranscripts } from './delete-archive';
import { forgetSomeProject } from './forget-project';
import { forgetSessionItem, forgetSomeSession } from './forget-session';
import { importAllNow } from './import-now';
import { insertItem, insertMemoryHere } from './insert-memory';
import { learnItem, newLearning } from './new-learning';
import { openDoctor } from './open-doctor';
import { openMemoryView } from './open-memory';
import { openSession, openSessionItem } from './open-session';
import { openSettings } from './open-settings';
import { openWalkthrough } from './open-walkthrough';
import { pauseCapture } from './pause-capture';
import { acceptPromotion, cancelPromotion, promoteSomeLearnings } from './promote-learnings';
import { repairMemoryNow } from './repair-memory';
import { restoreBackup } from './restore-backup';
import { restoreSomeTranscript, restoreTranscriptItem } from './restore-transcript';
import { resumeCapture } from './resume-capture';
import { resumeSessionItem, resumeSomeSession } from './resume-session';
import { search } from './search';
import { chooseModel } from './search-by-meaning';
import { showAroundFile, showSent } from './show-insights';
import { showLog } from './show-log';
import { summarizeAllSessions, summarizeThisSession } from './summarize';

const all: readonly Command[] = [
  openMemoryView,
  search,
  chooseModel,
  insertMemoryHere,
  copyMemoryAsContext,
  openSession,
  resumeSomeSession,
  restoreSomeTranscript,
  importAllNow,
  cancelImport,
  pauseCapture,
  resumeCapture,
  newLearning,
  promoteSomeLearnings,
  acceptPromotion,
  cancelPromotion,
  showAroundFile,
  summarizeThisSession,
  summarizeAllSessions,
  showSent,
  setKey,
  removeKey,
  forgetSomeSession,
  forgetSomeProject,
  deleteArchivedTranscripts,
  deleteAllMemory,
  backUpMemoryNow,
  restoreBackup,
  repairMemoryNow,
  openDoctor,
  showLog,
  openSettings,
  openWalkthrough,
  openSessionItem,
  resumeSessionItem,
  restoreTranscriptItem,
  forgetSessionItem,
  insertItem,
  copyItem,
  learnItem,
];

export function registerCommands(parts: Parts): Disposable {
  return Disposable.from(
    ...all.map((command) =>
      commands.registerCommand(command.id, (...args: unknown[]) => runCommand(command, parts, args)),
    ),
  );
}

async function runCommand(command: Command, parts: Parts, args: unknown[]): Promise<void> {
  try {
    await command.run(parts, ...args);
  } catch (error) {
    logError(parts.log, command.id, error);
    // Not awaited: an open message would keep the command running for callers that wait for it.
    void showProblem(error, () => runCommand(command, parts, args));
  }
}
