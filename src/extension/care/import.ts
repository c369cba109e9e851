/** Imports all transcripts now, with progress in the view. */
import { env, l10n, window } from 'vscode';
import { MemoryError } from '../../protocol/errors';
import { memoryViewId } from '../contributions';
import { formatCount } from '../format';
import type { Parts } from '../parts';

const noticeMs = 6_000;

/** Resolves when all transcripts are searchable, or when the import was cancelled by any window. */
export async function importNow({ memory, log }: Parts): Promise<void> {
  const client = await memory.client();
  const report = await window
    .withProgress({ location: { viewId: memoryViewId } }, () => client.importNow())
    .then(undefined, (error: unknown) => {
      if (MemoryError.is(error, 'cancelled')) return undefined;
      throw error;
    });
  if (!report) return;
  log.info(
    `import: ${report.filesRead} of ${report.files} files read, ${report.sessions} sessions, ` +
      `${report.observations} observations, complete: ${report.isComplete}`,
  );
  if (!report.isComplete) return;
  window.setStatusBarMessage(
    l10n.t('$(check) Memory is up to date. Sessions: {0}', formatCount(report.sessions, env.language)),
    noticeMs,
  );
}
