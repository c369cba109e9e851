import { commandIds } from '../contributions';
import { deleteEverything } from '../care/forget';
import type { Command } from './command';

export const deleteAllMemory: Command = {
  id: commandIds.deleteAllMemory,
  run: (parts) => deleteEverything(parts),
};
