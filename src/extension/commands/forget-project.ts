import { l10n } from 'vscode';
import { forgetProject } from '../care/forget';
import { commandIds } from '../contributions';
import { pickProject } from '../pick/session';
import type { Command } from './command';

export const forgetSomeProject: Command = {
  id: commandIds.forgetProject,
  run: async (parts) => {
    const project = await pickProject(parts, l10n.t('Forget Project'));
    if (project) await forgetProject(parts, project);
  },
};
