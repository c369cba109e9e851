import { commandIds } from '../contributions';
import type { Command } from './command';

export const pauseCapture: Command = {
  id: commandIds.pauseCapture,
  run: async ({ memory }) => (await memory.client()).setPaused(true),
};
