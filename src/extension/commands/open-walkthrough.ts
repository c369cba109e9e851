import { commands } from 'vscode';
import { commandIds, walkthroughId } from '../contributions';
import type { Command } from './command';

export const openWalkthrough: Command = {
  id: commandIds.openWalkthrough,
  run: async ({ extension }) => {
    await commands.executeCommand(
      'workbench.action.openWalkthrough',
      `${extension.extension.id}#${walkthroughId}`,
      false,
    );
  },
};
