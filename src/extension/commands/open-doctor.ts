import { commandIds } from '../contributions';
import type { Command } from './command';

export const openDoctor: Command = {
  id: commandIds.openDoctor,
  run: async ({ doctor }) => doctor.open(),
};
