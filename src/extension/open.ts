/** Files and links that a memory names. Both names come from transcripts: only what is plainly harmless is opened. */
import { realpath } from 'node:fs/promises';
import { isAbsolute, parse, relative, resolve } from 'node:path';
import { Uri, commands, env, l10n, window } from 'vscode';
import type { SessionId } from '../protocol/model';
import type { Parts } from './parts';
import { workspaceRoots } from './workspace';

/** Opens an existing file inside an open folder, or inside the folder of the session that names it. */
export async function openFile({ memory }: Parts, path: string, sessionId?: SessionId): Promise<void> {
  const cwd = sessionId === undefined ? '' : await (await memory.client()).getSession(sessionId).then((session) => session.cwd, () => '');
  // A transcript that claims to have run in the root of the disk would make every file its own.
  const isFolder = isAbsolute(cwd) && resolve(cwd) !== parse(cwd).root;
  const roots = [...(isFolder ? [cwd] : []), ...workspaceRoots()];
  for (const root of roots) {
    const found = await fileInside(root, path);
    if (found === undefined) continue;
    await commands.executeCommand('vscode.open', Uri.file(found), { preview: true });
    return;
  }
  void window.showInformationMessage(l10n.t('{0} is not in an open folder, or is no longer there.', path));
}

export async function openLink(url: string): Promise<void> {
  await env.openExternal(Uri.parse(url, true));
}

/** The real path of a file below `root`, links followed on both sides, or nothing. */
async function fileInside(root: string, path: string): Promise<string | undefined> {
  try {
    const [folder, file] = await Promise.all([realpath(root), realpath(resolve(root, path))]);
    const inner = relative(folder, file);
    return inner === '' || inner.startsWith('..') || isAbsolute(inner) ? undefined : file;
  } catch {
    return undefined;
  }
}
