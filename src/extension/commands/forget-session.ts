import { l10n } from 'vscode';
import { forgetSession } from '../care/forget';
import { commandIds } from '../contributions';
import { pickSession } from '../pick/session';
import { clickedPlace } from './clicked';
import type { Command } from './command';

export const forgetSomeSession: Command = {
  id: commandIds.forgetSession,
  run: (parts) => pickSession(parts, l10n.t('Forget Session'), ({ id }) => forgetSession(parts, id)),
};

export const forgetSessionItem: Command = {
  id: commandIds.forgetSessionItem,
  run: (parts, clicked) => forgetSession(parts, clickedPlace(clicked).sessionId),
};
