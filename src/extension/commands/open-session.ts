import { l10n } from 'vscode';
import { commandIds } from '../contributions';
import { pickSession } from '../pick/session';
import { clickedPlace } from './clicked';
import type { Command } from './command';

export const openSession: Command = {
  id: commandIds.openSession,
  run: (parts) => pickSession(parts, l10n.t('Open Session'), ({ id }) => parts.readers.open({ sessionId: id })),
};

export const openSessionItem: Command = {
  id: commandIds.openSessionItem,
  run: (parts, clicked) => parts.readers.open(clickedPlace(clicked)),
};
