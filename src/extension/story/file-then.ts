/** From the palette or a file's menu: which turns changed it, to open it as it stood after one of them. */
import { QuickPickItemKind, Uri, env, l10n, window, workspace } from 'vscode';
import type { QuickPickItem } from 'vscode';
import type { FileEdit } from '../../protocol/model';
import { editsOf, sessionsOf } from '../file-history/history';
import { formatAgo, plain, titleLine } from '../format';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { openFileAt } from './open';

interface TurnItem extends QuickPickItem {
  edit?: FileEdit;
}

const maxSessions = 50;

export async function openFileThen(parts: Parts, clicked?: unknown): Promise<void> {
  const uri = clicked instanceof Uri ? clicked : window.activeTextEditor?.document.uri;
  if (uri?.scheme !== 'file') {
    void window.showInformationMessage(
      l10n.t('Open a file first: it is shown as it stood after a turn that changed it.'),
    );
    return;
  }
  const name = workspace.asRelativePath(uri);
  const items = editsOf(parts.memory, uri, maxSessions).then((edits) => itemsOf(edits, name));
  const chosen = await lasting(() =>
    window.showQuickPick<TurnItem>(items, {
      title: l10n.t('{0} as It Stood', name),
      placeHolder: l10n.t('Choose the turn after which it is shown'),
      matchOnDescription: true,
    }),
  );
  if (chosen?.edit) await openFileAt(parts, chosen.edit.sessionId, chosen.edit.turn, uri.fsPath);
}

function itemsOf(edits: readonly FileEdit[], name: string): TurnItem[] {
  const done = edits.filter(({ type }) => type !== 'error');
  if (done.length === 0)
    return [{ label: `$(info) ${l10n.t('No session in memory has changed {0}.', plain(name))}`, alwaysShow: true }];
  return sessionsOf(done).flatMap((id): TurnItem[] => {
    const own = done.filter(({ sessionId }) => sessionId === id);
    const turns = new Map(own.map((edit) => [edit.turn, edit]));
    return [
      { label: plain(titleLine(own[0]?.title ?? '', 80)), kind: QuickPickItemKind.Separator },
      ...[...turns.values()].map((edit) => ({
        edit,
        label: `$(history) ${l10n.t('After turn {0}', edit.turn)}`,
        description: `${formatAgo(edit.at, Date.now(), env.language)} · ${plain(titleLine(edit.title, 80))}`,
      })),
    ];
  });
}
