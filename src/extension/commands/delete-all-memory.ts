import { deleteEverything } from '../care/forget';
import { commandIds } from '../contributions';
import type { Command } from './command';

export const deleteAllMemory: Command = {
  id: commandIds.deleteAllMemory,
  run: (parts) => deleteEverything(parts),
};
