/** The way back for what was forgotten: reads it again while Claude Code's transcript is still there. */
import { ProgressLocation, QuickPickItemKind, env, l10n, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import type { ForgottenSession, SessionId } from '../../protocol/model';
import { formatAgo, formatBytes, plain, titleLine } from '../format';
import { logError } from '../log';
import { showProblem } from '../messages';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';

interface ForgottenItem extends QuickPickItem {
  id?: SessionId;
}

const noticeMs = 5_000;

/** Lists forgotten sessions by project; those that are ticked are read again. */
export async function showForgotten({ memory }: Parts): Promise<void> {
  const client = await memory.client();
  const items = client.listForgotten().then((sessions): ForgottenItem[] => {
    if (sessions.length > 0) return listItems(sessions);
    const nothing = l10n.t('No forgotten session has a transcript that is still there.');
    return [{ label: `$(info) ${nothing}`, alwaysShow: true }];
  });
  const chosen = await lasting(() =>
    window.showQuickPick(items, {
      title: l10n.t('Forgotten Sessions'),
      placeHolder: l10n.t('Tick what is to be read again from Claude Code’s transcripts'),
      canPickMany: true,
      matchOnDescription: true,
    }),
  );
  const ids = (chosen ?? []).flatMap(({ id }) => (id === undefined ? [] : [id]));
  if (ids.length > 0) await readAgain({ memory }, ids);
}

/** In the order of the list, which is by time. */
function groupByProject(sessions: readonly ForgottenSession[]): Map<string, ForgottenSession[]> {
  const groups = new Map<string, ForgottenSession[]>();
  for (const session of sessions) {
    const group = groups.get(session.project);
    if (group) group.push(session);
    else groups.set(session.project, [session]);
  }
  return groups;
}

function listItems(sessions: readonly ForgottenSession[]): ForgottenItem[] {
  const byProject = groupByProject(sessions);
  return [...byProject].flatMap(([project, group]) => [
    { label: project === '' ? l10n.t('Unknown project') : plain(project), kind: QuickPickItemKind.Separator },
    ...group.map(({ id, title, startedAt, bytes }) => ({
      id,
      label: title === '' ? l10n.t('Session {0}', id.slice(0, 8)) : plain(titleLine(title, 80)),
      description: `${formatAgo(startedAt, Date.now(), env.language)} · ${formatBytes(bytes, env.language)}`,
    })),
  ]);
}

/** Reads these sessions again, with progress. Stopped in between, the rest is read by the next import. */
export async function readAgain({ memory }: Pick<Parts, 'memory'>, ids: readonly SessionId[]): Promise<void> {
  const client = await memory.client();
  const count = await window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Reading again from transcripts…'), cancellable: true },
    async (_, token) => {
      const stopped = new AbortController();
      token.onCancellationRequested(() => stopped.abort());
      return client.readAgain([...ids], stopped.signal).catch((error: unknown) => {
        if (stopped.signal.aborted) return 0;
        throw error;
      });
    },
  );
  if (count > 0) window.setStatusBarMessage(l10n.t('$(check) Sessions read again: {0}', count), noticeMs);
}

/** After everything was deleted: all sessions whose transcript is there. */
export async function readAllAgain(parts: Pick<Parts, 'memory'>): Promise<void> {
  const sessions = await (await parts.memory.client()).listForgotten();
  if (sessions.length === 0) {
    void window.showInformationMessage(l10n.t('No forgotten session has a transcript that is still there.'));
    return;
  }
  await readAgain(
    parts,
    sessions.map(({ id }) => id),
  );
}

/**
 * Says what was done and offers a way back. Returns at once, because an open notice would keep the page that asked
 * waiting.
 */
export function offerWayBack({ log }: Parts, told: string, label: string, run: () => Promise<void>): void {
  const attempt = async () => {
    try {
      await run();
    } catch (error) {
      logError(log, label, error);
      void showProblem(error, attempt);
    }
  };
  void window.showInformationMessage(told, label).then((answer) => (answer === label ? attempt() : undefined));
}
