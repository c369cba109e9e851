/** Files in which Claude Code reads instructions: which one, what is in it, and writing it as one step to undo. */
import { lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { Position, Range, Uri, WorkspaceEdit, l10n, window, workspace } from 'vscode';
import { MemoryError } from '../../protocol/errors';
import { fileName } from '../../protocol/paths';
import { lasting } from '../pick/lasting';
import { writableInside } from '../session/file-inside';
import { shortPath, workspaceRoots } from '../workspace';

/** In a project: the shared one, the personal one, and the shared one's other place. */
const places = ['CLAUDE.md', 'CLAUDE.local.md', '.claude/CLAUDE.md'] as const;

/** Instructions to Claude must not be written in an untrusted folder. `noFolder`: what is said without a folder. */
export function mayWriteInstructions(noFolder: string): boolean {
  if (!isTrusted()) return false;
  if (workspaceRoots().length > 0) return true;
  void window.showInformationMessage(noFolder);
  return false;
}

/** The same where a file of the person's own is offered, which needs no folder. */
export function isTrusted(): boolean {
  if (workspace.isTrusted) return true;
  void window.showInformationMessage(l10n.t('This workspace is not trusted. Trust it to write to its CLAUDE.md.'));
  return false;
}

/** A file of instructions that may be written. */
export interface Instructions {
  file: Uri;
  /** As a person calls it. */
  name: string;
  /** The folder it is for; absent for the person's own, which Claude Code reads in every project. */
  root?: string;
}

/**
 * Asks for the file. `configDirs`: those of Claude Code whose own file is offered too. Undefined when the person cancels.
 */
export async function pickInstructions(
  title: string,
  configDirs: readonly string[] = [],
): Promise<Instructions | undefined> {
  const found = await Promise.all([
    ...workspaceRoots().flatMap((root) => places.map((place) => projectItem(root, place))),
    ...configDirs.map(ownItem),
  ]);
  const items = found.filter((item) => item !== undefined);
  if (items.length === 0) throw new MemoryError('invalid_input', 'CLAUDE.md');
  const chosen = await lasting(() =>
    window.showQuickPick(items, {
      title,
      placeHolder: l10n.t('The change is shown first; nothing is written until you accept it'),
    }),
  );
  if (!chosen) return undefined;
  const { path, name, root } = chosen;
  return { file: Uri.file(path), name, ...(root !== undefined && { root }) };
}

interface FileItem {
  label: string;
  description: string;
  path: string;
  name: string;
  root?: string;
}

async function projectItem(root: string, place: (typeof places)[number]): Promise<FileItem | undefined> {
  const path = await writableInside(root, place);
  if (path === undefined) return undefined;
  const folder = workspaceRoots().length > 1 ? `${fileName(root)} · ` : '';
  const what = place === 'CLAUDE.local.md' ? l10n.t('for you alone') : l10n.t('for everybody in this project');
  return { label: place, description: `${folder}${what}${await ifNew(path)}`, path, name: fileName(path), root };
}

/** A link is followed: people keep their own file among others of theirs, and no workspace has a say in it. */
async function ownItem(configDir: string): Promise<FileItem | undefined> {
  const wanted = join(configDir, 'CLAUDE.md');
  const isThere = await lstat(wanted).then(
    () => true,
    () => false,
  );
  const path = isThere ? await realpath(wanted).catch(() => undefined) : wanted;
  if (path === undefined) return undefined;
  const name = shortPath(wanted);
  return { label: name, description: `${l10n.t('for you, in every project')}${await ifNew(path)}`, path, name };
}

async function ifNew(path: string): Promise<string> {
  return (await readText(Uri.file(path))) === undefined ? ` · ${l10n.t('will be made')}` : '';
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
