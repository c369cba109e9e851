/**
 * Lists and fields that outlast a focus that comes late. VS Code gives a page the focus in two steps: first to its frame,
 * about 50 ms later to the document in it. When the palette closes above a page, the second step may come after the
 * command has opened its list; the list loses the focus and closes before anybody has read it
 * (microsoft/vscode#75209). So what closes within the first moment is shown once more.
 */
import type { Disposable, QuickPick, QuickPickItem } from 'vscode';

/** Nobody reads a list and dismisses it within this time. */
const firstMomentMs = 400;

/** Asks by a list or a field of the editor, and once more when it was gone at once. Undefined when it was dismissed. */
export async function lasting<Answer>(ask: () => Thenable<Answer | undefined>): Promise<Answer | undefined> {
  const askedAt = Date.now();
  return (await ask()) ?? (isFirstMoment(askedAt) ? ask() : undefined);
}

/** Shows a list; `close` is called when it has gone for good, or when something was chosen. */
export function showLasting(
  pick: Pick<QuickPick<QuickPickItem>, 'show' | 'onDidHide'>,
  isChosen: () => boolean,
  close: () => void,
): Disposable {
  const shownAt = Date.now();
  let isAgain = false;
  const listening = pick.onDidHide(() => {
    if (isAgain || isChosen() || !isFirstMoment(shownAt)) {
      close();
      return;
    }
    isAgain = true;
    pick.show();
  });
  pick.show();
  return listening;
}

const isFirstMoment = (since: number): boolean => Date.now() - since < firstMomentMs;
