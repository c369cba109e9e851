/** What must not be given again, and which session gets nothing more: chosen from a list, with one step to undo. */
import { l10n, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { oneLine, shorten } from '../../protocol/text';
import { showLine } from '../../protocol/visible-text';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { pickSession } from '../pick/session';

interface MemoryItem extends QuickPickItem {
  id: string;
  isNever: boolean;
}

const maxRecords = 50;
const maxLabel = 120;

/** Offers what was given last, and what must never be given, to take that back. */
export async function neverGive({ memory }: Parts): Promise<void> {
  const client = await memory.client();
  const [records, choices] = await Promise.all([client.listGiven({ limit: maxRecords }), client.giveChoices()]);
  const parts = [...records.flatMap(({ items }) => items), ...choices.never].filter(
    ({ id, sessionId }) => id !== `s${sessionId ?? ''}`,
  );
  const items = [...new Map(parts.map((part) => [part.id, part])).values()].flatMap(
    ({ id, text, title, isNever = false }): MemoryItem[] =>
      text === undefined && !isNever
        ? []
        : [
            {
              id,
              isNever,
              label: shorten(oneLine(showLine(text ?? l10n.t('No longer in memory, or worded anew'))), maxLabel),
              description: isNever ? l10n.t('never given') : '',
              detail: showLine(title ?? ''),
            },
          ],
  );
  if (items.length === 0) {
    void window.showInformationMessage(l10n.t('Nothing was given yet.'));
    return;
  }
  const chosen = await lasting(() =>
    window.showQuickPick(items, {
      title: l10n.t('Never Give This Again'),
      placeHolder: l10n.t('What was given last; what is never given may be given again'),
      matchOnDetail: true,
    }),
  );
  if (!chosen) return;
  const { id, isNever } = chosen;
  await client.setNeverGiven(id, !isNever);
  const said = isNever
    ? l10n.t('It may be given again.')
    : l10n.t('It will not be given again. Search still finds it.');
  offerUndo(said, async () => (await memory.client()).setNeverGiven(id, isNever));
}

/** Turns giving off for a session, or on again. */
export async function notThisSession(parts: Parts): Promise<void> {
  const active = parts.readers.activeSession;
  if (active !== undefined) await switchSession(parts, active);
  else
    await pickSession(parts, l10n.t('Give Nothing More to a Session, or Give Again'), ({ id }) =>
      switchSession(parts, id),
    );
}

async function switchSession({ memory }: Parts, id: string): Promise<void> {
  const client = await memory.client();
  const isOff = (await client.giveChoices()).sessions.some(({ sessionId }) => sessionId === id);
  await client.setSessionGiven(id, isOff);
  const said = isOff ? l10n.t('This session is given memory again.') : l10n.t('This session is given nothing more.');
  offerUndo(said, async () => (await memory.client()).setSessionGiven(id, !isOff));
}

/** Not awaited: an open message would keep the command running. */
function offerUndo(said: string, undo: () => Promise<void>): void {
  const label = l10n.t('Undo');
  void window.showInformationMessage(said, label).then((chosen) => (chosen === label ? undo() : undefined));
}
