/** A session as a file for reading, keeping or printing, and a turn of it for the clipboard. */
import { ProgressLocation, Uri, commands, env, l10n, window, workspace } from 'vscode';
import { MemoryError } from '../../protocol/errors';
import type { SessionId } from '../../protocol/model';
import type { SessionLabels, SessionTextQuery } from '../../protocol/questions/session-text';
import { firstLetters } from '../../protocol/text';
import { formatStamp } from '../format';
import { copyPlain } from '../insert/copy';
import type { Parts } from '../parts';

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
  const kind = sessions.length > 1 ? kinds[0] : await window.showQuickPick(kinds, { title: l10n.t('Export Session') });
  if (!kind) return;
  const title = sessions.length > 1 ? l10n.t('{0} sessions', sessions.length) : session.title;
  const name = `${fileStem(title)} ${formatStamp(session.startedAt).slice(0, 10)}.${kind.ending}`;
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const target = await window.showSaveDialog({
    ...(folder && { defaultUri: Uri.joinPath(folder, name) }),
    filters: { [kind.label]: [kind.ending] },
  });
  if (!target) return;
  const rows = sessions.reduce((sum, { prompts, observations }) => sum + prompts + observations, 0);
  const text = await window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Exporting the session'), cancellable: true },
    async (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      const onRows = (count: number) => progress.report({ increment: (100 * count) / Math.max(1, rows) });
      const texts: string[] = [];
      for (const sessionId of ids) {
        // One after the other, so that the progress is one too.
        // oxlint-disable-next-line no-await-in-loop
        const whole = await readText(parts, { sessionId, format: kind.format }, stop.signal, onRows);
        if (whole === undefined) return undefined;
        texts.push(whole);
      }
      return texts.join('\n\n');
    },
  );
  if (text === undefined) return;
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

/** All pieces as one text; undefined when it was stopped, and then nothing is written. */
async function readText(
  { memory }: Parts,
  query: Omit<SessionTextQuery, 'labels' | 'cursor'>,
  signal: AbortSignal,
  onRows: (count: number) => void = () => {},
): Promise<string | undefined> {
  const pieces: string[] = [];
  let cursor: string | undefined;
  try {
    do {
      const asked = { ...query, labels: labels(), ...(cursor !== undefined && { cursor }) };
      // oxlint-disable-next-line no-await-in-loop -- each piece says where the next one begins
      const piece = await (await memory.client()).sessionText(asked, signal);
      pieces.push(piece.text);
      onRows(piece.rows);
      cursor = piece.next;
    } while (cursor !== undefined);
  } catch (error) {
    if (signal.aborted || MemoryError.is(error, 'cancelled')) return undefined;
    throw error;
  }
  return pieces.join('\n');
}

const labels = (): SessionLabels => ({
  you: l10n.t('You'),
  claude: 'Claude',
  subAgent: l10n.t('Sub-agent'),
  task: l10n.t('Task'),
  error: l10n.t('failed'),
  shortened: l10n.t('Shortened: the transcript has more.'),
});

/** A title as the name of a file on every system. */
export function fileStem(title: string): string {
  const plain = title.replaceAll(/[^\p{L}\p{N} ._-]+/gu, ' ').replaceAll(/\s+/g, ' ');
  return firstLetters(plain.replace(/^[ .]+/, ''), 60).trim() || 'session';
}
