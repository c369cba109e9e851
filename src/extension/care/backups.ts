/** Backup, restore and repair in the editor: a list, a confirmation that says what will change, and the result. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { env, l10n, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { canBeMended, leaveWish, readBackupList } from '../../keeper/next-open';
import type { BackupInfo, CareOutcome, CareWish } from '../../protocol/care';
import { beforeRestoreName } from '../../protocol/data-folder';
import { MemoryError } from '../../protocol/errors';
import { formatAgo, formatBytes, formatCount } from '../format';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { confirm } from './confirm';
import { tell, withNotice } from './notice';
import { findBackupsElsewhere } from './second-folder';

export type Wish = Omit<CareWish, 'requestId'>;
interface WishItem extends QuickPickItem {
  wish: Wish;
}

export const canUndoRestore = (dataDir: string): boolean => existsSync(join(dataDir, beforeRestoreName));

/** Each function returns what was done as text; empty when the person cancelled. */
export async function backUpNow({ memory }: Parts): Promise<string> {
  const client = await memory.client();
  const made = await withNotice(l10n.t('Backing up memory…'), () => client.backUp(randomUUID()));
  return tell(l10n.t('Memory is backed up: {0}', formatBytes(made.bytes, env.language)));
}

/** Works without a keeper too, because the list is read from the folder. */
export async function restoreSomeBackup(parts: Parts): Promise<string> {
  const { dataDir } = parts.memory;
  const undo: WishItem[] = canUndoRestore(dataDir)
    ? [{ label: l10n.t('$(discard) Undo the last restore'), wish: { kind: 'undo_restore' } }]
    : [];
  const elsewhere = {
    label: l10n.t('$(folder) From another folder…'),
    detail: l10n.t('A second backup folder, also of another computer'),
  };
  const backups = await readBackupList(dataDir);
  const chosen = await lasting(() =>
    window.showQuickPick<QuickPickItem & { wish?: Wish }>([...undo, ...backups.map(describeBackup), elsewhere], {
      title: l10n.t('Restore Backup'),
      placeHolder: backups.length === 0 ? l10n.t('There is no backup yet') : l10n.t('Which backup should be restored?'),
    }),
  );
  return chosen?.wish ? restore(parts, chosen.wish) : chosen ? restoreFromElsewhere(parts) : '';
}

/** From a second backup folder: on a fresh computer its backups are listed nowhere else. */
async function restoreFromElsewhere(parts: Parts): Promise<string> {
  const found = await findBackupsElsewhere();
  if (!found) return '';
  const chosen = await lasting(() =>
    window.showQuickPick(
      found.map(({ from, place, ...backup }) => {
        const item = describeBackup(backup);
        return { ...item, detail: `${item.detail} · ${place}`, wish: { ...item.wish, from } };
      }),
      {
        title: l10n.t('Restore Backup'),
        placeHolder:
          found.length === 0 ? l10n.t('There is no backup in this folder') : l10n.t('Which backup should be restored?'),
      },
    ),
  );
  return chosen ? restore(parts, chosen.wish) : '';
}

export async function restore(parts: Parts, wish: Wish): Promise<string> {
  if (wish.kind === 'undo_restore') return undoRestore(parts);
  const isSure = await confirm(
    l10n.t('Restore the memory?'),
    l10n.t(
      'Sessions go back to what they were then; transcripts that still exist are read again. Learnings written since are kept, and what was forgotten stays forgotten. The memory as it is now is kept for 30 days: this can be undone.',
    ),
    l10n.t('Restore'),
  );
  if (!isSure) return '';
  const { learningsKept } = await withNotice(l10n.t('Restoring memory…'), () => fulfil(parts, wish));
  return tell(l10n.t('Memory restored. Learnings kept: {0}', learningsKept));
}

async function undoRestore(parts: Parts): Promise<string> {
  const isSure = await confirm(
    l10n.t('Undo the last restore?'),
    l10n.t(
      'The memory becomes what it was before the restore. Learnings written since are kept. Doing it twice goes forward again.',
    ),
    l10n.t('Undo Restore'),
  );
  if (!isSure) return '';
  await withNotice(l10n.t('Restoring memory…'), () => fulfil(parts, { kind: 'undo_restore' }));
  return tell(l10n.t('The restore is undone.'));
}

export async function repairMemory(parts: Parts): Promise<string> {
  const isSure = await confirm(
    l10n.t('Repair the memory?'),
    l10n.t(
      'Everything that can be read is taken over into a new file, and the search index is made anew. This can take minutes. The old file is kept aside for 30 days.',
    ),
    l10n.t('Repair'),
  );
  if (!isSure) return '';
  const { rowsSaved = {} } = await withNotice(l10n.t('Repairing memory…'), () => fulfil(parts, { kind: 'repair' }));
  const count = (table: string) => formatCount(rowsSaved[table] ?? 0, env.language);
  const done = l10n.t('Memory repaired. Sessions: {0}, learnings: {1}', count('sessions'), count('learnings'));
  void window.showInformationMessage(done);
  return done;
}

/**
 * Asks the keeper. When no keeper can open the memory, the wish is written down for the next one, and opening is tried
 * again.
 */
async function fulfil({ memory }: Parts, wish: Wish): Promise<CareOutcome> {
  const whole: CareWish = { ...wish, requestId: randomUUID() };
  const ask = async () => {
    const client = await memory.client();
    if (whole.kind === 'restore') {
      const { requestId, name = '', from } = whole;
      return client.restoreBackup({ requestId, name, ...(from !== undefined && { from }) });
    }
    return whole.kind === 'repair' ? client.repair(whole.requestId) : client.undoRestore(whole.requestId);
  };
  const outcome = await ask().catch(async (error: unknown) => {
    // A damaged backup has the same code as a damaged memory, but then a keeper is connected.
    if (!canBeMended(error, whole.kind) || memory.connection.isConnected) throw error;
    await leaveWish(memory.dataDir, whole);
    await memory.retry();
    return ask();
  });
  if (!outcome.isDone) throw new MemoryError('internal', outcome.reason ?? '');
  return outcome;
}

function describeBackup({ name, kind, at, bytes, counts }: BackupInfo): WishItem & { detail: string } {
  const language = env.language;
  const content =
    kind === 'written'
      ? l10n.t('Learnings: {0}', formatCount(counts.learnings, language))
      : l10n.t(
          'Sessions: {0} · Learnings: {1}',
          formatCount(counts.sessions, language),
          formatCount(counts.learnings, language),
        );
  return {
    label: formatAgo(at, Date.now(), language),
    description: `${wordOf(kind)} · ${formatBytes(bytes, language)}`,
    detail: `${content} · ${new Date(at).toLocaleString(language)}`,
    wish: { kind: 'restore', name },
  };
}

function wordOf(kind: BackupInfo['kind']): string {
  switch (kind) {
    case 'manual':
      return l10n.t('made by hand');
    case 'before_migration':
      return l10n.t('before an update');
    case 'written':
      return l10n.t('only what you wrote');
    default:
      return l10n.t('automatic');
  }
}
