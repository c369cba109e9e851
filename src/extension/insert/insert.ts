/** Inserts a memory at the cursor: as a plain edit, never as a snippet, and one step to undo. */
import { Range, l10n, window } from 'vscode';
import type { TextEditor } from 'vscode';
import type { Parts } from '../parts';
import { copyContext } from './copy';
import { planInsertion } from './plan';

/** Inserts the row at every cursor of the last text editor. Without an editor it offers to copy instead. */
export async function insertMemory(parts: Parts, key: string): Promise<void> {
  const { text } = await (await parts.memory.client()).memoryText(key);
  await insertText(parts, text, () => copyContext(parts, key));
}

/** True when it was inserted. `copy`: offered instead when there is no editor. */
export async function insertText(parts: Parts, text: string, copy: () => Promise<void>): Promise<boolean> {
  const editor = await parts.editors.target();
  if (!editor) {
    await offerCopy(copy, l10n.t('Open a file and put the cursor where the memory should go.'));
    return false;
  }
  if (await writeText(editor, text, parts)) {
    parts.memory.noteStep('hasInserted');
    return true;
  }
  await offerCopy(copy, l10n.t('This editor is read-only.'));
  return false;
}

async function writeText(editor: TextEditor, text: string, { memory }: Parts): Promise<boolean> {
  const { document, selections } = editor;
  const target = {
    languageId: document.languageId,
    selections,
    lineAt: (line: number) => document.lineAt(line).text,
    lineCount: document.lineCount,
  };
  const insertions = planInsertion(target, text, memory.settings.insertStyle);
  const isWritten = await editor.edit(
    (edit) => {
      for (const { start, end, text: written } of insertions) {
        edit.replace(new Range(start.line, start.character, end.line, end.character), written);
      }
    },
    { undoStopBefore: true, undoStopAfter: true },
  );
  if (isWritten) editor.revealRange(editor.selection);
  return isWritten;
}

async function offerCopy(copy: () => Promise<void>, why: string): Promise<void> {
  const label = l10n.t('Copy Instead');
  if ((await window.showInformationMessage(why, label)) === label) await copy();
}
