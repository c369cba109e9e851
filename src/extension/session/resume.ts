/** Resumes a session of Claude Code: the command is copied or typed into a terminal, but not run. */
import { Uri, env, l10n, window, workspace } from 'vscode';
import type { Terminal } from 'vscode';
import { MemoryError } from '../../protocol/errors';
import type { SessionId } from '../../protocol/model';
import { hasMark } from '../../protocol/text';
import { titleLine } from '../format';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { resumeCommand } from './resume-command';

const promptMs = 2_000;

export async function resumeSession(parts: Parts, id: SessionId): Promise<void> {
  const command = resumeCommand(id);
  if (command === undefined)
    throw new MemoryError('invalid_input', l10n.t('the id of this session has an unusual form'));
  const { cwd, movedTo, project, title, status } = await (await parts.memory.client()).getSession(id);
  if (status === 'archived' && !(await restoreFirst(parts, id, title))) return;
  const own = await existingFolder(cwd);
  // A joined project has moved: the same folder there, or at least its root.
  const folder = own ?? (movedTo === undefined ? undefined : await firstFolder([movedTo, project.root]));
  const type = {
    label: l10n.t('$(terminal) Type into a terminal'),
    detail: folder
      ? own
        ? l10n.t('In {0}. You press Enter.', folder.fsPath)
        : l10n.t('In {0}, where the project is now. You press Enter.', folder.fsPath)
      : hasMark(cwd)
        ? l10n.t(
            'A secret in the name of the folder was not kept: the terminal opens in the workspace. You press Enter.',
          )
        : l10n.t('The session’s folder is not here: the terminal opens in the workspace. You press Enter.'),
  };
  const copy = { label: l10n.t('$(copy) Copy the command'), detail: command };
  const chosen = await lasting(() =>
    window.showQuickPick([type, copy], {
      title: l10n.t('Resume “{0}”', titleLine(title, 60)),
      placeHolder: command,
    }),
  );
  if (chosen === copy) await env.clipboard.writeText(command);
  if (chosen !== type) return;
  const terminal = window.createTerminal({ name: `Claude: ${titleLine(title, 30)}`, ...(folder && { cwd: folder }) });
  terminal.show();
  await waitForPrompt(terminal);
  terminal.sendText(command, false);
}

/** Asked before an archived session is resumed. False when the person cancels. */
async function restoreFirst({ memory }: Parts, id: SessionId, title: string): Promise<boolean> {
  const yes = l10n.t('Restore and Resume');
  const chosen = await window.showInformationMessage(
    l10n.t('The transcript of “{0}” is no longer on disk.', titleLine(title, 60)),
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

/**
 * A shell that is still starting would print the text twice. A shell without shell integration never reports that it is
 * ready, so the wait is limited.
 */
export function waitForPrompt(terminal: Terminal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      subscription.dispose();
      resolve();
    };
    const timer = setTimeout(done, promptMs);
    const subscription = window.onDidChangeTerminalShellIntegration((event) => event.terminal === terminal && done());
  });
}

async function firstFolder(paths: readonly string[]): Promise<Uri | undefined> {
  for (const path of paths) {
    const folder = await existingFolder(path);
    if (folder) return folder;
  }
  return undefined;
}

async function existingFolder(path: string): Promise<Uri | undefined> {
  if (path === '') return undefined;
  const uri = Uri.file(path);
  const isThere = await workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  return isThere ? uri : undefined;
}
