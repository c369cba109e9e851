/** Restores a transcript that Claude Code has deleted to its folder. */
import { l10n, window } from 'vscode';
import type { SessionId } from '../../protocol/model';
import type { RestoredTranscript } from '../../protocol/status';
import type { Parts } from '../parts';
import { resumeSession } from './resume';

export async function restoreTranscript(parts: Parts, id: SessionId): Promise<void> {
  const restored = await (await parts.memory.client()).restoreTranscript(id);
  const resume = l10n.t('Resume Session');
  const chosen = await window.showInformationMessage(sayRestored(restored), resume);
  if (chosen === resume) await resumeSession(parts, id);
}

function sayRestored({ files, redactions, leftOutBytes }: RestoredTranscript): string {
  const isThere = files.every(({ outcome }) => outcome === 'there_already');
  if (isThere) return l10n.t('The transcript is in its folder already.');
  if (leftOutBytes > 0)
    return l10n.t(
      'The transcript is back in its folder, without what was never kept (too long or excluded). Secrets that were replaced: {0}.',
      redactions,
    );
  if (redactions > 0)
    return l10n.t('The transcript is back in its folder. Secrets that were replaced: {0}.', redactions);
  return l10n.t('The transcript is back in its folder, exactly as it was.');
}
