import { repairMemory } from '../care/backups';
import { commandIds } from '../contributions';
import type { Command } from './command';

export const repairMemoryNow: Command = {
  id: commandIds.repairMemory,
  run: async (parts) => void (await repairMemory(parts)),
};
