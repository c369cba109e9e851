/** The audit log as a document, with the check that nobody changed it. */
import { env, l10n } from 'vscode';
import type { AuditCheck, AuditEntry } from '../../protocol/audit';
import type { MemoryClient } from '../../protocol/memory-api';
import type { AuditFilter } from '../../protocol/questions/erase';
import { formatDateTime } from '../format';

/** Entries of a document; the rest is in the export. */
const mostShown = 1000;
const page = 200;

/** The latest first. */
export async function entriesOf(client: MemoryClient, filter: AuditFilter, most: number): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  let before: number | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- page after page
    const { items, next } = await client.readAudit({ ...filter, limit: page, ...(before !== undefined && { before }) });
    entries.push(...items);
    before = next === undefined ? undefined : Number(next);
  } while (before !== undefined && entries.length < most);
  return entries.slice(0, most);
}

/** As Markdown. */
export async function auditText(client: MemoryClient, filter: AuditFilter): Promise<string> {
  const [check, entries] = await Promise.all([client.verifyAudit(), entriesOf(client, filter, mostShown)]);
  return [
    `# ${l10n.t('Audit Log')}`,
    describeCheck(check),
    l10n.t('It has no text of a session: what was read or erased is named by ids and kinds only.'),
    entries.length === 0
      ? l10n.t('No entries.')
      : [
          `| ${columns().join(' | ')} |`,
          '| ---: | --- | --- | --- | --- | --- | ---: | --- |',
          ...entries.map(rowOf),
        ].join('\n'),
    ...(entries.length === mostShown
      ? [l10n.t('Only the latest {0} are shown; Save as JSON Lines has all.', mostShown)]
      : []),
    '',
  ].join('\n\n');
}

const columns = (): string[] => [
  l10n.t('No.'),
  l10n.t('Time'),
  l10n.t('Who'),
  l10n.t('Action'),
  l10n.t('About'),
  l10n.t('Result'),
  'ms',
  l10n.t('Details'),
];

function rowOf({ no, at, who, action, resource, result, durationMs, details }: AuditEntry): string {
  const more = Object.entries(details).map(([name, value]) => `${name}=${value}`);
  const cells = [no, formatDateTime(at, env.language), who, action, resource, result, durationMs, more.join(' ')];
  return `| ${cells.map((cell) => String(cell).replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}

function describeCheck({ entries, changed, isCut, isOtherKey, unchained }: AuditCheck): string {
  if (isOtherKey)
    return l10n.t('**The log cannot be trusted**: it was written with another key, or its ends were changed.');
  if (changed.length > 0)
    return l10n.t('**Entries were changed or removed**, at: {0}.', changed.slice(0, 20).join(', '));
  if (isCut) return l10n.t('**Entries are missing** at the end of the log.');
  return l10n.t(
    'Checked: of {0} entries none was changed or removed. From before the log had a chain: {1}.',
    entries,
    unchained,
  );
}
