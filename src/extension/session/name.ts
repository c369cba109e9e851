/** What a person puts on a session: a name, a pin. Both can be taken back where they were done. */
import { l10n, window } from 'vscode';
import type { SessionId } from '../../protocol/model';
import { maxSessionName } from '../../protocol/questions/sessions';
import { offerWayBack } from '../care/forgotten';
import { titleLine } from '../format';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';

/** Asks for the name; an empty one gives the transcript's title back. */
export async function renameSession(parts: Parts, id: SessionId): Promise<void> {
  const client = await parts.memory.client();
  const { title, ownTitle } = await client.getSession(id);
  const before = ownTitle === undefined ? '' : title;
  const typed = await lasting(() =>
    window.showInputBox({
      title: l10n.t('Rename Session'),
      value: title,
      prompt:
        ownTitle === undefined
          ? l10n.t('The session is found by its old title too.')
          : l10n.t('Empty gives the title back that it had: “{0}”', titleLine(ownTitle, 60)),
      validateInput: (text) =>
        text.trim().length > maxSessionName ? l10n.t('At most {0} letters.', maxSessionName) : undefined,
    }),
  );
  // What stood in the field is the title already, not a name for it.
  if (typed === undefined || typed.trim() === title.trim()) return;
  // The transcript's own title as a name would keep a later one from being shown.
  const name = typed.trim() === ownTitle?.trim() ? '' : typed;
  const kept = await client.renameSession(id, name);
  if (kept === before) return;
  const told =
    kept === '' ? l10n.t('The session has its old title again.') : l10n.t('Renamed: {0}', titleLine(kept, 80));
  offerWayBack(parts, told, l10n.t('Undo'), async () => {
    await (await parts.memory.client()).renameSession(id, before);
  });
}

export async function pinSession(parts: Parts, id: SessionId, isPinned: boolean): Promise<void> {
  const client = await parts.memory.client();
  const { title } = await client.getSession(id);
  await client.setPinned(id, isPinned);
  const named = titleLine(title, 80);
  offerWayBack(
    parts,
    isPinned ? l10n.t('Pinned: {0}', named) : l10n.t('Not pinned any more: {0}', named),
    l10n.t('Undo'),
    async () => {
      await (await parts.memory.client()).setPinned(id, !isPinned);
    },
  );
}
