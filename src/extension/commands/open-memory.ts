import { commandIds } from '../contributions';
import type { Command } from './command';

export const openMemoryView: Command = {
  id: commandIds.openMemory,
  run: ({ view }) => view.focus(),
};
