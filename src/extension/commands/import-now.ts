import { importNow } from '../care/import';
import { commandIds } from '../contributions';
import type { Command } from './command';

export const importAllNow: Command = {
  id: commandIds.importNow,
  run: (parts) => importNow(parts),
};
