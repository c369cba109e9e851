/** What the setting `claudeMem.exclude` means here: a preview, and a warning about a pattern that matches nothing. */
import { QuickPickItemKind, commands, env, l10n, window } from 'vscode';
import type { Disposable, QuickPickItem } from 'vscode';
import type { ExcludePreview } from '../../protocol/status';
import { commandIds, settingIds } from '../contributions';
import { formatCount, plain } from '../format';
import { logError } from '../log';
import { openSettings } from '../open-settings';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { readExcludes } from '../workspace';

/** Key in the global state: patterns that were warned about. */
const toldKey = 'claudeMem.excludesTold';
const maxTold = 1000;

/** Lists the projects that each pattern matches. Choosing a row opens the setting. */
export async function previewExcludes({ memory }: Parts): Promise<void> {
  const previews = await (await memory.client()).previewExcludes(readExcludes());
  const rows = previews.flatMap(rowsOf);
  const chosen = await lasting(() =>
    window.showQuickPick(
      rows.length > 0
        ? rows
        : [{ label: `$(info) ${l10n.t('Nothing is excluded. The setting is a list of folders.')}`, alwaysShow: true }],
      {
        title: l10n.t('Preview Excluded Projects'),
        placeHolder: l10n.t('What each exclude matches'),
        matchOnDescription: true,
        matchOnDetail: true,
      },
    ),
  );
  if (chosen) await openSetting();
}

function rowsOf({ pattern, readAs, projects }: ExcludePreview): QuickPickItem[] {
  const head = { label: `${pattern} · ${l10n.t('read as {0}', readAs)}`, kind: QuickPickItemKind.Separator };
  if (projects.length === 0)
    return [head, { label: `$(warning) ${l10n.t('No known project matches')}`, description: plain(pattern) }];
  return [
    head,
    ...projects.map(({ name, root, sessions }) => ({
      label: `$(folder) ${plain(name)}`,
      description: plain(root),
      detail:
        sessions > 0
          ? l10n.t('Read before: {0}. Forget the project to delete them', formatCount(sessions, env.language))
          : l10n.t('Nothing was read'),
    })),
  ];
}

/** Warns once about each pattern that matches no known project, when an import has ended or the setting changed. */
export function watchExcludes({ memory, extension, log }: Parts): Disposable {
  // Without it the keeper would be asked again at the end of every small import.
  const checked = new Set<string>();
  const check = async () => {
    const told = extension.globalState.get<string[]>(toldKey, []);
    const patterns = readExcludes().filter((pattern) => !told.includes(pattern) && !checked.has(pattern));
    if (patterns.length === 0 || memory.capture?.phase !== 'idle') return;
    const client = await memory.client();
    // Before anything was read nothing can match.
    if ((await client.projects()).length === 0) return;
    const idle = (await client.previewExcludes(patterns)).filter(({ projects }) => projects.length === 0);
    for (const pattern of patterns) checked.add(pattern);
    const [first] = idle;
    if (!first) return;
    await extension.globalState.update(toldKey, [...told, ...idle.map(({ pattern }) => pattern)].slice(-maxTold));
    const preview = l10n.t('Preview');
    const open = l10n.t('Open Settings');
    const answer = await window.showWarningMessage(
      l10n.t('“{0}” excludes no project that is known here. It was read as “{1}”.', first.pattern, first.readAs),
      preview,
      open,
    );
    if (answer === preview) await commands.executeCommand(commandIds.previewExcludes);
    if (answer === open) await openSetting();
  };
  const run = () => void check().catch((error: unknown) => logError(log, 'checking excludes', error));
  const windowChanges = memory.onWindowChanged(() => {
    checked.clear();
    run();
  });
  const captures = memory.onCapture(({ phase }) => phase === 'idle' && run());
  run();
  return {
    dispose() {
      windowChanges.dispose();
      captures.dispose();
    },
  };
}

const openSetting = () => openSettings(settingIds.exclude);
