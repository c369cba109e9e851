import { commandIds } from '../contributions';
import { importNow } from '../care/import';
import type { Command } from './command';

export const importAllNow: Command = {
  id: commandIds.importNow,
  run: (parts) => importNow(parts),
};
