/** The question before something that changes or deletes much. */
import { window } from 'vscode';

/** True when the person chose `yes` in a dialog that stays until it is answered. */
export async function confirm(question: string, detail: string, yes: string): Promise<boolean> {
  return (await window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}
