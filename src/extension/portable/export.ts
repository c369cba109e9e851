/** *Export Memory…*: what, as what, where to; then a folder of its own that says what is in it. */
import { randomUUID } from 'node:crypto';
import { ProgressLocation, Uri, commands, env, l10n, window, workspace } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { askedExport } from '../../protocol/classes';
import type { ClassesLeft } from '../../protocol/classes';
import { MemoryError } from '../../protocol/errors';
import type { ExportFormat, ExportReport } from '../../protocol/portable';
import type { ExportRequest } from '../../protocol/questions/portable';
import { nameOfClass } from '../care/classes';
import { formatBytes, formatCount } from '../format';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { pickProject, pickSession } from '../pick/session';
import { showPortableProgress } from './progress';

type What = Pick<ExportRequest, 'projectIds' | 'sessionIds' | 'onlyLearnings' | 'upTo'>;

export async function exportMemory(parts: Parts): Promise<void> {
  const part = await chooseWhat(parts);
  const what = part && (await chooseClasses(parts, part));
  const format = what && (await chooseFormat());
  const folder = format && (await chooseFolder());
  if (!folder) return;
  const report = await run(parts, { ...what, requestId: randomUUID(), format, folder: folder.fsPath });
  if (!report) return;
  const reveal = l10n.t('Show in Folder');
  const { counts, bytes, folder: written, left } = report;
  const chosen = await window.showInformationMessage(
    l10n.t(
      'Exported: sessions {0}, learnings {1}, {2}. Secrets are not in it; what was said is. Keep it where only you can read it. {3}',
      formatCount(counts.sessions ?? 0, env.language),
      formatCount(counts.learnings ?? 0, env.language),
      formatBytes(bytes, env.language),
      written,
    ) + (left ? ` ${stayed(left)}` : ''),
    reveal,
  );
  if (chosen === reveal) await commands.executeCommand('revealFileInOS', Uri.file(written));
}

async function chooseWhat(parts: Parts): Promise<What | undefined> {
  const kinds: (QuickPickItem & { choose: () => Promise<What | undefined> })[] = [
    {
      label: l10n.t('$(database) Everything'),
      detail: l10n.t('Sessions, summaries, learnings, flags, tags, names, saved searches'),
      choose: async () => ({}),
    },
    {
      label: l10n.t('$(folder) A project'),
      detail: l10n.t('With all that is shown as one with it'),
      async choose() {
        const project = await pickProject(parts, l10n.t('Export Memory'));
        return project && { projectIds: [project.id] };
      },
    },
    { label: l10n.t('$(comment-discussion) A session'), choose: () => chooseSession(parts) },
    { label: l10n.t('$(lightbulb) Learnings alone'), choose: async () => ({ onlyLearnings: true }) },
  ];
  const kind = await lasting(() =>
    window.showQuickPick(kinds, {
      title: l10n.t('Export Memory'),
      placeHolder: l10n.t('What to export'),
    }),
  );
  return kind?.choose();
}

/** What stays because of its class is told before, and may come along where a person can ask for it. */
async function chooseClasses({ memory }: Parts, part: What): Promise<What | undefined> {
  const client = await memory.client();
  const left = await client.previewExport(part);
  if (left.highest === undefined) return part;
  const asked = await client.previewExport({ ...part, upTo: askedExport });
  const isMore = asked.rows + asked.sessions + asked.learnings < left.rows + left.sessions + left.learnings;
  const kinds: (QuickPickItem & { what: What })[] = [
    { label: l10n.t('$(shield) Without it'), detail: stayed(left), what: part },
    ...(isMore
      ? [
          {
            label: l10n.t('$(unlock) With what is confidential'),
            detail: asked.highest === undefined ? l10n.t('Nothing stays here') : stayed(asked),
            what: { ...part, upTo: askedExport },
          },
        ]
      : []),
  ];
  const chosen = await lasting(() =>
    window.showQuickPick(kinds, {
      title: l10n.t('Export Memory'),
      placeHolder: l10n.t('Some of it has a class that is not exported by itself'),
    }),
  );
  return chosen?.what;
}

function stayed({ rows, sessions, learnings, highest = askedExport }: ClassesLeft): string {
  const count = (number: number) => formatCount(number, env.language);
  return l10n.t(
    'Stays here: sessions {0}, rows {1}, learnings {2} ({3}).',
    count(sessions),
    count(rows),
    count(learnings),
    nameOfClass(highest),
  );
}

async function chooseSession(parts: Parts): Promise<What | undefined> {
  let what: What | undefined;
  await pickSession(parts, l10n.t('Export Memory'), async ({ id }) => {
    what = { sessionIds: [id] };
  });
  return what;
}

async function chooseFormat(): Promise<ExportFormat | undefined> {
  const kinds: (QuickPickItem & { format: ExportFormat })[] = [
    {
      label: 'JSON Lines',
      detail: l10n.t('Complete, with checksums; another memory can import it'),
      format: 'jsonl',
    },
    { label: 'CSV', detail: l10n.t('Tables for a spreadsheet'), format: 'csv' },
    { label: 'Markdown', detail: l10n.t('Sessions and learnings for people to read'), format: 'markdown' },
  ];
  return (
    await lasting(() =>
      window.showQuickPick(kinds, { title: l10n.t('Export Memory'), placeHolder: l10n.t('As what to export it') }),
    )
  )?.format;
}

async function chooseFolder(): Promise<Uri | undefined> {
  const here = workspace.workspaceFolders?.[0]?.uri;
  const [folder] =
    (await window.showOpenDialog({
      title: l10n.t('Where to export to: a folder is made there'),
      openLabel: l10n.t('Export Here'),
      canSelectFiles: false,
      canSelectFolders: true,
      ...(here && { defaultUri: Uri.joinPath(here, '..') }),
    })) ?? [];
  return folder;
}

/** Undefined when it was cancelled; then nothing of it is left. */
async function run({ memory }: Parts, request: ExportRequest): Promise<ExportReport | undefined> {
  const client = await memory.client();
  const cancel = new AbortController();
  return window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Exporting memory…'), cancellable: true },
    async (progress, token) => {
      token.onCancellationRequested(() => cancel.abort());
      const end = showPortableProgress(client, progress);
      try {
        return await client.exportMemory(request, cancel.signal);
      } catch (error) {
        if (!MemoryError.is(error, 'cancelled') && !cancel.signal.aborted) throw error;
        return undefined;
      } finally {
        end();
      }
    },
  );
}
