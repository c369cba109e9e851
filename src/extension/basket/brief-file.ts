/**
 * The basket as a file of the workspace that can be mentioned to Claude Code. A folder of its own with a .gitignore in it
 * keeps it out of commits without touching a file of the person.
 */
import { Uri, commands, env, l10n, window, workspace } from 'vscode';
import { MemoryError } from '../../protocol/errors';
import { fileName } from '../../protocol/paths';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { writableInside } from '../session/file-inside';
import { workspaceRoots } from '../workspace';
import { noteBasket, readBasket } from './give';
import { textForBrief } from './text';

export const briefPath = '.claude-mem/brief.md';
const ignorePath = '.claude-mem/.gitignore';
const ignoreText = '# Memory of Claude-Mem: for you alone. Delete this file to commit the others.\n*\n';

export interface Brief {
  root: string;
  file: string;
}

/** True when a file may be written into a folder of the workspace. Says why not, unless `isQuiet`. */
export function mayWriteBrief(isQuiet = false): boolean {
  if (workspace.isTrusted && workspaceRoots().length > 0) return true;
  if (!isQuiet)
    void window.showInformationMessage(
      workspace.isTrusted
        ? l10n.t('Open a folder first: the brief is a file in it. Copying works without one.')
        : l10n.t('This workspace is not trusted. Trust it to write the brief. Copying works without.'),
    );
  return false;
}

/** From the palette: writes the file and offers its mention. */
export async function writeBrief(parts: Parts): Promise<void> {
  if (!mayWriteBrief()) return;
  const brief = await putBrief(parts);
  if (!brief) return;
  const [copy, open] = [l10n.t('Copy Mention'), l10n.t('Open File')];
  const mention = mentionOf(brief, brief.root);
  const chosen = await window.showInformationMessage(
    l10n.t('Written to {0}, which git ignores. Mention it to Claude as {1}', briefPath, mention),
    copy,
    open,
  );
  if (chosen === copy) await env.clipboard.writeText(mention);
  if (chosen === open) await commands.executeCommand('vscode.open', Uri.file(brief.file));
}

/** Undefined when the basket is empty or the person cancels. */
export async function putBrief(parts: Parts): Promise<Brief | undefined> {
  const packed = await readBasket(parts);
  const root = packed && (await pickRoot());
  if (!packed || root === undefined) return undefined;
  const [file, ignore] = await Promise.all([writableInside(root, briefPath), writableInside(root, ignorePath)]);
  if (file === undefined || ignore === undefined)
    throw new MemoryError('invalid_input', 'The file could not be written.', { reason: 'file_not_written' });
  const isIgnored = await workspace.fs.stat(Uri.file(ignore)).then(
    () => true,
    () => false,
  );
  const isKnown = await workspace.fs.stat(Uri.file(file)).then(
    () => true,
    () => false,
  );
  // Who deleted it wants the brief in commits.
  if (!isIgnored && !isKnown) await workspace.fs.writeFile(Uri.file(ignore), Buffer.from(ignoreText));
  await workspace.fs.writeFile(Uri.file(file), Buffer.from(`${textForBrief(packed.text)}\n`));
  await noteBasket(parts, packed);
  return { root, file };
}

/** From the root of its folder the short form, from elsewhere the whole path. A blank would end it. */
export function mentionOf({ root, file }: Brief, from: string | undefined): string {
  // No letter of it may do more than name a file.
  const isPlain = !/[\u0000-\u001f\u007f"`$\\!]/.test(file) || process.platform === 'win32';
  const path = from === undefined || from === root || !isPlain ? briefPath : file;
  return /\s/.test(path) ? `@"${path}"` : `@${path}`;
}

async function pickRoot(): Promise<string | undefined> {
  const roots = workspaceRoots();
  if (roots.length < 2) return roots[0];
  const chosen = await lasting(() =>
    window.showQuickPick(
      roots.map((root) => ({ label: fileName(root), description: root, root })),
      { title: l10n.t('Write the Brief'), placeHolder: l10n.t('Into which folder?') },
    ),
  );
  return chosen?.root;
}
