/** Says when learnings that were there are gone, as after the storage folder was deleted, and which backup has them. */
import { env, l10n, window } from 'vscode';
import type { Disposable } from 'vscode';
import { formatAgo, formatCount } from '../format';
import { logError } from '../log';
import type { Parts } from '../parts';
import { restore } from './backups';

/** Number of learnings at the last look; in global state, which the editor keeps elsewhere than our folder. */
const keptKey = 'claudeMem.learningsKept';

/** Looks once after each start, and from then on notes how many there are. */
export function watchLearnings(parts: Parts): Disposable {
  const { memory, extension, log } = parts;
  let isFirst = true;
  let isLooking = false;
  /** Something changed during a look: its count may be old, and an old one would be told as a loss at the next start. */
  let isOld = false;
  const look = async () => {
    isOld = isLooking;
    if (isLooking || !memory.connection.isConnected) return;
    isLooking = true;
    try {
      const { learnings } = await memory.status();
      const kept = extension.globalState.get<number>(keptKey, 0);
      if (isFirst && kept > 0 && learnings === 0) await tellLost(parts, kept);
      isFirst = false;
      if (learnings !== kept) await extension.globalState.update(keptKey, learnings);
    } catch (error) {
      logError(log, 'counting learnings', error);
    } finally {
      isLooking = false;
      if (isOld) void look();
    }
  };
  const connections = memory.onConnection(() => void look());
  const changes = memory.onChanged(({ learnings, isReset }) => (learnings || isReset) && void look());
  void look();
  return {
    dispose() {
      connections.dispose();
      changes.dispose();
    },
  };
}

async function tellLost(parts: Parts, count: number): Promise<void> {
  const backups = await (await parts.memory.client()).listBackups();
  const backup = backups.find(({ counts }) => counts.learnings > 0);
  const lost = l10n.t('The memory is empty of learnings, and it had {0}.', formatCount(count, env.language));
  if (!backup) {
    void window.showWarningMessage(
      `${lost} ${l10n.t('No backup has them. If its folder was moved or deleted, put it back: {0}', parts.memory.dataDir)}`,
    );
    return;
  }
  const has = l10n.t(
    'A backup of {0} has {1}.',
    formatAgo(backup.at, Date.now(), env.language),
    formatCount(backup.counts.learnings, env.language),
  );
  const label = l10n.t('Restore Backup');
  // Not awaited: an open notice must not hold up what follows.
  const offer = async () => {
    try {
      if ((await window.showWarningMessage(`${lost} ${has}`, label)) === label)
        await restore(parts, { kind: 'restore', name: backup.name });
    } catch (error) {
      logError(parts.log, 'restoring a backup', error);
    }
  };
  void offer();
}

/** After a person deleted everything: that nothing is there is no loss. */
export const expectNoLearnings = (parts: Parts): Thenable<void> => parts.extension.globalState.update(keptKey, 0);
