import { l10n, window } from 'vscode';
import { commandIds } from '../contributions';
import type { Command } from './command';

export const showSent: Command = {
  id: commandIds.showSent,
  run: ({ view }) => view.show('show', { tab: 'insights', section: 'sent' }),
};

export const showAroundFile: Command = {
  id: commandIds.showAround,
  run: async ({ view, editors }) => {
    const document = window.activeTextEditor?.document ?? (await editors.target())?.document;
    if (document?.uri.scheme !== 'file') {
      void window.showInformationMessage(l10n.t('Open a file first: the picture shows what is around it.'));
      return;
    }
    await view.show('show', { tab: 'insights', section: 'around', file: document.uri.fsPath });
  },
};
