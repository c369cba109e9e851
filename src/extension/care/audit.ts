/** The audit log: who did what with the memory, by filter, or as a file. */
import { ProgressLocation, Uri, l10n, window, workspace } from 'vscode';
import { auditActions, auditors } from '../../protocol/audit';
import type { AuditFilter } from '../../protocol/questions/erase';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { openAuditDocument } from '../session/documents';
import { entriesOf } from './audit-text';

const dayMs = 86_400_000;

interface Choice {
  label: string;
  description?: string;
  filter?: AuditFilter;
  isExport?: true;
}

export async function showAudit(parts: Parts): Promise<void> {
  const now = Date.now();
  const choices: Choice[] = [
    { label: l10n.t('All entries'), filter: {} },
    { label: l10n.t('The last 24 hours'), filter: { since: now - dayMs } },
    { label: l10n.t('The last 7 days'), filter: { since: now - 7 * dayMs } },
    ...auditors.map((who): Choice => ({ label: who, description: l10n.t('by who it was'), filter: { who } })),
    ...auditActions.map((action): Choice => ({
      label: action,
      description: l10n.t('by what was done'),
      filter: { action },
    })),
    { label: l10n.t('Save as JSON Lines…'), isExport: true },
  ];
  const chosen = await lasting(() =>
    window.showQuickPick(choices, { title: l10n.t('Audit Log'), matchOnDescription: true }),
  );
  if (chosen?.isExport) await saveAudit(parts);
  else if (chosen?.filter) await openAuditDocument(chosen.filter);
}

async function saveAudit({ memory }: Parts): Promise<void> {
  const uri = await window.showSaveDialog({
    defaultUri: Uri.file('claude-mem-audit.jsonl'),
    filters: { 'JSON Lines': ['jsonl'] },
  });
  if (!uri) return;
  await window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Saving the audit log…') },
    async () => {
      const entries = await entriesOf(await memory.client(), {}, Infinity);
      await workspace.fs.writeFile(uri, Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')));
    },
  );
}
