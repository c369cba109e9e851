/** Inserts a memory at the cursor: as a plain edit, never as a snippet, and one step to undo. */
import { Range, l10n, window, workspace } from 'vscode';
import type { TextDocument, TextEditor } from 'vscode';
import type { Parts } from '../parts';
import { sourceLine } from './context-block';
import { copyContext } from './copy';
import { planInsertion } from './plan';
import type { Inserted } from './plan';

/** Inserts the row at every cursor of the last text editor. Without an editor it offers to copy instead. */
export async function insertMemory(parts: Parts, key: string): Promise<void> {
  const memory = await (await parts.memory.client()).memoryText(key);
  await insertText(parts, { text: memory.text, source: sourceLine(memory) }, () => copyContext(parts, key));
}

/** True when it was inserted. `copy`: offered instead when there is no editor. */
export async function insertText(parts: Parts, memory: Inserted, copy: () => Promise<void>): Promise<boolean> {
  const editor = await parts.editors.target();
  if (!editor) {
    await offerCopy(copy, l10n.t('Open a file and put the cursor where the memory should go.'));
    return false;
  }
  if (await writeText(editor, memory, parts)) {
    parts.memory.noteStep('hasInserted');
    return true;
  }
  await offerCopy(copy, l10n.t('This editor is read-only.'));
  return false;
}

async function writeText(editor: TextEditor, inserted: Inserted, { memory }: Parts): Promise<boolean> {
  const { document, selections } = editor;
  const target = {
    languageId: document.languageId,
    selections,
    lineAt: (line: number) => document.lineAt(line).text,
    lineCount: document.lineCount,
    ...rulerOf(document),
  };
  const insertions = planInsertion(target, inserted, memory.settings.insertStyle);
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

/** The first ruler of the person, where lines are meant to end. */
function rulerOf(document: TextDocument): { width?: number } {
  const [first] = workspace.getConfiguration('editor', document).get<(number | { column?: number })[]>('rulers') ?? [];
  const width = typeof first === 'number' ? first : first?.column;
  return typeof width === 'number' && width > 0 ? { width } : {};
}

async function offerCopy(copy: () => Promise<void>, why: string): Promise<void> {
  const label = l10n.t('Copy Instead');
  if ((await window.showInformationMessage(why, label)) === label) await copy();
}
