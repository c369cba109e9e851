import { commandIds } from '../contributions';
import { removeApiKey, setApiKey } from '../models/api-key';
import type { Command } from './command';

export const setKey: Command = {
  id: commandIds.setApiKey,
  run: setApiKey,
};

export const removeKey: Command = {
  id: commandIds.removeApiKey,
  run: removeApiKey,
};
