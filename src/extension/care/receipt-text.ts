/** A receipt as a document. It has no word of what was erased. */
import { env, l10n } from 'vscode';
import type { CheckedReceipt, ErasedKind, ReceiptBody, ScannedPart } from '../../protocol/erase';
import { formatBytes, formatCount, formatDateTime } from '../format';

const count = (value: number): string => formatCount(value, env.language);

export function nameOf(kind: ErasedKind): string {
  const names: Readonly<Record<ErasedKind, string>> = {
    rows: l10n.t('Rows erased'),
    turn: l10n.t('Turn erased'),
    range: l10n.t('Time range erased'),
    query: l10n.t('Matches of a search erased'),
    session: l10n.t('Session forgotten'),
    project: l10n.t('Project forgotten'),
    everything: l10n.t('All memory deleted'),
    archive: l10n.t('Archive deleted'),
    again: l10n.t('Erased again in an older memory'),
  };
  return names[kind];
}

function nameOfPart(part: ScannedPart): string {
  const names: Readonly<Record<ScannedPart, string>> = {
    database: l10n.t('Database, with index and free pages'),
    journal: l10n.t('Journals'),
    archive: l10n.t('Archive, also unpacked'),
    vectors: l10n.t('Vectors'),
    backup: l10n.t('Backups, also unpacked'),
    log: l10n.t('Logs'),
    brief: l10n.t('Briefs'),
    other: l10n.t('Other files'),
  };
  return names[part];
}

/** As Markdown. */
export function receiptText({ body, signature, isGenuine, isInAudit }: CheckedReceipt): string {
  return [
    `# ${nameOf(body.kind)}`,
    verdictOf(body),
    isGenuine
      ? l10n.t('The signature is genuine: this memory wrote the receipt, and nobody has changed it.')
      : l10n.t('**The signature is not genuine**: the receipt was changed, or another memory wrote it.'),
    isInAudit
      ? l10n.t('The audit log has its hash.')
      : l10n.t(
          '**The audit log does not have its hash**: entries are removed from it when they are older than 400 days.',
        ),
    `## ${l10n.t('What was asked')}`,
    [
      [l10n.t('Receipt'), body.id],
      [l10n.t('Asked for'), formatDateTime(body.askedAt, env.language)],
      [l10n.t('Files searched'), formatDateTime(body.provedAt, env.language)],
      [l10n.t('Messages'), count(body.erased.prompts)],
      [l10n.t('Tool calls'), count(body.erased.observations)],
      [l10n.t('Whole sessions'), count(body.erased.sessions)],
      [l10n.t('Titles'), count(body.erased.titles)],
      [l10n.t('Learnings'), count(body.erased.learnings)],
      [l10n.t('Notes'), count(body.erased.notes)],
      [l10n.t('Backups replaced'), count(body.backupsReplaced)],
    ]
      .map(([name, value]) => `- ${name}: ${value}`)
      .join('\n'),
    `## ${l10n.t('What was searched')}`,
    l10n.t(
      'Pieces of the erased texts: {0}, of {1} rows. {2} more pieces also stand in what stays and say nothing; {3} rows had no piece of their own. Before, {4} pieces were found in the database.',
      count(body.pieces),
      count(body.sampled),
      count(body.shared),
      count(body.withoutPiece),
      count(body.foundBefore),
    ),
    [
      `| ${l10n.t('Part')} | ${l10n.t('Files')} | ${l10n.t('Bytes')} | ${l10n.t('Found')} |`,
      '| --- | ---: | ---: | ---: |',
      ...body.files.map(
        ({ part, files, bytes, found }) =>
          `| ${nameOfPart(part)} | ${count(files)} | ${formatBytes(bytes, env.language)} | ${count(found)} |`,
      ),
    ].join('\n'),
    ...(body.leftOut.length > 0
      ? [l10n.t('Not searched, because nothing of a session stands there: {0}.', body.leftOut.join(', '))]
      : []),
    ...(body.exports ?? []).map(({ folder, found }) =>
      found > 0
        ? l10n.t('**An export of yours still has it:** {0}. It is yours; delete it if it should not.', `\`${folder}\``)
        : l10n.t('Nothing of it stands in your export {0}.', `\`${folder}\``),
    ),
    ...(body.isSecondUnreached
      ? [
          l10n.t(
            '**Not reached: the second backup folder.** What was erased still stands in it, and goes as soon as it is connected.',
          ),
        ]
      : []),
    l10n.t(
      'Not searched, because it is not of this memory: Claude Code’s own transcripts, and single files that you exported.',
    ),
    `## ${l10n.t('Signature')}`,
    l10n.t('Ed25519 over the text below, by this key: {0}', `\`${body.publicKey}\``),
    `\`${signature}\``,
    `\`\`\`json\n${JSON.stringify(body)}\n\`\`\``,
    '',
  ].join('\n\n');
}

const verdictOf = ({ residue, pieces }: ReceiptBody): string => {
  if (residue > 0) return l10n.t('**Something is left**: pieces were found {0} times.', count(residue));
  return pieces === 0
    ? l10n.t('The rows had no piece that stands nowhere else, so nothing could be searched for.')
    : l10n.t('**Nothing is left**: no piece of it was found in any file.');
};
