/** Which sessions changed a file: as a list to choose from, and as a line above the file. */
import { QuickPickItemKind, Uri, env, l10n, window, workspace } from 'vscode';
import type { QuickPickItem } from 'vscode';
import type { FileEdit, SessionId } from '../../protocol/model';
import { isInside } from '../../protocol/paths';
import { formatAgo, plain, titleLine } from '../format';
import type { MemorySession } from '../memory-session';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';

/** Sessions asked for; the list says when there may be more. */
const maxSessions = 50;

interface EditItem extends QuickPickItem {
  edit?: FileEdit;
}

/** `clicked`: the file of a menu; without it the one in the active editor. */
export async function showFileHistory(parts: Parts, clicked?: unknown): Promise<void> {
  const uri = clicked instanceof Uri ? clicked : window.activeTextEditor?.document.uri;
  if (uri?.scheme !== 'file') {
    void window.showInformationMessage(l10n.t('Open a file first: its history is what sessions changed in it.'));
    return;
  }
  const name = workspace.asRelativePath(uri);
  const items: Promise<EditItem[]> = editsOf(parts.memory, uri, maxSessions).then((edits) => listItems(edits, name));
  const chosen = await lasting(() =>
    window.showQuickPick(items, {
      title: l10n.t('Sessions That Changed {0}', name),
      placeHolder: l10n.t('Choose a change to open it in its session'),
      matchOnDescription: true,
    }),
  );
  if (chosen?.edit) {
    const { sessionId, key, turn } = chosen.edit;
    await parts.readers.open({ sessionId, key, turn });
  }
}

/** The latest sessions first. A file outside the open folders is looked for in all projects. */
export async function editsOf(memory: MemorySession, uri: Uri, limit: number): Promise<FileEdit[]> {
  const client = await memory.client();
  const scope = memory.scopeOf(false);
  const isHere = scope?.roots?.some((root) => isInside(root, uri.fsPath)) === true;
  // From the root of its folder, so that it is the same wherever the repository was.
  const file = isHere ? workspace.asRelativePath(uri, false) : uri.fsPath;
  return client.fileEdits({ file, limit, ...(isHere && scope && { scope }) });
}

export const sessionsOf = (edits: readonly FileEdit[]): SessionId[] => [
  ...new Set(edits.map(({ sessionId }) => sessionId)),
];

function listItems(edits: readonly FileEdit[], name: string): EditItem[] {
  if (edits.length === 0)
    return [{ label: `$(info) ${l10n.t('No session in memory has changed {0}.', plain(name))}`, alwaysShow: true }];
  const items = sessionsOf(edits).flatMap((id): EditItem[] => {
    const own = edits.filter(({ sessionId }) => sessionId === id);
    return [
      { label: plain(titleLine(own[0]?.title ?? '', 80)), kind: QuickPickItemKind.Separator },
      ...own.map((edit) => ({
        edit,
        label: `$(edit) ${plain(edit.tool)}`,
        description: `${formatAgo(edit.at, Date.now(), env.language)} · ${plain(titleLine(edit.title, 80))}`,
      })),
    ];
  });
  if (sessionsOf(edits).length < maxSessions) return items;
  return [
    ...items,
    { label: `$(info) ${l10n.t('The latest {0} sessions. Older ones are found by searching.', maxSessions)}` },
  ];
}
