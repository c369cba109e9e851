import { commandIds } from '../contributions';
import { searchByMeaning } from '../models/meaning';
import type { Command } from './command';

export const chooseModel: Command = {
  id: commandIds.searchByMeaning,
  run: searchByMeaning,
};
