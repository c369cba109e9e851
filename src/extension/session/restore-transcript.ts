/** A transcript that Claude Code has deleted, back into its folder. */
import { l10n, window } from 'vscode';
import type { RestoredTranscript } from '../../protocol/memory-api';
import type { SessionId } from '../../protocol/model';
import { shorten } from '../../protocol/text';
import type { Parts } from '../parts';
import { resumeSession } from './resume';

export async function restoreTranscript(parts: Parts, id: SessionId): Promise<void> {
  const restored = await (await parts.memory.client()).restoreTranscript(id);
  const resume = l10n.t('Resume Session');
  const chosen = await window.showInformationMessage(sayRestored(restored), resume);
  if (chosen === resume) await resumeSession(parts, id);
}

/** Before a session is resumed that only memory has. False when the person would rather not. */
export async function restoreFirst({ memory }: Parts, id: SessionId, title: string): Promise<boolean> {
  const yes = l10n.t('Restore and Resume');
  const chosen = await window.showInformationMessage(
    l10n.t('The transcript of “{0}” is no longer on disk.', shorten(title, 60)),
    {
      modal: true,
      detail: l10n.t('Claude Code can resume it once the archived transcript is written back into its folder.'),
    },
    yes,
  );
  if (chosen !== yes) return false;
  await (await memory.client()).restoreTranscript(id);
  return true;
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
