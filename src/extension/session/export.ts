/** A session as a file for reading, keeping or printing, and a turn of it for the clipboard. */
import { Uri, commands, env, l10n, window, workspace } from 'vscode';
import type { SessionId } from '../../protocol/model';
import type { SessionTextQuery } from '../../protocol/questions/session-text';
import { firstLetters } from '../../protocol/text';
import { formatStamp } from '../format';
import { copyPlain } from '../insert/copy';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { readSessions, readText } from './session-text';

type Format = SessionTextQuery['format'];

/** Asks what kind of file and where, then writes it. What is there already is replaced only when the person says so. */
export async function exportSessions(parts: Parts, ids: readonly SessionId[]): Promise<void> {
  const client = await parts.memory.client();
  const sessions = await Promise.all(ids.map((id) => client.getSession(id)));
  const [session] = sessions;
  if (!session) return;
  const kinds: { label: string; detail: string; format: Format; ending: string }[] = [
    { label: 'Markdown', detail: l10n.t('Text for editors and for Claude'), format: 'markdown', ending: 'md' },
    {
      label: 'HTML',
      detail: l10n.t('One page for reading in a browser and for printing'),
      format: 'html',
      ending: 'html',
    },
  ];
  // A page of HTML is one session; several are one Markdown document.
  const kind =
    sessions.length > 1
      ? kinds[0]
      : await lasting(() => window.showQuickPick(kinds, { title: l10n.t('Export Session') }));
  if (!kind) return;
  const title = sessions.length > 1 ? l10n.t('{0} sessions', sessions.length) : session.title;
  const name = `${fileStem(title)} ${formatStamp(session.startedAt).slice(0, 10)}.${kind.ending}`;
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const target = await window.showSaveDialog({
    ...(folder && { defaultUri: Uri.joinPath(folder, name) }),
    filters: { [kind.label]: [kind.ending] },
  });
  if (!target) return;
  const text = await readSessions(parts, sessions, kind.format, l10n.t('Exporting the session'));
  if (text === undefined) return;
  // Noted first: nothing leaves that the audit log does not know.
  await client.noteExport('sessions', sessions.length);
  await workspace.fs.writeFile(target, Buffer.from(text));
  const open = kind.format === 'html' ? l10n.t('Open in Browser') : l10n.t('Open File');
  const chosen = await window.showInformationMessage(l10n.t('Written to {0}.', target.fsPath), open);
  if (chosen === undefined) return;
  if (kind.format === 'html') await env.openExternal(target);
  else await commands.executeCommand('vscode.open', target);
}

/** Copies a turn as Markdown: the prompt and everything up to the next one. */
export async function copyTurn(parts: Parts, sessionId: SessionId, turn: number): Promise<void> {
  const text = await readText(parts, { sessionId, format: 'markdown', turn }, new AbortController().signal);
  if (text !== undefined) await copyPlain(text);
}

/** A title as the name of a file on every system. */
export function fileStem(title: string): string {
  const plain = title.replaceAll(/[^\p{L}\p{N} ._-]+/gu, ' ').replaceAll(/\s+/g, ' ');
  return firstLetters(plain.replace(/^[ .]+/, ''), 60).trim() || 'session';
}
