/** Files in which Claude Code reads instructions: which one, what is in it, and writing it as one step to undo. */
import { Position, Range, Uri, WorkspaceEdit, l10n, window, workspace } from 'vscode';
import { MemoryError } from '../../protocol/errors';
import { fileName } from '../../protocol/paths';
import { writableInside } from '../session/file-inside';
import { workspaceRoots } from '../workspace';

/** In a project: the shared one, the personal one, and the shared one's other place. */
const places = ['CLAUDE.md', 'CLAUDE.local.md', '.claude/CLAUDE.md'] as const;

/** Instructions to Claude must not be written in an untrusted folder. `noFolder`: what is said without a folder. */
export function mayWriteInstructions(noFolder: string): boolean {
  if (workspace.isTrusted && workspaceRoots().length > 0) return true;
  void window.showInformationMessage(
    workspace.isTrusted ? noFolder : l10n.t('This workspace is not trusted. Trust it to write to its CLAUDE.md.'),
  );
  return false;
}

/** Asks for the file. Undefined when the person cancels. */
export async function pickInstructions(title: string): Promise<Uri | undefined> {
  const found = await Promise.all(
    workspaceRoots().flatMap((root) =>
      places.map(async (place) => ({ root, place, path: await writableInside(root, place) })),
    ),
  );
  const items = await Promise.all(
    found.flatMap(({ root, place, path }) => (path === undefined ? [] : [fileItem(root, place, path)])),
  );
  if (items.length === 0) throw new MemoryError('invalid_input', 'CLAUDE.md');
  const chosen = await window.showQuickPick(items, {
    title,
    placeHolder: l10n.t('The change is shown first; nothing is written until you accept it'),
  });
  return chosen && Uri.file(chosen.path);
}

async function fileItem(root: string, place: (typeof places)[number], path: string) {
  const isThere = (await readText(Uri.file(path))) !== undefined;
  const folder = workspaceRoots().length > 1 ? `${fileName(root)} · ` : '';
  const what = place === 'CLAUDE.local.md' ? l10n.t('for you alone') : l10n.t('for everybody in this project');
  return { label: place, description: `${folder}${what}${isThere ? '' : ` · ${l10n.t('will be made')}`}`, path };
}

/** The text in the editor, including unsaved changes. Undefined when the file does not exist. */
export async function readText(file: Uri): Promise<string | undefined> {
  const isThere = await workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
  return isThere ? (await workspace.openTextDocument(file)).getText() : undefined;
}

export async function writeText(file: Uri, text: string, isThere: boolean): Promise<void> {
  const edit = new WorkspaceEdit();
  if (isThere) {
    const document = await workspace.openTextDocument(file);
    edit.replace(file, new Range(new Position(0, 0), document.lineAt(document.lineCount - 1).range.end), text);
  } else {
    await workspace.fs.createDirectory(Uri.joinPath(file, '..'));
    edit.createFile(file, { ignoreIfExists: true });
    edit.insert(file, new Position(0, 0), text);
  }
  if (!(await workspace.applyEdit(edit)))
    throw new MemoryError('busy', 'The file could not be written.', { reason: 'file_not_written' });
  await (await workspace.openTextDocument(file)).save();
}
