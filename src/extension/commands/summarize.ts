import { l10n } from 'vscode';
import { commandIds } from '../contributions';
import { summarizeAll, summarizeSession } from '../models/paid-work';
import { pickSession } from '../pick/session';
import type { Command } from './command';

/** Summarises the session of the active reader, or one that the person chooses. */
export const summarizeThisSession: Command = {
  id: commandIds.summarizeSession,
  run: (parts) => {
    const active = parts.readers.activeSession;
    return active === undefined
      ? pickSession(parts, l10n.t('Summarise a Session with a Model'), ({ id }) => summarizeSession(parts, id))
      : summarizeSession(parts, active);
  },
};

export const summarizeAllSessions: Command = {
  id: commandIds.summarizeAll,
  run: summarizeAll,
};
