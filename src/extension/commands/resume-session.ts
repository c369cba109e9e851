import { l10n } from 'vscode';
import { commandIds } from '../contributions';
import { pickSession } from '../pick/session';
import { resumeSession } from '../session/resume';
import { clickedPlace } from './clicked';
import type { Command } from './command';

export const resumeSomeSession: Command = {
  id: commandIds.resumeSession,
  run: (parts) => pickSession(parts, l10n.t('Resume Session'), ({ id }) => resumeSession(parts, id)),
};

export const resumeSessionItem: Command = {
  id: commandIds.resumeSessionItem,
  run: (parts, clicked) => resumeSession(parts, clickedPlace(clicked).sessionId),
};
