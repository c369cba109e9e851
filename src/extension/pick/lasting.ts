/**
 * Lists and fields that outlast a focus that comes late. VS Code gives a page the focus in two steps: first to its frame,
 * about 50 ms later to the document in it. When the palette closes above a page, the second step may come after the
 * command has opened its list; the list loses the focus and closes before anybody has read it
 * (microsoft/vscode#75209).
 */
import { commands } from 'vscode';
import type { Disposable, QuickPick, QuickPickItem } from 'vscode';

/** Nobody reads a list and dismisses it within this time. */
const firstMomentMs = 250;
/** The second step has come by then, also on a busy machine. */
const settledMs = 500;

/** Asks by a list or a field of the editor, and once more when it was gone at once. Undefined when it was dismissed. */
export async function lasting<Answer>(ask: () => Thenable<Answer | undefined>): Promise<Answer | undefined> {
  const askedAt = Date.now();
  return (await ask()) ?? (Date.now() - askedAt < firstMomentMs ? ask() : undefined);
}

/** Shows a list that does not close when it loses the focus in its first moment, but takes it back. */
export function showLasting(pick: Pick<QuickPick<QuickPickItem>, 'show' | 'onDidHide' | 'ignoreFocusOut'>): Disposable {
  pick.ignoreFocusOut = true;
  const timer = setTimeout(() => {
    hiding.dispose();
    pick.ignoreFocusOut = false;
    void commands.executeCommand('workbench.action.focusQuickOpen');
  }, settledMs);
  const dispose = () => {
    clearTimeout(timer);
    hiding.dispose();
  };
  const hiding = pick.onDidHide(dispose);
  pick.show();
  return { dispose };
}
