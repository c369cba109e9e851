import { l10n } from 'vscode';
import { commandIds } from '../contributions';
import { pickSession } from '../pick/session';
import type { Command } from './command';
import { clickedPlace } from './clicked';

export const openSession: Command = {
  id: commandIds.openSession,
  run: (parts) => pickSession(parts, l10n.t('Open Session'), ({ id }) => parts.readers.open({ sessionId: id })),
};

export const openSessionItem: Command = {
  id: commandIds.openSessionItem,
  run: (parts, clicked) => parts.readers.open(clickedPlace(clicked)),
};
