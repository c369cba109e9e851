import { commandIds } from '../contributions';
import type { Command } from './command';

export const resumeCapture: Command = {
  id: commandIds.resumeCapture,
  run: async ({ memory }) => (await memory.client()).setPaused(false),
};
