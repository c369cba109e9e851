/** The command that asks who wrote a line or a selection, and what can be done with the answer. */
import { ProgressLocation, Selection, Uri, commands, l10n, window } from 'vscode';
import type { CancellationToken, TextEditor } from 'vscode';
import { maxWhyLines } from '../../protocol/why-limits';
import type { LineRange } from '../../protocol/why-text';
import { copyPlain } from '../insert/copy';
import type { Parts } from '../parts';
import { openDiff } from '../session/documents';
import { isAskable } from './known-whys';
import { copiedText } from './text';

const noticeMs = 5_000;

/** From the palette, the menu of the editor, or a lens, which names a file and its lines. */
export async function whyHere(parts: Parts, ...[clicked, range]: unknown[]): Promise<void> {
  const editor = window.activeTextEditor;
  if (!editor || !isAskable(editor.document)) {
    void window.showInformationMessage(l10n.t('Put the cursor on a line of a file first.'));
    return;
  }
  if (clicked instanceof Uri && isRange(range) && clicked.toString() === editor.document.uri.toString())
    editor.selection = new Selection(range.from, 0, range.from, 0);
  const lines = isRange(range) ? range : selectedLines(editor);
  if (lines.to - lines.from >= maxWhyLines) {
    void window.showInformationMessage(l10n.t('At most {0} lines can be asked about at once.', maxWhyLines));
    return;
  }
  await window.withProgress(
    { location: ProgressLocation.Window, title: l10n.t('Looking who wrote this…'), cancellable: true },
    (_, token) => parts.whys.ask(editor.document, lines, true, signalOf(token)),
  );
  if (window.activeTextEditor !== editor) return;
  // The provider has the answer now: the editor's own hover shows it, with the keyboard in it.
  await commands.executeCommand('editor.action.showHover', { focus: 'autoFocusImmediately' });
}

/** From a link of the hover: which answer, what to do, and of which turn. */
export async function useWhy(parts: Parts, ...[id, act, index, which]: unknown[]): Promise<void> {
  const known = parts.whys.byId(id);
  const turn = typeof index === 'number' ? known?.why.turns[index] : undefined;
  if (!turn) {
    void window.showInformationMessage(l10n.t('The memory has changed since. Ask again.'));
    return;
  }
  const at = typeof which === 'number' ? which : 0;
  switch (act) {
    case 'open':
      await parts.readers.open({ sessionId: turn.sessionId, key: turn.key, turn: turn.turn });
      return;
    case 'diff':
      await openDiff(parts, turn.key, turn.index);
      return;
    case 'openTried': {
      const tried = turn.tried[at];
      if (tried) await openDiff(parts, tried.key, tried.index);
      return;
    }
    case 'openSince': {
      const since = turn.since[at];
      if (since) await parts.readers.open({ sessionId: since.sessionId, key: since.key, turn: since.turn });
      return;
    }
    case 'basket': {
      const keys = [turn.key, ...(turn.asked ? [turn.asked.key] : [])];
      await parts.basket.add(keys.filter((key) => !parts.basket.keys.includes(key)));
      window.setStatusBarMessage(l10n.t('$(check) In the basket'), noticeMs);
      return;
    }
    case 'copy':
      await copyPlain(copiedText(turn));
  }
}

function selectedLines({ selection }: TextEditor): LineRange {
  const { start, end } = selection;
  // A selection that ends before the first letter of a line does not mean that line.
  return { from: start.line, to: end.line > start.line && end.character === 0 ? end.line - 1 : end.line };
}

const isRange = (value: unknown): value is LineRange =>
  typeof value === 'object' &&
  value !== null &&
  'from' in value &&
  'to' in value &&
  Number.isInteger(value.from) &&
  Number.isInteger(value.to);

function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
