/** Commands on one session, which is chosen by name or clicked in a page. */
import { commands, l10n } from 'vscode';
import { MemoryError } from '../../protocol/errors';
import type { SessionId } from '../../protocol/model';
import { forgetSession } from '../care/forget';
import { copyPlain } from '../insert/copy';
import type { Parts } from '../parts';
import { pickSession } from '../pick/session';
import { copyTurn, exportSessions } from '../session/export';
import { pinSession, renameSession } from '../session/name';
import { printSession } from '../session/print';
import { restoreTranscript } from '../session/restore-transcript';
import { resumeSession } from '../session/resume';
import { openChanges } from '../story/open';
import { clickedPlace } from './clicked';
import type { Run } from './command';

/** Runs with the session of the clicked or active reader, or one that the person chooses. */
function withSession(
  parts: Parts,
  clicked: unknown,
  title: string,
  run: (session: { id: SessionId }) => Promise<void>,
): Promise<void> {
  const id = clicked === undefined ? parts.readers.activeSession : clickedPlace(clicked).sessionId;
  return id === undefined ? pickSession(parts, title, run) : run({ id });
}

export const sessionCommands = {
  openSession: (parts) => pickSession(parts, l10n.t('Open Session'), ({ id }) => parts.readers.open({ sessionId: id })),
  openSessionItem: (parts, clicked) => parts.readers.open(clickedPlace(clicked)),
  resumeSession: (parts) => pickSession(parts, l10n.t('Resume Session'), ({ id }) => resumeSession(parts, id)),
  resumeSessionItem: (parts, clicked) => resumeSession(parts, clickedPlace(clicked).sessionId),
  renameSession: (parts, clicked) =>
    withSession(parts, clicked, l10n.t('Rename Session'), ({ id }) => renameSession(parts, id)),
  togglePin: (parts) =>
    pickSession(parts, l10n.t('Pin or Unpin Session'), ({ id, isPinned }) => pinSession(parts, id, !isPinned)),
  pinSessionItem: (parts, clicked) => pinSession(parts, clickedPlace(clicked).sessionId, true),
  unpinSessionItem: (parts, clicked) => pinSession(parts, clickedPlace(clicked).sessionId, false),
  exportSession: (parts, clicked) =>
    withSession(parts, clicked, l10n.t('Export Session'), ({ id }) => exportSessions(parts, [id])),
  printSession: (parts, clicked) =>
    withSession(parts, clicked, l10n.t('Print Session'), ({ id }) => printSession(parts, id)),
  showChanges: (parts, clicked) =>
    withSession(parts, clicked, l10n.t('Show What a Session Changed'), ({ id }) => openChanges(parts, id)),
  copyTurnItem: (parts, clicked) => {
    const { sessionId, turn } = clickedPlace(clicked);
    if (turn === undefined) throw new MemoryError('invalid_input', 'turn');
    return copyTurn(parts, sessionId, turn);
  },
  copySessionIdItem: (_, clicked) => copyPlain(clickedPlace(clicked).sessionId),
  /** The editor's own command, without the Cut and Paste that stand beside it in its menu. */
  copySelection: async () => void (await commands.executeCommand('editor.action.clipboardCopyAction')),
  restoreTranscript: (parts) =>
    pickSession(parts, l10n.t('Restore Transcript'), ({ id }) => restoreTranscript(parts, id)),
  restoreTranscriptItem: (parts, clicked) => restoreTranscript(parts, clickedPlace(clicked).sessionId),
  forgetSession: (parts) => pickSession(parts, l10n.t('Forget Session'), ({ id }) => forgetSession(parts, id)),
  forgetSessionItem: (parts, clicked) => forgetSession(parts, clickedPlace(clicked).sessionId),
} satisfies Record<string, Run>;
