/** Commands on one session, which is chosen by name or clicked in a page. */
import { l10n } from 'vscode';
import { forgetSession } from '../care/forget';
import { pickSession } from '../pick/session';
import { restoreTranscript } from '../session/restore-transcript';
import { resumeSession } from '../session/resume';
import { clickedPlace } from './clicked';
import type { Run } from './command';

export const sessionCommands = {
  openSession: (parts) => pickSession(parts, l10n.t('Open Session'), ({ id }) => parts.readers.open({ sessionId: id })),
  openSessionItem: (parts, clicked) => parts.readers.open(clickedPlace(clicked)),
  resumeSession: (parts) => pickSession(parts, l10n.t('Resume Session'), ({ id }) => resumeSession(parts, id)),
  resumeSessionItem: (parts, clicked) => resumeSession(parts, clickedPlace(clicked).sessionId),
  restoreTranscript: (parts) =>
    pickSession(parts, l10n.t('Restore Transcript'), ({ id }) => restoreTranscript(parts, id)),
  restoreTranscriptItem: (parts, clicked) => restoreTranscript(parts, clickedPlace(clicked).sessionId),
  forgetSession: (parts) => pickSession(parts, l10n.t('Forget Session'), ({ id }) => forgetSession(parts, id)),
  forgetSessionItem: (parts, clicked) => forgetSession(parts, clickedPlace(clicked).sessionId),
} satisfies Record<string, Run>;
