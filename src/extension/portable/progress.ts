/** How far an export or an import of memory is, in a notification. */
import { l10n } from 'vscode';
import type { Progress } from 'vscode';
import type { MemoryClient } from '../../protocol/memory-api';
import type { PortablePhase, PortableProgress } from '../../protocol/portable';

/** Answers the function that ends it. */
export function showPortableProgress(client: MemoryClient, progress: Progress<{ message?: string }>): () => void {
  return client.on('portable', (event) => {
    if (event) progress.report({ message: describePortable(event) });
  });
}

function describePortable({ phase, done, total }: PortableProgress): string {
  const names: Readonly<Record<PortablePhase, string>> = {
    reading: l10n.t('reading'),
    checking: l10n.t('checking'),
    writing: l10n.t('writing'),
    importing: l10n.t('importing'),
  };
  return total === 0 ? names[phase] : `${names[phase]}, ${Math.floor((100 * done) / total)} %`;
}
