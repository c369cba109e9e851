import { ProgressLocation, window } from 'vscode';

const noticeMs = 6_000;

/** Runs `work` with a notification that says what is done. */
export const withNotice = <T>(title: string, work: () => Promise<T>): Thenable<T> =>
  window.withProgress({ location: ProgressLocation.Notification, title }, work);

/** Shows what was done for a moment, and returns it. */
export function tell(done: string): string {
  window.setStatusBarMessage(`$(check) ${done}`, noticeMs);
  return done;
}
