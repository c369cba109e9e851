import { commands } from 'vscode';
import { commandIds } from '../contributions';
import type { Command } from './command';

export const openSettings: Command = {
  id: commandIds.openSettings,
  run: async ({ extension }) => {
    await commands.executeCommand('workbench.action.openSettings', `@ext:${extension.extension.id}`);
  },
};
