/** Commands about models: for search by meaning, and for summaries. */
import { l10n } from 'vscode';
import { removeApiKey, setApiKey } from '../models/api-key';
import { searchByMeaning } from '../models/meaning';
import { summarizeAll, summarizeSession } from '../models/paid-work';
import { pickSession } from '../pick/session';
import type { Run } from './command';

export const modelCommands = {
  searchByMeaning,
  setApiKey,
  removeApiKey,
  /** Summarises the session of the active reader, or one that the person chooses. */
  summarizeSession: (parts) => {
    const active = parts.readers.activeSession;
    return active === undefined
      ? pickSession(parts, l10n.t('Summarise a Session with a Model'), ({ id }) => summarizeSession(parts, id))
      : summarizeSession(parts, active);
  },
  summarizeAll,
} satisfies Record<string, Run>;
