/** *Import Memory…*: says first what would come and what would not, and why; then brings it. */
import { randomUUID } from 'node:crypto';
import { ProgressLocation, env, l10n, window } from 'vscode';
import { MemoryError } from '../../protocol/errors';
import type { MemoryClient } from '../../protocol/memory-api';
import type {
  ImportCounts,
  ImportSkip,
  KindCounts,
  MemoryImportPreview,
  MemoryImportReport,
  RecordKind,
} from '../../protocol/portable';
import { confirm } from '../care/confirm';
import { formatBytes, formatCount, formatStamp, titleLine } from '../format';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { showPortableProgress } from './progress';

const maxProjects = 8;

export async function importMemory(parts: Parts): Promise<void> {
  const path = await chooseSource();
  if (path === undefined) return;
  const client = await parts.memory.client();
  const preview = await withProgress(client, l10n.t('Looking at what would be imported…'), (signal) =>
    client.previewMemoryImport(path, signal),
  );
  if (!preview) return;
  if (sumOf(preview.added) + sumOf(preview.changed) === 0) {
    await window.showInformationMessage(l10n.t('All of it is in memory already, or is not wanted here.'), {
      modal: true,
      detail: describeImport(preview),
    });
    return;
  }
  const isSure = await confirm(l10n.t('Import this memory?'), describePreview(preview), l10n.t('Import'));
  if (!isSure) return;
  const report = await withProgress(client, l10n.t('Importing memory…'), (signal) =>
    client.importMemory(randomUUID(), path, signal),
  );
  if (report) void window.showInformationMessage(describeReport(report));
}

async function chooseSource(): Promise<string | undefined> {
  const folder = {
    label: l10n.t('$(folder) A folder that was exported'),
    detail: l10n.t('It has a manifest.json'),
    isFolder: true,
  };
  const file = {
    label: l10n.t('$(database) Another memory.db'),
    detail: l10n.t('Of WSL, another editor or another computer; it is only read'),
    isFolder: false,
  };
  const kind = await lasting(() =>
    window.showQuickPick([folder, file], {
      title: l10n.t('Import Memory'),
      placeHolder: l10n.t('Where it comes from'),
    }),
  );
  if (!kind) return undefined;
  const [chosen] =
    (await window.showOpenDialog({
      title: l10n.t('Import Memory'),
      openLabel: l10n.t('Look at It'),
      canSelectFiles: !kind.isFolder,
      canSelectFolders: kind.isFolder,
      ...(!kind.isFolder && { filters: { 'memory.db': ['db'] } }),
    })) ?? [];
  return chosen?.fsPath;
}

async function withProgress<T>(
  client: MemoryClient,
  title: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const cancel = new AbortController();
  return window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      token.onCancellationRequested(() => cancel.abort());
      const end = showPortableProgress(client, progress);
      try {
        return await work(cancel.signal);
      } catch (error) {
        if (!MemoryError.is(error, 'cancelled') && !cancel.signal.aborted) throw error;
        return undefined;
      } finally {
        end();
      }
    },
  );
}

const count = (value: number): string => formatCount(value, env.language);
const sumOf = (counts: KindCounts): number => Object.values(counts).reduce((sum, each) => sum + each, 0);

function describePreview(preview: MemoryImportPreview): string {
  const { at, bytes, projects } = preview;
  const shown = projects
    .slice(0, maxProjects)
    .map(({ name, sessions, isNew }) =>
      isNew
        ? l10n.t('{0} (new here): {1}', titleLine(name, 60), count(sessions))
        : `${titleLine(name, 60)}: ${count(sessions)}`,
    );
  const more = projects.length - shown.length;
  return [
    l10n.t('Of {0}, {1}.', formatStamp(at), formatBytes(bytes, env.language)),
    describeImport(preview),
    ...(shown.length > 0
      ? [[l10n.t('New sessions by project:'), ...shown, ...(more > 0 ? [l10n.t('and {0} more', more)] : [])].join('\n')]
      : []),
    l10n.t(
      'Texts are redacted by the rules of today. Of two versions of a learning, a flag or a name the newer one is kept; what was deleted here stays deleted. It can be cancelled and begun again at any time.',
    ),
  ].join('\n\n');
}

/** What comes, and what does not and why; empty parts are left out. */
function describeImport({ added, changed, skipped }: ImportCounts): string {
  const lines = [
    [l10n.t('New'), added],
    [l10n.t('Changed'), changed],
    ...(Object.entries(skipped) as [ImportSkip, KindCounts][]).map(([why, counts]) => [describeSkip(why), counts]),
  ] as [string, KindCounts][];
  return lines
    .filter(([, counts]) => sumOf(counts) > 0)
    .map(([name, counts]) => `${name}: ${describeCounts(counts)}`)
    .join('\n');
}

function describeCounts(counts: KindCounts): string {
  const names: Partial<Record<RecordKind, string>> = {
    sessions: l10n.t('sessions'),
    prompts: l10n.t('messages'),
    observations: l10n.t('tool calls'),
    summaries: l10n.t('summaries'),
    learnings: l10n.t('learnings'),
    marks: l10n.t('flags and tags'),
    names: l10n.t('names and pins'),
    searches: l10n.t('saved searches'),
  };
  const known = (Object.entries(names) as [RecordKind, string][]).flatMap(([kind, name]) =>
    counts[kind] === undefined ? [] : `${name} ${count(counts[kind])}`,
  );
  const others =
    sumOf(counts) - (Object.keys(names) as RecordKind[]).reduce((sum, kind) => sum + (counts[kind] ?? 0), 0);
  return [...known, ...(others > 0 ? [l10n.t('other records {0}', count(others))] : [])].join(', ');
}

function describeSkip(why: ImportSkip): string {
  const reasons: Readonly<Record<ImportSkip, string>> = {
    known: l10n.t('Here already'),
    ownTranscript: l10n.t('Left to the transcript that is here'),
    forgotten: l10n.t('Not imported, because it was forgotten here'),
    erased: l10n.t('Not imported, because something of its session was erased here'),
    excluded: l10n.t('Not imported, because its folder is excluded here'),
    newerHere: l10n.t('Not imported, because it was changed or deleted here later'),
    alone: l10n.t('Not imported, because what it belongs to is not here'),
    full: l10n.t('Not imported, because there is no place for more'),
    machine: l10n.t('Not imported, because it is about the other machine'),
  };
  return reasons[why];
}

function describeReport({ added, changed, redactions }: MemoryImportReport): string {
  return l10n.t(
    'Memory was imported. New: {0}. Changed: {1}. Texts in which something was redacted again: {2}.',
    describeCounts(added) || count(0),
    describeCounts(changed) || count(0),
    count(redactions),
  );
}
