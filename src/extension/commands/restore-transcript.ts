import { l10n } from 'vscode';
import { commandIds } from '../contributions';
import { pickSession } from '../pick/session';
import { restoreTranscript } from '../session/restore-transcript';
import { clickedPlace } from './clicked';
import type { Command } from './command';

export const restoreSomeTranscript: Command = {
  id: commandIds.restoreTranscript,
  run: (parts) => pickSession(parts, l10n.t('Restore Transcript'), ({ id }) => restoreTranscript(parts, id)),
};

export const restoreTranscriptItem: Command = {
  id: commandIds.restoreTranscriptItem,
  run: (parts, clicked) => restoreTranscript(parts, clickedPlace(clicked).sessionId),
};
