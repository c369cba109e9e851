/** Opens what a session changed, and files as they stood at a turn beside those of today. */
import { Uri, ViewColumn, commands, l10n, window } from 'vscode';
import type { SessionId } from '../../protocol/model';
import { fileName } from '../../protocol/paths';
import type { StoodDoubt } from '../../protocol/story';
import { titleLine } from '../format';
import type { Parts } from '../parts';
import { fileInside } from '../session/file-inside';
import { workspaceRoots } from '../workspace';
import { netUri, stoodUri } from './past-files';

const maxShown = 100;

/** One file: without and with what the session did. */
export async function openChange({ memory }: Parts, sessionId: SessionId, file: string): Promise<void> {
  const change = await (await memory.client()).sessionChange(sessionId, file);
  const name = fileName(change.file);
  const title =
    change.known === 'whole'
      ? l10n.t('{0} (what the session changed)', name)
      : l10n.t('{0} (what the session changed, in parts)', name);
  await commands.executeCommand(
    'vscode.diff',
    netUri(sessionId, change.file, 'before'),
    netUri(sessionId, change.file, 'after'),
    title,
    { preview: true },
  );
  tellDoubt(name, change.doubt);
}

/** All files in one editor, one below the other. */
export async function openChanges({ memory }: Parts, sessionId: SessionId): Promise<void> {
  const client = await memory.client();
  const [{ files }, { title }] = [await client.sessionChanges(sessionId), await client.getSession(sessionId)];
  const changed = files.filter(({ added, removed }) => added + removed > 0);
  if (changed.length === 0) {
    void window.showInformationMessage(l10n.t('No edit of this session is in memory, or all were taken back.'));
    return;
  }
  await commands.executeCommand(
    'vscode.changes',
    l10n.t('Changed by: {0}', titleLine(title, 60)),
    changed
      .slice(0, maxShown)
      .map(({ file }) => [
        netUri(sessionId, file, 'after'),
        netUri(sessionId, file, 'before'),
        netUri(sessionId, file, 'after'),
      ]),
  );
}

/** The file as it stood after a turn, read-only, beside today's where there is one. */
export async function openFileAt(parts: Parts, sessionId: SessionId, turn: number, file: string): Promise<void> {
  const client = await parts.memory.client();
  const stood = await client.fileAtTurn({ sessionId, turn, file });
  const name = fileName(stood.file);
  if (stood.known === 'nothing') {
    void window.showInformationMessage(
      l10n.t('How {0} stood then is not in memory: it was neither read nor edited.', name),
    );
    return;
  }
  const past = stoodUri(sessionId, turn, stood.file);
  const today = await todaysFile((await client.getSession(sessionId)).cwd, stood.file);
  if (!today) await window.showTextDocument(past, { preview: true });
  else if (stood.known === 'whole')
    await commands.executeCommand('vscode.diff', past, today, l10n.t('{0} (after turn {1} ↔ today)', name, turn), {
      preview: true,
    });
  else {
    // Gaps would be taken for changes.
    await window.showTextDocument(past, { preview: true });
    await window.showTextDocument(today, { preview: true, viewColumn: ViewColumn.Beside, preserveFocus: true });
  }
  if (stood.known === 'parts')
    void window.showInformationMessage(
      l10n.t('Of {0} only parts are known as they stood then; where something is missing, a line says so.', name),
    );
  else tellDoubt(name, stood.doubt);
}

async function todaysFile(cwd: string, file: string): Promise<Uri | undefined> {
  for (const root of [cwd, ...workspaceRoots()]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, until one has it
    const found = await fileInside(root, file);
    if (found !== undefined) return Uri.file(found);
  }
  return undefined;
}

function tellDoubt(name: string, doubt: StoodDoubt | undefined): void {
  if (doubt) void window.showInformationMessage(doubtText(name, doubt));
}

const doubtText = (name: string, doubt: StoodDoubt): string =>
  ({
    others: l10n.t('{0} may have stood otherwise: an edit shows that somebody else changed it in between.', name),
    command: l10n.t('{0} may have stood otherwise: a command of the session may have changed it afterwards.', name),
    cut: l10n.t('{0} may have stood otherwise: an edit of it is too long to be in memory whole.', name),
    later: l10n.t('{0} is shown as it was read after that turn; no turn in memory changed it in between.', name),
    earlier: l10n.t(
      '{0} is shown as it was last known, in another session or hours before; somebody else may have changed it since.',
      name,
    ),
  })[doubt];
