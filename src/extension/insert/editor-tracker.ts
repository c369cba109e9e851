/** Remembers the last text editor, because while a reader panel has the focus there is no active one. */
import { window } from 'vscode';
import type { Disposable, TextEditor } from 'vscode';
import { documentScheme } from '../contributions';

/** Schemes of documents that the editor or an extension generates; they cannot be edited. */
const readOnlySchemes = new Set(['output', 'git', 'vscode-settings', documentScheme]);

export class EditorTracker implements Disposable {
  readonly #subscription: Disposable;
  #last: TextEditor | undefined;

  constructor() {
    this.#note(window.activeTextEditor);
    this.#subscription = window.onDidChangeActiveTextEditor((editor) => this.#note(editor));
  }

  /** The last editor, brought back to the front when a panel covers it. */
  async target(): Promise<TextEditor | undefined> {
    this.#note(window.activeTextEditor);
    const last = this.#last;
    if (!last || last.document.isClosed) return undefined;
    const visible =
      window.visibleTextEditors.find((editor) => editor === last) ??
      window.visibleTextEditors.find(({ document }) => document === last.document);
    if (visible) return visible;
    const column = last.viewColumn;
    const { selections } = last;
    const shown = await window.showTextDocument(last.document, {
      preview: false,
      selection: last.selection,
      ...(column !== undefined && { viewColumn: column }),
    });
    shown.selections = selections;
    return shown;
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #note(editor: TextEditor | undefined): void {
    if (editor && !readOnlySchemes.has(editor.document.uri.scheme)) this.#last = editor;
  }
}
