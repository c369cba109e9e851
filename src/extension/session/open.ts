/** Opens files and links named in a memory. The names come from transcripts, so only harmless ones are opened. */
import { Range, Uri, commands, env, l10n, window } from 'vscode';
import type { SessionId } from '../../protocol/model';
import { hasMark } from '../../protocol/text';
import type { Parts } from '../parts';
import { workspaceRoots } from '../workspace';
import { fileInside } from './file-inside';

/** Opens an existing file inside an open folder, or inside the folder of the session. */
export async function openFile({ memory }: Parts, path: string, sessionId?: SessionId): Promise<void> {
  const cwd =
    sessionId === undefined
      ? ''
      : await (await memory.client()).getSession(sessionId).then(
          (session) => session.cwd,
          () => '',
        );
  for (const root of [cwd, ...workspaceRoots()]) {
    const found = await fileInside(root, path);
    if (found === undefined) continue;
    await commands.executeCommand('vscode.open', Uri.file(found), { preview: true });
    return;
  }
  void window.showInformationMessage(
    hasMark(path)
      ? l10n.t('{0} cannot be opened: a secret in its name was not kept.', path)
      : l10n.t('{0} is not in an open folder, or is no longer there.', path),
  );
}

/** Opens a file in which Claude Code remembers by itself, where the memory found it, at a line from 1. */
export async function openNote({ memory }: Parts, key: string, line?: number): Promise<void> {
  const note = await (await memory.client()).noteSource(key);
  const at = (line ?? note.line) - 1;
  await window.showTextDocument(Uri.file(note.path), { preview: true, selection: new Range(at, 0, at, 0) });
}

export async function openLink(url: string): Promise<void> {
  await env.openExternal(Uri.parse(url, true));
}
