import { restoreSomeBackup } from '../care/backups';
import { commandIds } from '../contributions';
import type { Command } from './command';

export const restoreBackup: Command = {
  id: commandIds.restoreBackup,
  run: async (parts) => void (await restoreSomeBackup(parts)),
};
