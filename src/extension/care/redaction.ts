/** Rules of redaction of one's own: a scan of what was stored before them, and a warning about patterns that are refused. */
import { randomUUID } from 'node:crypto';
import { ProgressLocation, env, l10n, window } from 'vscode';
import type { Disposable } from 'vscode';
import { MemoryError } from '../../protocol/errors';
import type { MemoryClient } from '../../protocol/memory-api';
import type { RedactionStatus, RefusedPattern, ScanPhase, ScanProgress, ScanReport } from '../../protocol/redaction';
import { settingIds } from '../contributions';
import { formatBytes, formatCount } from '../format';
import { logError } from '../log';
import { openSettings } from '../open-settings';
import type { Parts } from '../parts';
import { dropPrints } from '../session/print';
import { confirm } from './confirm';

/** Key in the global state: refused patterns that were told. */
const toldKey = 'claudeMem.refusedTold';
const maxTold = 100;

/** Says first how large it is. Returns what was found as text; empty when it was not wanted or was cancelled. */
export async function scanAgain(parts: Parts): Promise<string> {
  const { memory, log } = parts;
  const client = await memory.client();
  const [preview, status] = await Promise.all([client.previewScan(), client.redaction()]);
  const count = (value: number) => formatCount(value, env.language);
  const isSure = await confirm(
    l10n.t('Scan all memory again?'),
    [
      l10n.t(
        'The rules of today are applied to all that was stored before: texts with their index and vectors ({0}), the archive ({1} unpacked), learnings, summaries and names. What they find is replaced for good.',
        count(preview.rows),
        formatBytes(preview.archiveBytes, env.language),
      ),
      describeRules(status),
      l10n.t(
        'A backup is made afterwards; those made before ({0}) and copies that a restore or a repair put aside ({1}) are deleted, because they hold the texts as they were. The transcripts in Claude Code’s folder are not changed. It can be cancelled and begun again at any time.',
        count(preview.backups),
        count(preview.aside),
      ),
    ].join('\n\n'),
    l10n.t('Scan'),
  );
  if (!isSure) return '';
  const report = await withProgress(client);
  if (!report) return '';
  await dropPrints(parts);
  log.info(`scan: ${report.rows} rows, ${report.changed} changed, ${report.backupsReplaced} backups replaced`);
  const told = describeReport(report);
  void window.showInformationMessage(told);
  return told;
}

/** Undefined when it was cancelled: what was scanned by then stays replaced. */
async function withProgress(client: MemoryClient): Promise<ScanReport | undefined> {
  const cancel = new AbortController();
  return window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Scanning memory…'), cancellable: true },
    async (progress, token) => {
      token.onCancellationRequested(() => cancel.abort());
      const end = client.on('scan', (event) => event && progress.report({ message: describeProgress(event) }));
      try {
        return await client.scanAgain(randomUUID(), cancel.signal);
      } catch (error) {
        if (!MemoryError.is(error, 'cancelled') && !cancel.signal.aborted) throw error;
        void window.showWarningMessage(
          l10n.t(
            'The scan was cancelled. What it had replaced by then stays replaced; backups were not touched. Scan Memory Again begins anew.',
          ),
        );
        return undefined;
      } finally {
        end();
      }
    },
  );
}

function describeProgress({ phase, done, total }: ScanProgress): string {
  const names: Readonly<Record<ScanPhase, string>> = {
    texts: l10n.t('texts'),
    archive: l10n.t('archive'),
    erasing: l10n.t('overwriting what was replaced'),
    backups: l10n.t('backups'),
  };
  return total === 0 ? names[phase] : `${names[phase]}, ${Math.floor((100 * done) / total)} %`;
}

function describeRules({ patterns, words, kinds, refused }: RedactionStatus): string {
  const own = l10n.t(
    'Rules in force: all for secrets; patterns of your own: {0}, words: {1}, kinds of personal data: {2}.',
    patterns,
    words,
    kinds.length,
  );
  return refused.length === 0
    ? own
    : `${own} ${l10n.t('Patterns that were refused and find nothing: {0}.', refused.map(({ name }) => name).join(', '))}`;
}

function describeReport({ counts, rows, backupsReplaced }: ScanReport): string {
  const kinds = Object.entries(counts).toSorted(([, one], [, other]) => other - one);
  const scanned = l10n.t(
    'Texts: {0}. Backups replaced: {1}.',
    formatCount(rows, env.language),
    formatCount(backupsReplaced, env.language),
  );
  if (kinds.length === 0) return `${l10n.t('The memory was scanned and nothing was found.')} ${scanned}`;
  const list = kinds.map(([kind, count]) => `${kind} ${formatCount(count, env.language)}`).join(', ');
  return `${l10n.t('The memory was scanned. Replaced: {0}.', list)} ${scanned}`;
}

/** Warns once about each pattern that is refused, when the keeper has judged it. */
export function watchRefused({ memory, extension, log }: Parts): Disposable {
  const check = async () => {
    if (memory.settings.redactionPatterns.length === 0 || !memory.connection.isConnected) return;
    const { refused } = await (await memory.client()).redaction();
    const told = extension.globalState.get<string[]>(toldKey, []);
    const fresh = refused.filter(({ name, fault }) => !told.includes(`${fault} ${name}`));
    const [first] = fresh;
    if (!first) return;
    await extension.globalState.update(
      toldKey,
      [...told, ...fresh.map(({ name, fault }) => `${fault} ${name}`)].slice(-maxTold),
    );
    const open = l10n.t('Open Settings');
    const answer = await window.showWarningMessage(describeFault(first), open);
    if (answer === open) await openSettings(settingIds.redactionPatterns);
  };
  const run = () => void check().catch((error: unknown) => logError(log, 'checking patterns of redaction', error));
  const settings = memory.onConfigured(run);
  run();
  return settings;
}

function describeFault({ name, fault, detail }: RefusedPattern): string {
  switch (fault) {
    case 'invalid':
      return l10n.t('The pattern of redaction “{0}” is not applied: it is no regular expression. {1}', name, detail);
    case 'empty':
      return l10n.t('The pattern of redaction “{0}” is not applied: it also describes a text without letters.', name);
    case 'costly':
      return l10n.t(
        'The pattern of redaction “{0}” is not applied: on some texts it would take far too long ({1}). Bound its repetitions.',
        name,
        detail,
      );
    case 'unproven':
      return l10n.t(
        'The pattern of redaction “{0}” is not applied: how long it takes could not be found out. Write it more simply.',
        name,
      );
    default:
      return l10n.t(
        'The pattern of redaction “{0}” took too long on a text and is switched off until the next start.',
        name,
      );
  }
}
