import { commandIds } from '../contributions';
import { searchByMeaning } from '../meaning';
import type { Command } from './command';

export const chooseModel: Command = {
  id: commandIds.searchByMeaning,
  run: searchByMeaning,
};
