import { l10n } from 'vscode';
import { commandIds } from '../contributions';
import { forgetSession } from '../care/forget';
import { pickSession } from '../pick/session';
import type { Command } from './command';
import { clickedPlace } from './clicked';

export const forgetSomeSession: Command = {
  id: commandIds.forgetSession,
  run: (parts) => pickSession(parts, l10n.t('Forget Session'), ({ id }) => forgetSession(parts, id)),
};

export const forgetSessionItem: Command = {
  id: commandIds.forgetSessionItem,
  run: (parts, clicked) => forgetSession(parts, clickedPlace(clicked).sessionId),
};
