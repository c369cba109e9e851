/** A session as text, put together from its pieces. */
import { ProgressLocation, l10n, window } from 'vscode';
import { MemoryError } from '../../protocol/errors';
import type { SessionCard } from '../../protocol/model';
import type { SessionLabels, SessionTextQuery } from '../../protocol/questions/session-text';
import type { Parts } from '../parts';

/** Sessions one after the other, with progress. Undefined when the person has stopped it. */
export function readSessions(
  parts: Parts,
  sessions: readonly Pick<SessionCard, 'id' | 'prompts' | 'observations'>[],
  format: SessionTextQuery['format'],
  title: string,
): Thenable<string | undefined> {
  const rows = sessions.reduce((sum, { prompts, observations }) => sum + prompts + observations, 0);
  return window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      const onRows = (count: number) => progress.report({ increment: (100 * count) / Math.max(1, rows) });
      const texts: string[] = [];
      for (const { id } of sessions) {
        // One after the other, so that the progress is one too.
        // oxlint-disable-next-line no-await-in-loop
        const whole = await readText(parts, { sessionId: id, format }, stop.signal, onRows);
        if (whole === undefined) return undefined;
        texts.push(whole);
      }
      return texts.join('\n\n');
    },
  );
}

/** All pieces as one text; undefined when it was stopped, and then nothing is written. */
export async function readText(
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
  onPaper: l10n.t('A call of a tool is printed as one line. Open those that you want whole, then print again.'),
});
