import { backUpNow } from '../care/backups';
import { commandIds } from '../contributions';
import type { Command } from './command';

export const backUpMemoryNow: Command = {
  id: commandIds.backUpNow,
  run: async (parts) => void (await backUpNow(parts)),
};
