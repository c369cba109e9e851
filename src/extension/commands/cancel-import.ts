import { commandIds } from '../contributions';
import type { Command } from './command';

export const cancelImport: Command = {
  id: commandIds.cancelImport,
  run: async ({ memory }) => (await memory.client()).cancelImport(),
};
