/** Remembers the last text editor: while a reader panel has the focus, the editor knows of no active one. */
import { window } from 'vscode';
import type { Disposable, TextEditor } from 'vscode';
import { documentScheme } from '../contributions';

/** Looks like a document, but is output of the editor or of an extension. */
const readOnlySchemes = new Set(['output', 'git', 'vscode-settings', documentScheme]);

export class EditorTracker implements Disposable {
  readonly #subscription: Disposable;
  #last: TextEditor | undefined;

  constructor() {
    this.#note(window.activeTextEditor);
    this.#subscription = window.onDidChangeActiveTextEditor((editor) => this.#note(editor));
  }

  /** The editor a person would say is meant; brought back to the front when a panel covers it. */
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
